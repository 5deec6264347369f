import { type Migration, sql } from '@vouch/store';

/**
 * Batches and their rows. Rows are kept in chunks: sealed until they were asked, then only what came of them, which names verifications
 * and codes. A chunk is what instances share out: its lease is a token that is good until its end.
 */
export const batchesMigration: Migration = {
  async up(db) {
    await sql`create table batches (
      id uuid primary key,
      ordinal bigint generated always as identity,
      platform text not null,
      status text not null,
      code text,
      upload uuid not null,
      heard_at timestamptz not null default clock_timestamp(),
      fingerprint text,
      total integer not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      running_since timestamptz,
      active_ms bigint not null default 0,
      asked_at timestamptz,
      ended_at timestamptz,
      served_at timestamptz
    )`.execute(db);
    await sql`create index batches_turn on batches (platform, ordinal) where asked_at is null and ended_at is null`.execute(db);
    await sql`create index batches_platform on batches (platform)`.execute(db);
    await sql`create index batches_open on batches (created_at) where ended_at is null`.execute(db);
    await sql`create index batches_ended on batches (ended_at) where ended_at is not null`.execute(db);
    // The reference makes deleting a batch whose upload is still being written leave nothing behind.
    await sql`create table batch_chunks (
      batch_id uuid not null references batches on delete cascade,
      number integer not null,
      first_row integer not null,
      row_count integer not null,
      sealed bytea,
      outcomes jsonb,
      done integer not null default 0,
      failed integer not null default 0,
      pending integer not null default 0,
      lease uuid,
      lease_end timestamptz,
      finished_at timestamptz,
      looked_at timestamptz,
      primary key (batch_id, number)
    ) with (fillfactor = 80)`.execute(db);
    await sql`create index batch_chunks_unasked on batch_chunks (batch_id, number) where finished_at is null`.execute(db);
    await sql`create index batch_chunks_pending on batch_chunks (looked_at) where pending > 0`.execute(db);
    await sql`create index batch_chunks_leased on batch_chunks (lease) where lease is not null`.execute(db);
    // Sealed rows do not compress.
    await sql`alter table batch_chunks alter column sealed set storage external`.execute(db);
  },
};
