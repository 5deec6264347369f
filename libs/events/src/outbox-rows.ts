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

/**
 * The first rows that wait in some slots, by id; a prefix of each slot, out of one snapshot. Each slot gives its share, so that the
 * backlog of one cannot starve another, and few enough bytes come back to be held in memory.
 */
export async function readWaiting(store: Store<OutboxTables>, slots: readonly number[], most: number): Promise<WaitingRow[]> {
  if (slots.length === 0) return [];
  const perSlot = Math.max(1, Math.floor(most / slots.length));
  return store.db
    .with('waiting', (db) =>
      db
        .selectFrom(sql<{ number: number }>`unnest(${slots}::smallint[])`.as<'held'>(sql`held(number)`))
        .innerJoinLateral(
          (eb) =>
            eb
              .selectFrom('outbox')
              .select(['id', 'slot', 'events'])
              .whereRef('outbox.slot', '=', 'held.number')
              .orderBy('outbox.id')
              .limit(perSlot)
              .as('first'),
          (join) => join.onTrue(),
        )
        .select(['first.id', 'first.slot', 'first.events']),
    )
    .with('counted', (db) =>
      db
        .selectFrom('waiting')
        .select(['id', 'slot', 'events'])
        .select(sql<string>`sum(pg_column_size(events)) over (order by id) - pg_column_size(events)`.as('bytes_before')),
    )
    .selectFrom('counted')
    .select(['id', 'slot', 'events'])
    .where('bytes_before', '<', String(MOST_BYTES))
    .orderBy('id')
    .execute();
}

/**
 * Deletes rows that the bus has. Without waiting for the disk: should this be lost in a crash, the events are published once more, which
 * consumers put up with; and the disk is left to those who wait for a commit.
 */
export async function deletePublished(store: Store<OutboxTables>, rows: readonly WaitingRow[]): Promise<void> {
  const published = sql<{
    slot: number;
    id: string;
  }>`unnest(${rows.map((row) => row.slot)}::smallint[], ${rows.map((row) => row.id)}::bigint[])`;
  await store.db
    .deleteFrom('outbox')
    .using(published.as<'published'>(sql`published(slot, id)`))
    .using(sql`set_config('synchronous_commit', 'off', true)`.as('quick'))
    .whereRef('outbox.slot', '=', 'published.slot')
    .whereRef('outbox.id', '=', 'published.id')
    .execute();
}

/** Whether anything waits in any slot. */
export async function anyWaiting(store: Store<OutboxTables>): Promise<boolean> {
  const row = await store.db.selectFrom('outbox').select('id').orderBy('slot').orderBy('id').limit(1).executeTakeFirst();
  return row !== undefined;
}
