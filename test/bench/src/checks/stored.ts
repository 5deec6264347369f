import { withClient } from '../parts/sql.js';

const AT_ONCE = 20_000;

/** Throws unless every id is in a column of a table, in rows that meet a condition. */
export async function assertAllStored(
  url: string,
  table: string,
  column: string,
  ids: readonly string[],
  condition = 'true',
): Promise<void> {
  await withClient(url, async (client) => {
    let found = 0;
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const { rows } = await client.query<{ found: string }>(
        `select count(distinct ${column}) as found from ${table} where ${column} = any($1::uuid[]) and ${condition}`,
        [ids.slice(from, from + AT_ONCE)],
      );
      found += Number(rows[0]?.found);
    }
    assertNoneMissing(ids.length, found, table);
  });
}

/** Throws when fewer were found than there must be. */
export function assertNoneMissing(wanted: number, found: number, place: string): void {
  if (found !== wanted) throw new Error(`LOST: of ${wanted} answered lookups, ${found} are in ${place}`);
}
