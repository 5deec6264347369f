import type { Writable } from 'node:stream';
import { RetryableError, TerminalError } from '@vouch/errors';
import type { PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { ClientBase, QueryResult } from 'pg';
import { isConnectionLost, toStoreError } from './sql-fault.js';
import { createStatementNames } from './statement-names.js';

/** A borrowed connection: maps failures to errors of ours, and refuses to go on once the connection is lost or taken back. */
export interface CheckedClient extends PostgresPoolClient {
  /** Ends the borrowing from outside; what the borrower does next fails with `unavailable`. */
  revoke(reason: string): void;
  /** When the borrower last used the connection, in `performance.now()` time. */
  readonly lastUsed: number;
}

// The same for all connections: pg remembers by name what each of them has prepared.
const MOST_PREPARED = 256;
const statements = createStatementNames(MOST_PREPARED);

/**
 * Wraps a connection for one borrowing. `giveBack` hears once whether the connection can be used again.
 *
 * The connection is in pipeline mode: statements given in one turn leave in one packet and are answered in their order. The beginning of a
 * transaction waits for its first statement and leaves with it, so it costs no round trip, and one that ends empty costs nothing. Neither does
 * the end of a transaction whose last statements took the commit with them (see in-one-go.ts).
 */
export function checkClient(client: ClientBase, giveBack: (usable: boolean) => void): CheckedClient {
  let gone: string | undefined;
  let released = false;
  let lastUsed = performance.now();
  let beginning: string | undefined;
  let inTransaction = false;

  async function send(text: string, parameters: readonly unknown[]) {
    const name = parameters.length > 0 ? statements.nameOf(text) : undefined;
    const begun = beginning;
    beginning = undefined;
    const query = { text, values: parameters as unknown[], ...(name !== undefined && { name }) };
    const first = sendTogether(client, () => (begun === undefined ? [client.query(query)] : [client.query(begun), client.query(query)]));
    const results = await Promise.all(first);
    return results.at(-1) as QueryResult;
  }

  async function query(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
    if (gone !== undefined) throw new RetryableError('unavailable', { cause: new Error(gone) });
    lastUsed = performance.now();
    if (isBeginning(text)) {
      beginning = text;
      inTransaction = true;
      return NOTHING;
    }
    if (isEnd(text)) {
      const ended = !inTransaction || beginning !== undefined;
      inTransaction = false;
      beginning = undefined;
      if (ended) return NOTHING;
    }
    try {
      const result = await send(text, parameters);
      // The server answers COMMIT of a transaction in which a statement failed with ROLLBACK, and no error: a swallowed failure.
      if (text === 'commit' && result.command === 'ROLLBACK') {
        throw new TerminalError('internal', { cause: new Error('A statement of the transaction had failed, so it was rolled back') });
      }
      return { command: result.command as 'SELECT', rowCount: result.rowCount ?? 0, rows: result.rows };
    } catch (thrown) {
      if (thrown instanceof TerminalError) throw thrown;
      if (isConnectionLost(thrown)) gone = 'The connection was lost';
      throw toStoreError(thrown);
    } finally {
      lastUsed = performance.now();
    }
  }

  return {
    query: query as PostgresPoolClient['query'],
    release() {
      if (released) return;
      released = true;
      giveBack(gone === undefined);
    },
    revoke(reason) {
      gone = reason;
      released = true;
    },
    get lastUsed() {
      return lastUsed;
    },
  };
}

const NOTHING: PostgresQueryResult<unknown> = { command: 'SELECT', rowCount: 0, rows: [] };

const isBeginning = (text: string): boolean => text === 'begin' || text.startsWith('start transaction');
const isEnd = (text: string): boolean => text === 'commit' || text === 'rollback';

/** What is sent in one turn leaves in one packet; each packet wakes the server, and costs a system call on both sides. */
function sendTogether<T>(client: ClientBase, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Partial<Writable> } }).connection;
  if (!stream.cork || !stream.uncork || stream.writableCorked) return send();
  stream.cork();
  process.nextTick(() => stream.uncork?.());
  return send();
}

/** Whether the server's last word was that no transaction is open. */
export function isAtRest(client: ClientBase): boolean {
  return client.getTransactionStatus() === 'I';
}
