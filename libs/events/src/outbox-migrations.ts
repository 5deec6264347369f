import { type Migration, sql } from '@vouch/store';
import { createLeaseTables } from './lease-tables.js';

/** Makes the outbox in the schema of a service, a row an event. Add it to the service's migrations, and `outboxBundlesMigration` after it. */
export const outboxMigration: Migration = {
  async up(db) {
    // No index on the id alone: relays read and delete by slot and id, and every write pays for an index.
    await sql`create table outbox (
      id bigint generated always as identity,
      slot smallint not null,
      topic text not null,
      key text not null,
      sequence integer not null,
      event_id uuid not null,
      type text not null,
      source text not null,
      time timestamptz not null,
      payload text not null,
      traceparent text,
      created timestamptz not null default clock_timestamp(),
      primary key (slot, id)
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`.execute(db);
    await createLeaseTables(db, 'outbox');
  },
};

/**
 * Lets a row of the outbox hold several events, in 4 slots instead of 16. What waits stays, under its id: the ids keep the order, and a relay
 * of the release before, which may still be about to delete what it has published, deletes that or nothing. Such a relay reads nothing more,
 * and what its service writes fails, until its process is replaced.
 */
export const outboxBundlesMigration: Migration = {
  async up(db) {
    await sql`alter table outbox add column events text`.execute(db);
    // A key's slot of 4 follows from its slot of 16: both are remainders of one hash.
    await sql`update outbox set slot = slot % 4, events = json_build_array(json_strip_nulls(json_build_object(
      'id', event_id, 'topic', topic, 'key', key, 'sequence', sequence, 'type', type, 'source', source,
      'time', to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'json', payload, 'traceparent', traceparent)))::text`.execute(
      db,
    );
    await sql`alter table outbox
      alter column events set not null,
      drop column topic, drop column key, drop column sequence, drop column event_id, drop column type, drop column source,
      drop column time, drop column payload, drop column traceparent`.execute(db);
    // Rows up to a page stay in one piece and are not compressed: they live for a moment.
    await sql`alter table outbox alter column events set storage external`.execute(db);
    await sql`alter table outbox set (toast_tuple_target = 8160, autovacuum_vacuum_threshold = 2000)`.execute(db);
    // Relays share the new slots out under a scope of its own.
    await sql`delete from outbox_lease where scope = 'outbox'`.execute(db);
    await sql`delete from outbox_member where scope = 'outbox'`.execute(db);
  },
};
