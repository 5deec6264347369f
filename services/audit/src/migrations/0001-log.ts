import { type Migration, sql } from '@vouch/store';

/** The append-only log, and beside it what may be erased. */
export const log: Migration = {
  async up(db) {
    await sql`create table log (
      singleton boolean primary key default true check (singleton),
      next_index bigint not null default 0
    )`.execute(db);
    await sql`insert into log default values`.execute(db);

    await sql`create table leaves (
      index bigint primary key,
      event_id text not null unique,
      type text not null,
      time timestamptz not null,
      leaf bytea not null,
      leaf_hash bytea not null,
      appended_at timestamptz not null default clock_timestamp()
    )`.execute(db);
    await sql`create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
      end $$`.execute(db);
    await sql`create trigger leaves_are_append_only before update or delete or truncate on leaves
      for each statement execute function refuse_change()`.execute(db);

    await sql`create table leaf_contents (
      index bigint primary key references leaves (index),
      salt bytea not null,
      payload jsonb not null,
      stored_at timestamptz not null default clock_timestamp()
    )`.execute(db);
    await sql`create index leaf_contents_stored_at on leaf_contents (stored_at)`.execute(db);
    await sql`create table offsets (
      topic text not null,
      partition integer not null,
      next_offset bigint not null,
      primary key (topic, partition)
    )`.execute(db);
  },
};
