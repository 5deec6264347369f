import { type Migration, sql } from '@vouch/store';

/** Attempts to be confirmed as a guardian, and whose access log a person may read. */
export const guardianship: Migration = {
  async up(db) {
    await sql`create table guardianship_attempts (
      consent_id uuid not null references consents (id),
      viewer text not null,
      at timestamptz not null default clock_timestamp()
    )`.execute(db);
    await sql`create index guardianship_attempts_consent on guardianship_attempts (consent_id, viewer, at)`.execute(db);
    await sql`create index guardianship_attempts_at on guardianship_attempts (at)`.execute(db);

    await sql`create table access_subjects (
      ref uuid primary key,
      viewer text not null,
      relation text not null check (relation in ('self', 'child')),
      child text,
      audit_pseudonyms bytea,
      verified_at timestamptz not null default clock_timestamp(),
      check ((relation = 'child') = (child is not null and audit_pseudonyms is not null))
    )`.execute(db);
    await sql`create unique index access_subjects_pair on access_subjects (viewer, relation, coalesce(child, ''))`.execute(db);
  },
};
