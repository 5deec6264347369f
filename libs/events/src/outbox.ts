import { TerminalError } from '@vouch/errors';
import { createUuid } from '@vouch/identity';
import { type Generated, type Migration, type RawBuilder, sql } from '@vouch/store';
import { toTraceparent } from '@vouch/telemetry';
import type { EventDraft } from './event.js';
import { createLeaseTables, type LeaseTable, type MemberTable } from './lease-tables.js';
import { slotOf } from './slot.js';

/** An event that waits to be published. */
interface OutboxTable {
  /** Order of writing; of one key also the order of committing, because the aggregate's lock is held until then. */
  id: Generated<string>;
  /** Hash of the key; a relay leases slots. */
  slot: number;
  topic: string;
  key: string;
  sequence: number;
  event_id: string;
  type: string;
  source: string;
  time: Date;
  /** JSON as it goes on the wire. Text, since it is written once and read once: `jsonb` would be parsed and printed for nothing. */
  payload: string;
  traceparent: string | null;
  created: Generated<Date>;
}

/** Tables that a service with an outbox has in its schema; let its own table type extend this. */
export interface OutboxTables {
  outbox: OutboxTable;
  outbox_lease: LeaseTable;
  outbox_member: MemberTable;
}

/** Makes the outbox in the schema of a service. Add it to the service's migrations. */
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

/** Largest payload, bytes of JSON: an event must fit into one Kafka batch with room to spare. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

/**
 * The statement that writes events into the outbox of a service's schema; none when there are no events. Run it in the transaction that makes
 * them true, and call the relay's `wake` after the commit. Hold the lock of each event's aggregate from before its sequence number is chosen
 * until the commit: the order of publishing rests on it.
 */
export const outboxInsert = (schema: string, drafts: readonly EventDraft[]): RawBuilder<never>[] =>
  drafts.length === 0 ? [] : [outboxInsertWhere(schema, drafts, sql`true`)];

/** As `outboxInsert`, of those events for which a condition on `draft.place` holds, their index in the list. */
export function outboxInsertWhere(schema: string, drafts: readonly EventDraft[], condition: RawBuilder<unknown>): RawBuilder<never> {
  // One parameter however many events: a list of values costs a parameter per column and a new plan per length.
  return sql`insert into ${sql.id(schema, 'outbox')} (slot, topic, key, sequence, event_id, type, source, time, payload, traceparent)
    select slot, topic, key, sequence, event_id, type, source, time, payload, traceparent
    from json_to_recordset(${JSON.stringify(drafts.map(toRow))}::json) as draft(place integer, slot smallint, topic text, key text,
      sequence integer, event_id uuid, type text, source text, time timestamptz, payload text, traceparent text)
    where ${condition} order by place`;
}

function toRow(draft: EventDraft, place: number) {
  const payload = JSON.stringify(draft.payload);
  if (!Number.isInteger(draft.sequence) || draft.sequence < 1) throw refused(draft, `its sequence is ${draft.sequence}`);
  if (payload === undefined) throw refused(draft, 'it has no payload');
  if (payload.length > MAX_PAYLOAD_BYTES || Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES)
    throw refused(draft, 'its payload is too large');
  return {
    place,
    slot: slotOf(draft.key),
    topic: draft.topic,
    key: draft.key,
    sequence: draft.sequence,
    event_id: draft.id ?? createUuid(),
    type: draft.type,
    source: draft.source,
    time: draft.time,
    payload,
    traceparent: draft.trace === undefined ? null : toTraceparent(draft.trace),
  };
}

function refused(draft: EventDraft, why: string): TerminalError {
  return new TerminalError('internal', { cause: new Error(`Event ${draft.type} for ${draft.topic} cannot be written: ${why}`) });
}
