import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { System } from './start-system.js';

interface Unrest {
  readonly what: string;
  readonly sql: string;
}

/** What must be none before a run counts as over. */
const UNREST: readonly Unrest[] = [
  { what: 'pending verifications', sql: `select count(*) from lookup.verifications where status = 'pending'` },
  // An upload that was cut is forgotten half a minute after it was heard of last.
  { what: 'batches under way', sql: `select count(*) from lookup.batches where ended_at is null` },
  // Of a cancelled one those rows are answered that were asked.
  {
    what: 'pieces of batches that an instance has or that wait for an agency',
    sql: `select count(*) from lookup.batch_chunks where lease is not null or pending > 0`,
  },
  { what: 'withdrawals under way', sql: `select count(*) from consent.consents where status = 'withdrawing'` },
  { what: 'events to publish', sql: `select (select count(*) from lookup.outbox) + (select count(*) from consent.outbox)` },
  {
    what: 'answers to erase',
    sql: `select count(*) from lookup.verifications v join consent.consents c on c.id = v.consent_id
      where c.status = 'withdrawn' and v.status <> 'refused' and v.erased_at is null`,
  },
  {
    what: 'audit records to come',
    sql: `select (select count(*) from lookup.verifications v
        where not exists (select from audit.verifications a where a.verification_id = v.id and (a.answered or a.refusal is not null)))
      + (select count(*) from consent.redemptions r
        where not exists (select from audit.verifications a where a.verification_id = r.verification_id))`,
  },
  {
    what: 'answers of which nothing is known yet',
    sql: `select count(*) from audit.verifications where not answered and refusal is null and unknown_leaf is null`,
  },
];

const LOOK_EVERY_MS = 500;

/** Waits until a system has come to rest; returns what had not when the time was over, and how long it took. */
export async function untilQuiet(system: System, withinMs: number): Promise<{ unrest: string[]; tookMs: number }> {
  const startedAt = performance.now();
  let unrest: string[] = ['nothing could be looked at'];
  while (performance.now() - startedAt < withinMs) {
    try {
      await system.ready(Math.max(1_000, withinMs - (performance.now() - startedAt)));
      unrest = await look(system.postgres.url);
      if (unrest.length === 0) break;
    } catch (failure) {
      unrest = [failure instanceof Error ? failure.message : String(failure)];
    }
    await delay(LOOK_EVERY_MS);
  }
  return { unrest, tookMs: performance.now() - startedAt };
}

async function look(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const unrest: string[] = [];
    for (const { what, sql } of UNREST) {
      const [row] = (await client.query<Record<string, string>>(sql)).rows;
      const found = Number(Object.values(row ?? {})[0] ?? 0);
      if (found > 0) unrest.push(`${found} ${what}`);
    }
    return unrest;
  } finally {
    await client.end();
  }
}
