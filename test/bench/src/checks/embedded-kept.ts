import { join } from 'node:path';
import { type Database, type Kysely, openEmbedded, sql } from '@vouch/store';
import { assertNoneMissing } from './stored.js';

const AT_ONCE = 5_000;

/** The same as of PostgreSQL and Kafka, of a data folder that nobody has open: the log's table is the topic there. */
export async function assertEmbeddedKept(dataDir: string, ids: readonly string[]): Promise<void> {
  await using database = await openStore(dataDir);
  const { db } = await database.store<unknown>('bench', {});
  const found = { verifications: 0, redemptions: 0, audited: 0, published: 0 };
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const part = ids.slice(from, from + AT_ONCE);
    found.verifications += await count(db, sql`lookup.verifications where status = 'complete' and id = any(${part}::uuid[])`);
    found.redemptions += await count(db, sql`consent.redemptions where verification_id = any(${part}::uuid[])`);
    found.audited += await count(db, sql`audit.verifications where answered and verification_id = any(${part}::uuid[])`);
    found.published += await count(
      db,
      sql`(select distinct key from events.log where topic = 'vouch.verification.v1' and key = any(${part}::text[])) as published`,
    );
  }
  for (const [place, number] of Object.entries(found)) assertNoneMissing(ids.length, number, `the embedded store's ${place}`);
}

/** Opens the store of a stopped embedded Vouch. */
export const openStore = (dataDir: string): Promise<Database> => {
  const silent = { info: () => undefined, warn: () => undefined };
  return openEmbedded({ dataDir: join(dataDir, 'store'), logger: silent });
};

async function count(db: Kysely<unknown>, from: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ found: string }>`select count(*) as found from ${from}`.execute(db);
  return Number(rows[0]?.found);
}
