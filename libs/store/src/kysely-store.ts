import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, type PostgresPool, sql, type Transaction } from 'kysely';
import type { Database, Migrations, Store, TransactionOptions } from './database.js';
import { migrate } from './migrate.js';
import { isConflict } from './sql-fault.js';

const MOST_ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 20;

/** The database over a pool of connections, the same code for both kinds. */
export function createDatabase(kind: Database['kind'], pool: PostgresPool, close: () => Promise<void>): Database {
  const root = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    kind,
    async store<T>(schema: string, migrations: Migrations): Promise<Store<T>> {
      await migrate(root, schema, migrations);
      return createStore<T>(schema, root.withSchema(schema) as Kysely<T>);
    },
    async ping() {
      await sql`select 1`.execute(root);
    },
    [Symbol.asyncDispose]() {
      // Not by Kysely's destroy: what comes later should hear `unavailable` from the pool.
      closing ??= pool.end().then(close);
      return closing;
    },
  };
}

function createStore<T>(schema: string, db: Kysely<T>): Store<T> {
  return {
    schema,
    db,
    async transaction<R>(work: (tx: Transaction<T>) => Promise<R>, options: TransactionOptions = {}): Promise<R> {
      const builder = options.isolation ? db.transaction().setIsolationLevel(options.isolation) : db.transaction();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await builder.execute(work);
        } catch (failure) {
          if (attempt === MOST_ATTEMPTS || !isConflict(failure)) throw failure;
          // Those that collided must not meet again at the same moment.
          await delay(Math.random() * LONGEST_PAUSE_MS * attempt);
        }
      }
    },
  };
}
