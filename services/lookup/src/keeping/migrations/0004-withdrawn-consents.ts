import { type Migration, sql } from '@vouch/store';

/**
 * Which consents are withdrawn, for the answers that were still being committed when the withdrawal was read. Each mark is compared with
 * the verifications every half minute, so the index on their consents leaves out what is never erased: refusals.
 */
export const withdrawnConsentsMigration: Migration = {
  async up(db) {
    await sql`create table withdrawn_consents (
      consent_id uuid primary key,
      at timestamptz not null default clock_timestamp()
    )`.execute(db);
    await sql`create index withdrawn_consents_at on withdrawn_consents (at)`.execute(db);
    await sql`drop index verifications_consent`.execute(db);
    await sql`create index verifications_consent on verifications (consent_id)
      where consent_id is not null and erased_at is null and status <> 'refused'`.execute(db);
  },
};
