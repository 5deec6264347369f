import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError, VouchError } from '@vouch/errors';
import type { PostgresPool } from 'kysely';
import pg from 'pg';
import { type CheckedClient, checkClient, isAtRest } from './checked-client.js';
import type { Database, StoreLogger } from './database.js';
import { createDatabase } from './kysely-store.js';
import { toStoreError } from './sql-fault.js';

/** How to reach PostgreSQL 15 or newer, and when to give up on it. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `?sslmode=` as libpq knows it. */
  readonly url: string;
  /** Connections of this process; 10 unless said. */
  readonly maxConnections?: number;
  /** Callers that may wait for a connection; one more is refused with `overloaded`. 1000 unless said. */
  readonly maxWaiting?: number;
  /** Longest wait for a connection; 5 s unless said. */
  readonly connectTimeoutMs?: number;
  /** Longest statement; 15 s unless said. */
  readonly statementTimeoutMs?: number;
  /** Longest wait for a lock; 5 s unless said. */
  readonly lockTimeoutMs?: number;
  /** How long opening goes on trying while the server cannot be reached; 10 s unless said. */
  readonly openWithinMs?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  readonly logger: StoreLogger;
}

/** A server that does not answer at all is given up this long after it should have stopped the statement itself. */
const SILENCE_MS = 5_000;
const PAUSE_MS = 250;

/**
 * Opens a pool of connections to PostgreSQL. Lost connections are replaced when next needed, so a restart of the server costs
 * the calls under way, each with `unavailable`, and nothing after it.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { url, maxConnections = 10, connectTimeoutMs = 5_000, statementTimeoutMs = 15_000, lockTimeoutMs = 5_000, logger } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MS,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    application_name: options.applicationName ?? 'vouch',
    pipeline: true,
  });
  // Both would end the process if nobody listened: an idle connection that breaks, and a borrowed one.
  pool.on('error', (failure) => logger.warn({ reason: reasonOf(failure) }, 'An idle connection to the database was lost'));
  pool.on('connect', (client) => client.on('error', () => undefined));

  const database = createDatabase('postgres', toCheckedPool(pool, maxConnections, options.maxWaiting ?? 1000), async () => undefined);
  try {
    await pingWithin(database, options.openWithinMs ?? 10_000);
  } catch (failure) {
    await database[Symbol.asyncDispose]();
    throw failure;
  }
  return database;
}

function toCheckedPool(pool: pg.Pool, maxConnections: number, maxWaiting: number): PostgresPool {
  return {
    async connect(): Promise<CheckedClient> {
      if (pool.waitingCount >= maxWaiting) throw new RetryableError('overloaded');
      const full = pool.totalCount >= maxConnections && pool.idleCount === 0;
      let client: pg.PoolClient;
      try {
        client = await pool.connect();
      } catch (thrown) {
        const failure = toStoreError(thrown);
        const outOfTime = thrown instanceof Error && thrown.message === 'timeout exceeded when trying to connect';
        throw full && outOfTime ? new RetryableError('overloaded', { cause: failure.cause }) : failure;
      }
      // A connection with an open transaction is closed, not handed to the next borrower: the server then rolls back.
      return checkClient(client, (usable) => client.release(!(usable && isAtRest(client))));
    },
    end: () => pool.end(),
  };
}

async function pingWithin(database: Database, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await database.ping();
    } catch (failure) {
      const mayCome = failure instanceof VouchError && failure.retryable;
      if (!mayCome || performance.now() + PAUSE_MS > until) throw failure;
      await delay(PAUSE_MS);
    }
  }
}

function reasonOf(failure: Error): string {
  const { cause } = toStoreError(failure);
  return cause instanceof Error ? cause.message : 'unknown';
}
