import { RetryableError } from '@vouch/errors';
import type { PostgresPool } from 'kysely';
import type { ClientBase } from 'pg';
import { type CheckedClient, checkClient, isAtRest } from './checked-client.js';
import type { StoreLogger } from './database.js';

/** Limits of a pool with one connection. */
export interface ExclusivePoolOptions {
  readonly client: ClientBase & { end(): Promise<void> };
  /** Borrowers that may wait; one more is refused with `overloaded`. */
  readonly maxWaiting: number;
  /** Longest wait for the connection, then `overloaded`. */
  readonly maxWaitMs: number;
  /** A borrower that has not used the connection for this long loses it when others wait. */
  readonly maxIdleMs: number;
  readonly logger: StoreLogger;
}

interface Waiting {
  readonly since: number;
  readonly resolve: (client: CheckedClient) => void;
  readonly reject: (failure: unknown) => void;
}

const LOOK_EVERY_MS = 250;

/** A pool over one connection: borrowers take turns, first come, first served; a transaction has the database to itself. */
export function createExclusivePool(options: ExclusivePoolOptions): PostgresPool {
  const { client, maxWaiting, maxWaitMs, maxIdleMs, logger } = options;
  const waiting: Waiting[] = [];
  let borrower: CheckedClient | undefined;
  let watch: NodeJS.Timeout | undefined;
  let closed: string | undefined;
  let atRest: (() => void) | undefined;

  client.on('error', (failure: Error) => {
    closed = 'The embedded database broke down; the process must be started again';
    logger.warn({ reason: failure.message }, closed);
    refuseAll(closed);
  });

  function lend(): CheckedClient {
    const lent = checkClient(client, () => void takeBack(lent));
    borrower = lent;
    return lent;
  }

  async function takeBack(lent: CheckedClient): Promise<void> {
    if (borrower !== lent) return;
    if (!isAtRest(client)) await client.query('rollback').catch(() => undefined);
    const next = waiting.shift();
    if (next) return next.resolve(lend());
    borrower = undefined;
    stopWatching();
    atRest?.();
  }

  function refuseAll(reason: string): void {
    for (const { reject } of waiting.splice(0)) reject(new RetryableError('unavailable', { cause: new Error(reason) }));
    stopWatching();
  }

  function stopWatching(): void {
    if (waiting.length > 0) return;
    clearInterval(watch);
    watch = undefined;
  }

  function look(): void {
    const now = performance.now();
    while (waiting[0] && now - waiting[0].since > maxWaitMs) {
      waiting.shift()?.reject(new RetryableError('overloaded', { cause: new Error('The embedded database was busy for too long') }));
    }
    if (borrower && now - borrower.lastUsed > maxIdleMs) {
      const reason = `A transaction was rolled back: it did nothing for ${maxIdleMs} ms while others waited`;
      logger.warn({}, reason);
      borrower.revoke(reason);
      void takeBack(borrower);
    }
    stopWatching();
  }

  return {
    async connect() {
      if (closed !== undefined) throw new RetryableError('unavailable', { cause: new Error(closed) });
      if (!borrower) return lend();
      if (waiting.length >= maxWaiting) throw new RetryableError('overloaded');
      watch ??= setInterval(look, LOOK_EVERY_MS);
      return new Promise<CheckedClient>((resolve, reject) => waiting.push({ since: performance.now(), resolve, reject }));
    },
    async end() {
      closed ??= 'The embedded database is closed';
      refuseAll(closed);
      if (borrower) await new Promise<void>((resolve) => (atRest = resolve));
      await client.end();
    },
  };
}
