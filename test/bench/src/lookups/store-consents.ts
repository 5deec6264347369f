import type { Keyring } from '@vouch/identity';
import { type Database, type Kysely, sql } from '@vouch/store';
import { type ConsentRows, multiply } from './consents.js';
import type { Lookup } from './lookup.js';

const AT_ONCE = 1_000;

/**
 * Gives every lookup its consent, in the database of a Vouch: multiplies the one that was made over the API, past the API, since a guardian
 * who signs in and grants costs a hundred times as much as the row. Returns consents a second.
 */
export async function storeConsents(database: Database, keyring: Keyring, modelId: string, lookups: readonly Lookup[]): Promise<number> {
  const { db } = await database.store<unknown>('bench', {});
  const model = await readModel(db, modelId);
  const since = performance.now();
  for (let from = 0; from < lookups.length; from += AT_ONCE) {
    const made = multiply(model, keyring, lookups.slice(from, from + AT_ONCE));
    await insert(
      db,
      'consents',
      made.map(({ consent }) => consent),
    );
    await insert(
      db,
      'persons',
      made.flatMap(({ persons }) => persons),
    );
    await insert(
      db,
      'history',
      made.flatMap(({ history }) => history),
    );
  }
  const perSecond = (lookups.length * 1_000) / (performance.now() - since);
  // Fresh statistics; and neither what the database tidies up after a filling nor a check-point falls into the first measurement.
  for (const table of ['consents', 'persons', 'history']) await sql`vacuum (freeze, analyze) ${sql.id('consent', table)}`.execute(db);
  await sql`checkpoint`.execute(db);
  return perSecond;
}

async function readModel(db: Kysely<unknown>, id: string): Promise<ConsentRows> {
  const read = async <T>(table: string, column: string): Promise<T[]> => {
    const { rows } = await sql<{ row: T }>`
      select to_jsonb(t) as row from ${sql.id('consent', table)} t where ${sql.ref(`t.${column}`)} = ${id}`.execute(db);
    return rows.map(({ row }) => row);
  };
  const [consent] = await read<ConsentRows['consent']>('consents', 'id');
  if (!consent) throw new Error('The consent made over the API is not in the database');
  return { consent, persons: await read('persons', 'consent_id'), history: await read('history', 'consent_id') };
}

async function insert(db: Kysely<unknown>, table: string, rows: readonly object[]): Promise<void> {
  const name = sql.id('consent', table);
  await sql`insert into ${name} select * from jsonb_populate_recordset(null::${name}, ${JSON.stringify(rows)}::jsonb)
    on conflict do nothing`.execute(db);
}
