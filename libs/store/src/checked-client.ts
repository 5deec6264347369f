import { RetryableError, TerminalError } from '@vouch/errors';
import type { PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { ClientBase } from 'pg';
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

/** Wraps a connection for one borrowing. `giveBack` hears once whether the connection can be used again. */
export function checkClient(client: ClientBase, giveBack: (usable: boolean) => void): CheckedClient {
  let gone: string | undefined;
  let released = false;
  let lastUsed = performance.now();

  async function query(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
    if (gone !== undefined) throw new RetryableError('unavailable', { cause: new Error(gone) });
    lastUsed = performance.now();
    try {
      const name = parameters.length > 0 ? statements.nameOf(text) : undefined;
      const result = await client.query({ text, values: parameters as unknown[], ...(name !== undefined && { name }) });
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

/** Whether the server's last word was that no transaction is open. */
export function isAtRest(client: ClientBase): boolean {
  return client.getTransactionStatus() === 'I';
}
