import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { withClient } from '../parts/sql.js';
import type { Topics } from '../parts/topic-reader.js';

const LOOK_EVERY_MS = 20;
const WITHIN_MS = 120_000;

/** Resolves when both outboxes are empty and the audit has read all of its topic. */
export async function untilDrained(url: string, topics: Topics): Promise<void> {
  await withClient(url, async (client) => {
    await until('the outboxes are empty', async () => !(await anyWaiting(client)));
    await until('the audit has read its topic', async () => (await topics.lag('audit', 'vouch.audit.v1')) === 0n);
  });
}

async function anyWaiting(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ waiting: boolean }>(
    'select exists (select 1 from lookup.outbox) or exists (select 1 from consent.outbox) as waiting',
  );
  return rows[0]?.waiting === true;
}

async function until(what: string, reached: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`Waited in vain for two minutes until ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
