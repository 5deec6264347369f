export {
  type ColumnType,
  type Generated,
  type Insertable,
  Kysely,
  type Migration,
  type RawBuilder,
  type Selectable,
  sql,
  type Transaction,
  type Updateable,
} from 'kysely';
export type { Database, Migrations, Store, StoreLogger, TransactionOptions } from './database.js';
export { type EmbeddedOptions, openEmbedded } from './embedded.js';
export { createGroupCommit, type GroupCommitOptions } from './group-commit.js';
export { commitInOneGo, inOneGo } from './in-one-go.js';
export { createNewDatabase, type NewDatabase } from './new-database.js';
export { openPostgres, type PostgresOptions } from './postgres.js';
export { isUniqueViolation, sqlStateOf } from './sql-fault.js';
