import type { Kysely, Migration, Transaction } from 'kysely';

/** Where the store says what a person on duty should know. A pino logger fits. Nothing that is passed holds data of rows. */
export interface StoreLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** How a transaction runs. */
export interface TransactionOptions {
  /** `read committed` unless said. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
}

/**
 * One service's tables: a schema of its own, brought up to date by the service's migrations.
 *
 * Values come as the `pg` library gives them, in both kinds of database: `int8` and `numeric` as string, `bytea` as
 * Buffer, `timestamptz` as Date, `json` and `jsonb` parsed, `date` as Date at local midnight (cast it to text to get the day).
 *
 * Every failure is a VouchError: `unavailable` (retryable) when the database cannot be reached or answers too late,
 * `overloaded` (retryable) when too many callers wait for a connection, else `internal` with a cause that holds the SQLSTATE
 * and names of tables and constraints, never values of rows (see `isUniqueViolation`, `sqlStateOf`).
 */
export interface Store<T> {
  /** The schema's name. Raw SQL is not rewritten: write `sql.table('consent.part')` or `sql.id(store.schema, 'part')`. */
  readonly schema: string;
  /** Queries outside a transaction; table names are looked up in the schema. */
  readonly db: Kysely<T>;
  /**
   * Runs `work` in a transaction; a throw rolls it back. Serialization failures and deadlocks are run again, three times at most, so
   * `work` must be repeatable. Use `tx` alone inside: `store.db` would wait for a second connection, which the embedded
   * database does not have.
   *
   * When the connection is lost while committing, the outcome is unknown: the error is `unavailable`, and a repeat must be
   * safe by its keys.
   */
  transaction<R>(work: (tx: Transaction<T>) => Promise<R>, options?: TransactionOptions): Promise<R>;
}

/** A service's migrations by name; they run in the order of their names, so number them: `0001-consents`. */
export type Migrations = Readonly<Record<string, Migration>>;

/** An open database that services share, each in its own schema. Closing waits for what is under way. */
export interface Database extends AsyncDisposable {
  readonly kind: 'postgres' | 'embedded';
  /**
   * The store of one service. Creates the schema and runs its missing migrations first, under a lock, so that several processes
   * may start at once. Inside a migration, tables and raw SQL without a schema are in the service's schema.
   */
  store<T>(schema: string, migrations: Migrations): Promise<Store<T>>;
  /** Resolves when the database answers; rejects with `unavailable`. */
  ping(): Promise<void>;
}
