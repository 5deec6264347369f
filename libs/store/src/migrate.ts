import { fromUnknown, TerminalError } from '@vouch/errors';
import { type Kysely, Migrator, sql } from 'kysely';
import type { Migrations } from './database.js';

/**
 * Brings one schema up to date, all missing migrations in one transaction, on one connection under the database's migration lock: of
 * several processes that start at once, one does the work and the others wait for it.
 */
export async function migrate(root: Kysely<unknown>, schema: string, migrations: Migrations): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) throw new TerminalError('internal', { cause: new Error(`No name for a schema: ${schema}`) });
  await root.connection().execute(async (connection) => {
    // Waiting for another process's migrations is no slow statement; and raw SQL of a migration means this schema.
    await sql`select set_config('statement_timeout', '0', false), set_config('search_path', ${schema}, false)`.execute(connection);
    try {
      await migrateToLatest(connection.withSchema(schema), schema, migrations);
    } finally {
      // A connection that is lost is not used again, so its settings do not matter.
      await sql`reset all`.execute(connection).catch(() => undefined);
    }
  });
}

async function migrateToLatest(db: Kysely<unknown>, schema: string, migrations: Migrations): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: schema,
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
    nameComparator: (one, other) => (one < other ? -1 : 1),
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failure = fromUnknown(error);
  if (failure.retryable) throw failure;
  const name = results?.find((result) => result.status === 'Error')?.migrationName;
  const what = name ? `Migration ${name} of schema ${schema} failed` : `Schema ${schema} cannot be migrated`;
  throw new TerminalError('internal', { cause: new Error(what, { cause: failure.cause ?? failure }) });
}
