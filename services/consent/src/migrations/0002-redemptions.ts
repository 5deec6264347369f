import { type Migration, sql } from '@vouch/store';

/** Redemptions: the right to ask, committed before any agency is asked. */
export const redemptions: Migration = {
  async up(db) {
    // No foreign key: the consent's row is locked when this is written, and a check per row is the dearest part of the insert.
    await sql`create table redemptions (
      verification_id uuid primary key,
      consent_id uuid,
      platform text not null,
      purpose text not null,
      region text not null,
      claim_types text[] not null,
      fingerprint text not null,
      basis_ref uuid not null,
      retention_days integer not null,
      redeemed_at timestamptz not null,
      lease_end timestamptz not null,
      audit_sequence integer not null
    )`.execute(db);
  },
};
