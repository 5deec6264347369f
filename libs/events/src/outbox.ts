import { TerminalError } from '@vouch/errors';
import { createUuid } from '@vouch/identity';
import { type Generated, type RawBuilder, sql } from '@vouch/store';
import { toTraceparent } from '@vouch/telemetry';
import type { BusMessage, EventDraft } from './event.js';
import type { LeaseTable, MemberTable } from './lease-tables.js';
import { slotOf } from './slot.js';

/** Events of one transaction that wait to be published: a row for several, since each row costs as much as its events do. */
interface OutboxTable {
  /** Order of writing; of one key also the order of committing, because the aggregate's lock is held until then. */
  id: Generated<string>;
  /** Hash of their keys; a relay leases slots. */
  slot: number;
  /** In the order in which they were written, as the bus takes them: JSON, as text, since it is written once and read once. */
  events: string;
  created: Generated<Date>;
}

/** Tables that a service with an outbox has in its schema; let its own table type extend this. */
export interface OutboxTables {
  outbox: OutboxTable;
  outbox_lease: LeaseTable;
  outbox_member: MemberTable;
}

/** Largest payload, bytes of JSON: an event must fit into one Kafka batch with room to spare. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

// What does not fit into a page of 8 kB is cut up into a table of its own, and costs more than two rows. One event may be larger. In
// characters, nearly all of which are a byte.
const MOST_ROW_LENGTH = 7_500;

/**
 * The statement that writes events into the outbox of a service's schema; none when there are no events. Run it in the transaction that makes
 * them true, and call the relay's `wake` after the commit. Hold the lock of each event's aggregate from before its sequence number is chosen
 * until the commit: the order of publishing rests on it.
 */
export const outboxInsert = (schema: string, drafts: readonly EventDraft[]): RawBuilder<never>[] =>
  drafts.length === 0 ? [] : [outboxInsertWhere(schema, drafts, sql`true`)];

/** As `outboxInsert`, of those events for which a condition on `draft.place` holds, their place in the list, from 1. */
export function outboxInsertWhere(schema: string, drafts: readonly EventDraft[], condition: RawBuilder<unknown>): RawBuilder<never> {
  // The same three parameters however many events. Lines, since PostgreSQL takes five times as long to read JSON; and JSON has no line breaks.
  const { lines, slots, bundles } = toLines(drafts);
  return sql`insert into ${sql.id(schema, 'outbox')} (slot, events)
    select slot, '[' || string_agg(event, ',' order by place) || ']'
    from unnest(string_to_array(${lines}, chr(10)), ${slots}::smallint[], ${bundles}::integer[])
      with ordinality as draft(event, slot, bundle, place)
    where ${condition} group by slot, bundle order by bundle`;
}

/** Events in their order, each a line, with its slot and the row that it goes into; of one slot the later bundle has the later events. */
function toLines(drafts: readonly EventDraft[]) {
  const open = new Map<number, { readonly bundle: number; bytes: number }>();
  const slots: number[] = [];
  const bundles: number[] = [];
  let made = 0;
  const lines = drafts.map((draft) => {
    const line = JSON.stringify(toMessage(draft));
    const slot = slotOf(draft.key);
    let row = open.get(slot);
    if (row === undefined || row.bytes + line.length > MOST_ROW_LENGTH) {
      row = { bundle: made++, bytes: 0 };
      open.set(slot, row);
    }
    row.bytes += line.length;
    slots.push(slot);
    bundles.push(row.bundle);
    return line;
  });
  return { lines: lines.join('\n'), slots, bundles };
}

function toMessage(draft: EventDraft): BusMessage {
  const json = JSON.stringify(draft.payload);
  if (!Number.isInteger(draft.sequence) || draft.sequence < 1) throw refused(draft, `its sequence is ${draft.sequence}`);
  if (json === undefined) throw refused(draft, 'it has no payload');
  if (json.length > MAX_PAYLOAD_BYTES || Buffer.byteLength(json) > MAX_PAYLOAD_BYTES) throw refused(draft, 'its payload is too large');
  return {
    id: draft.id ?? createUuid(),
    topic: draft.topic,
    key: draft.key,
    sequence: draft.sequence,
    type: draft.type,
    source: draft.source,
    time: draft.time.toISOString(),
    json,
    // JSON leaves out what is undefined; spreading it in conditionally makes this ten times as slow.
    traceparent: draft.trace && toTraceparent(draft.trace),
  };
}

function refused(draft: EventDraft, why: string): TerminalError {
  return new TerminalError('internal', { cause: new Error(`Event ${draft.type} for ${draft.topic} cannot be written: ${why}`) });
}
