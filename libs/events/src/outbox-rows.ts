import { type Store, sql } from '@vouch/store';
import type { BusMessage } from './event.js';
import type { OutboxTables } from './outbox.js';

/** A row of the outbox. */
export interface WaitingRow {
  readonly id: string;
  readonly slot: number;
  /** In their order, ready for the bus. */
  readonly events: readonly BusMessage[];
}

const MOST_BYTES = 4 * 1024 * 1024;

// Raw statements: a relay runs them many times a second, and building one anew takes longer than running it.
const outboxOf = (store: Store<OutboxTables>) => sql.id(store.schema, 'outbox');

/**
 * The first rows that wait in some slots, by id; a prefix of each slot, out of one snapshot. Each slot gives its share, so that the
 * backlog of one cannot starve another, and few enough bytes come back to be held in memory.
 */
export async function readWaiting(store: Store<OutboxTables>, slots: readonly number[], most: number): Promise<readonly WaitingRow[]> {
  if (slots.length === 0) return [];
  const perSlot = Math.max(1, Math.floor(most / slots.length));
  const { rows } = await sql<{ id: string; slot: number; events: string }>`select id, slot, events
    from (
      select waiting.*, sum(pg_column_size(events)) over (order by id) - pg_column_size(events) as bytes_before
      from unnest(${slots}::smallint[]) as held(number)
      cross join lateral (
        select id, slot, events from ${outboxOf(store)} where slot = held.number order by id limit ${perSlot}
      ) as waiting
    ) as counted
    where bytes_before < ${MOST_BYTES} order by id`.execute(store.db);
  return rows.map(({ id, slot, events }) => ({ id, slot, events: JSON.parse(events) as BusMessage[] }));
}

/**
 * Deletes rows that the bus has. Without waiting for the disk: should this be lost in a crash, the events are published once more, which
 * consumers put up with; and the disk is left to those who wait for a commit.
 */
export async function deletePublished(store: Store<OutboxTables>, rows: readonly WaitingRow[]): Promise<void> {
  await sql`delete from ${outboxOf(store)} as outbox
    using unnest(${rows.map((row) => row.slot)}::smallint[], ${rows.map((row) => row.id)}::bigint[]) as published(slot, id),
      set_config('synchronous_commit', 'off', true) as quick
    where outbox.slot = published.slot and outbox.id = published.id`.execute(store.db);
}

/** Whether anything waits in any slot. */
export async function anyWaiting(store: Store<OutboxTables>): Promise<boolean> {
  const row = await store.db.selectFrom('outbox').select('id').orderBy('slot').orderBy('id').limit(1).executeTakeFirst();
  return row !== undefined;
}
