import { PLATFORM } from '../parts/catalogue.js';
import { withClient } from '../parts/sql.js';
import type { Lookup } from './lookup.js';

const AT_ONCE = 10_000;

/** Makes the tables of the naive row and gives every lookup its consent there; returns consents a second. */
export function storeNaiveConsents(url: string, lookups: readonly Lookup[]): Promise<number> {
  return withClient(url, async (client) => {
    await client.query(`create table if not exists consents (
      id uuid primary key, platform text not null, purpose text not null, status text not null,
      valid_until timestamptz not null, uses integer not null default 0)`);
    await client.query(`create table if not exists verifications (
      id uuid primary key, platform text not null, purpose text not null, region text not null, consent_id uuid not null,
      status text not null, claims jsonb not null, created_at timestamptz not null default now())`);
    const since = performance.now();
    for (let from = 0; from < lookups.length; from += AT_ONCE) {
      await client.query(
        `insert into consents (id, platform, purpose, status, valid_until)
         select id, $2, 'school-enrolment', 'granted', now() + interval '90 days' from unnest($1::uuid[]) as id on conflict do nothing`,
        [lookups.slice(from, from + AT_ONCE).map(({ consentId }) => consentId), PLATFORM],
      );
    }
    await client.query('analyze');
    return (lookups.length * 1_000) / (performance.now() - since);
  });
}
