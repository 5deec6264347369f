import { type Migration, sql } from '@vouch/store';

/** One wide row a verification: fewer, wider rows are cheaper to commit. Nothing in it names a person in clear. */
export const verificationsMigration: Migration = {
  async up(db) {
    await sql`create table verifications (
      id uuid primary key,
      platform text not null,
      purpose text not null,
      region text not null,
      legal_basis text not null,
      consent_id uuid,
      requirement_set text,
      status text not null,
      verdict text,
      code text,
      claims jsonb not null,
      alternatives jsonb not null,
      sealed bytea,
      fingerprint text,
      sequence integer not null,
      attempts integer not null default 0,
      created_at timestamptz not null,
      completed_at timestamptz,
      erase_at timestamptz,
      erased_at timestamptz,
      retry_at timestamptz,
      retry_lease_end timestamptz,
      give_up_at timestamptz,
      waiting_for jsonb,
      traceparent text
    ) with (fillfactor = 90)`.execute(db);
    // Each write pays for an index, so each is partial and serves one of our own loops.
    await sql`create index verifications_retry on verifications (retry_at) where status = 'pending'`.execute(db);
    await sql`create index verifications_consent on verifications (consent_id) where consent_id is not null and erased_at is null`.execute(
      db,
    );
    await sql`create index verifications_erase on verifications (erase_at) where erase_at is not null and erased_at is null`.execute(db);
  },
};
