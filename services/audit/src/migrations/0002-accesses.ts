import { type Migration, sql } from '@vouch/store';

/** Who looked at whom: read by the people concerned, erased with time. */
export const accesses: Migration = {
  async up(db) {
    await sql`create table verifications (
      verification_id uuid primary key,
      at timestamptz not null,
      platform text not null,
      purpose text not null,
      region text not null,
      legal_basis text not null,
      consent_id text not null,
      lease_end timestamptz,
      answered boolean not null,
      refusal text,
      unknown_leaf bigint
    )`.execute(db);
    await sql`create index verifications_at on verifications (at)`.execute(db);
    await sql`create index verifications_unanswered on verifications (lease_end)
      where not answered and refusal is null and unknown_leaf is null`.execute(db);
    await sql`create table accesses (
      verification_id uuid not null references verifications (verification_id) on delete cascade,
      pseudonym text not null,
      claim_types text[] not null,
      primary key (pseudonym, verification_id)
    )`.execute(db);
    await sql`create index accesses_verification on accesses (verification_id)`.execute(db);
  },
};
