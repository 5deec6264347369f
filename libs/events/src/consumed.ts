import { type Generated, type Migration, sql, type Transaction } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';

/** How far a consumer has come, by key. */
interface ConsumedTable {
  consumer: string;
  topic: string;
  key: string;
  /** Last sequence number taken; 0 before the first. */
  sequence: number;
  updated: Generated<Date>;
}

/** Tables that a consuming service has in its schema; let its own table type extend this. */
export interface ConsumedTables {
  consumed: ConsumedTable;
}

/** Makes the table `consumed` in the schema of a service. Add it to the service's migrations. */
export const consumedMigration: Migration = {
  async up(db) {
    await sql`create table consumed (
      consumer text not null,
      topic text not null,
      key text not null,
      sequence integer not null,
      updated timestamptz not null default clock_timestamp(),
      primary key (consumer, topic, key)
    )`.execute(db);
    await sql`create index consumed_updated on consumed (updated)`.execute(db);
  },
};

/** Sequence numbers of a key that never came. */
export interface SequenceGap {
  readonly topic: string;
  readonly key: string;
  /** First number missing. */
  readonly from: number;
  /** Last number missing. */
  readonly to: number;
}

/** What is left of a batch. */
export interface FreshEvents<E> {
  /** Events newer than everything taken before, in order. */
  readonly fresh: readonly E[];
  /** Holes before fresh events. The events after a hole are fresh all the same: dropping them would only lose more. */
  readonly gaps: readonly SequenceGap[];
}

interface Sequenced {
  readonly topic: string;
  readonly key: string;
  readonly sequence: number;
}

/**
 * Drops events that are not newer than the last one taken of their key, and remembers the new ones, in the transaction that does their
 * work: so each is done once, however often it is delivered. A gap is logged as an error: an event was lost on the way or put aside.
 */
export async function dropStale<T extends ConsumedTables, E extends Sequenced>(
  tx: Transaction<T>,
  consumer: string,
  events: readonly E[],
  logger?: Logger,
): Promise<FreshEvents<E>> {
  if (events.length === 0) return { fresh: [], gaps: [] };
  const consumed = tx as unknown as Transaction<ConsumedTables>;
  const last = await lockKeys(consumed, consumer, events);
  const fresh: E[] = [];
  const gaps: SequenceGap[] = [];
  const moved = new Map<string, Sequenced>();
  for (const event of events) {
    const place = placeOf(event);
    const before = last.get(place) ?? 0;
    if (event.sequence <= before) continue;
    if (event.sequence > before + 1) gaps.push({ topic: event.topic, key: event.key, from: before + 1, to: event.sequence - 1 });
    // A key that was new is remembered already.
    if (last.has(place)) moved.set(place, { topic: event.topic, key: event.key, sequence: event.sequence });
    last.set(place, event.sequence);
    fresh.push(event);
  }
  if (moved.size > 0) await remember(consumed, consumer, [...moved.values()]);
  for (const gap of gaps) logger?.error({ consumer, ...gap }, 'events are missing: a gap in the sequence of a key');
  return { fresh, gaps };
}

/**
 * Forgets keys that have been quiet since `before`, so that the table stays bounded. Should such a key ever speak again, its events count
 * as fresh and as a gap; choose a time well beyond the topics' retention and the life of the things that are keys.
 */
export async function forgetConsumed<T extends ConsumedTables>(tx: Transaction<T>, consumer: string, before: Date): Promise<void> {
  const consumed = tx as unknown as Transaction<ConsumedTables>;
  await consumed.deleteFrom('consumed').where('consumer', '=', consumer).where('updated', '<', before).execute();
}

const placeOf = (event: Pick<Sequenced, 'topic' | 'key'>): string => `${event.topic}\n${event.key}`;

/**
 * Last sequence number of each key that was known, locked until the transaction ends. New keys are remembered at once with what the events
 * bring, and are not in the answer: most keys are new, and one statement does for them. Of two deliveries of a key's first event the second
 * waits here for the first. Locked in one order, so that overlapping batches don't deadlock.
 */
async function lockKeys(
  consumed: Transaction<ConsumedTables>,
  consumer: string,
  events: readonly Sequenced[],
): Promise<Map<string, number>> {
  const highest = new Map<string, Sequenced>();
  for (const { topic, key, sequence } of events) {
    const place = placeOf({ topic, key });
    if (sequence > (highest.get(place)?.sequence ?? 0)) highest.set(place, { topic, key, sequence });
  }
  const inserted = await consumed
    .insertInto('consumed')
    .columns(['consumer', 'topic', 'key', 'sequence'])
    .expression(
      consumed
        .selectFrom(wanted([...highest.values()]))
        .select([sql<string>`${consumer}`.as('consumer'), 'wanted.topic', 'wanted.key', 'wanted.sequence'])
        .orderBy('wanted.topic')
        .orderBy('wanted.key'),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning(['consumed.topic', 'consumed.key'])
    .execute();
  for (const { topic, key } of inserted) highest.delete(placeOf({ topic, key }));
  if (highest.size === 0) return new Map();
  const rows = await consumed
    .selectFrom('consumed')
    .innerJoin(wanted([...highest.values()]), (join) =>
      join.onRef('wanted.topic', '=', 'consumed.topic').onRef('wanted.key', '=', 'consumed.key'),
    )
    .select(['consumed.topic', 'consumed.key', 'consumed.sequence'])
    .where('consumed.consumer', '=', consumer)
    .orderBy('consumed.topic')
    .orderBy('consumed.key')
    .forUpdate('consumed')
    .execute();
  return new Map(rows.map((row) => [placeOf(row), row.sequence]));
}

const wanted = (keys: readonly Sequenced[]) =>
  sql<Sequenced>`json_to_recordset(${JSON.stringify(keys)}::json)`.as<'wanted'>(sql`wanted(topic text, key text, sequence integer)`);

async function remember(consumed: Transaction<ConsumedTables>, consumer: string, moved: readonly Sequenced[]): Promise<void> {
  await consumed
    .updateTable('consumed')
    .from(sql<Sequenced>`json_to_recordset(${JSON.stringify(moved)}::json)`.as<'moved'>(sql`moved(topic text, key text, sequence integer)`))
    .set((eb) => ({ sequence: eb.ref('moved.sequence'), updated: sql<Date>`clock_timestamp()` }))
    .where('consumed.consumer', '=', consumer)
    .whereRef('consumed.topic', '=', 'moved.topic')
    .whereRef('consumed.key', '=', 'moved.key')
    .execute();
}
