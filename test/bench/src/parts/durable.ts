import { withClient } from './sql.js';

const WANTED = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

/** Throws unless what this PostgreSQL commits is on the disk. */
export async function assertDurable(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const [name, wanted] of Object.entries(WANTED)) {
      const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name]);
      if (rows[0]?.value !== wanted) throw new Error(`This PostgreSQL has ${name}=${rows[0]?.value}; the benchmark wants ${wanted}`);
    }
  });
}
