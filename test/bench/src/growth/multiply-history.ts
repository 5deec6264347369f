import type pg from 'pg';
import { withClient } from '../parts/sql.js';

/**
 * Brings a Vouch to so many stored verifications, by multiplying the real ones that it has: the verification, its redemption, and its audit
 * records with their leaves. Ids are made anew, everything else is as in the real one. No Vouch may run on the database then.
 */
export async function multiplyHistory(databaseUrl: string, wanted: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const count = async (table: string): Promise<number> =>
      Number((await client.query<{ count: string }>(`select count(*) from ${table}`)).rows[0]?.count);
    const real = await count('lookup.verifications');
    if (real === 0) throw new Error('There is no verification to multiply');
    const times = Math.max(0, Math.ceil(wanted / real) - 1);
    await client.query('begin');
    for (const statement of STATEMENTS) await client.query(statement.includes('$1') ? { text: statement, values: [times] } : statement);
    await client.query('commit');
    await settle(client);
  });
}

/** Fresh statistics, no dead rows, and no check-point that falls into the first measurement. */
async function settle(client: pg.Client): Promise<void> {
  await client.query('vacuum analyze');
  await client.query('checkpoint');
}

/** Copies rows of a table, each `$1` times, with an id in a column made from the old one and the number of the copy. */
const copy = (table: string, column: string, type: 'uuid' | 'text', from = 'true'): string => `
  insert into ${table}
  select copied.* from ${table} kept cross join generate_series(1, $1::integer) number
  cross join lateral jsonb_populate_record(kept, jsonb_build_object('${column}', md5(kept.${column}::text || number)::${type})) copied
  where ${from}`;

const STATEMENTS = [
  copy('lookup.verifications', 'id', 'uuid'),
  copy('consent.redemptions', 'verification_id', 'uuid'),
  copy('audit.verifications', 'verification_id', 'uuid'),
  copy('audit.accesses', 'verification_id', 'uuid'),
  `create temporary table grown on commit drop as
   select old.index as old_index, number, log.next_index + row_number() over (order by number, old.index) - 1 as new_index
   from audit.leaves old cross join generate_series(1, $1::integer) number cross join audit.log`,
  `insert into audit.leaves
   select copied.* from grown join audit.leaves kept on kept.index = grown.old_index
   cross join lateral jsonb_populate_record(kept, jsonb_build_object('index', new_index, 'event_id', md5(kept.event_id || number))) copied`,
  `insert into audit.leaf_contents
   select copied.* from grown join audit.leaf_contents kept on kept.index = grown.old_index
   cross join lateral jsonb_populate_record(kept, jsonb_build_object('index', new_index)) copied`,
  'update audit.log set next_index = next_index + (select count(*) from grown)',
];
