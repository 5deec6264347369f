import { type Kysely, type Store, sql, type Transaction } from '@vouch/store';
import type { LogRecord, PlacedRecord } from '../envelope.js';
import { slotOf } from '../slot.js';
import type { TopicSpec } from '../topics.js';
import type { EventTables } from './tables.js';

/** A partition of a topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

const placeOf = (place: Place): string => `${place.topic}/${place.partition}`;

/** Makes what is missing; resolves to how many partitions each topic has. A topic that exists keeps its number. */
export async function ensurePartitions(store: Store<EventTables>, specs: readonly TopicSpec[]): Promise<ReadonlyMap<string, number>> {
  const counts = () =>
    store.db
      .selectFrom('head')
      .select((eb) => ['topic', eb.fn.countAll<string>().as('partitions')])
      .groupBy('topic')
      .execute();
  const present = new Set((await counts()).map((row) => row.topic));
  const missing = specs.filter((spec) => !present.has(spec.name));
  if (missing.length > 0) {
    await store.db
      .insertInto('head')
      .values(
        missing.flatMap((spec) =>
          Array.from({ length: spec.partitions }, (_, partition) => ({ topic: spec.name, partition, next_offset: '0' })),
        ),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return new Map((await counts()).map((row) => [row.topic, Number(row.partitions)]));
}

/**
 * Appends records in one transaction. The heads of their partitions are locked first, in one order: offsets are given and committed one
 * writer after the other, so a reader that has seen an offset has seen all before it.
 */
export async function appendRecords(
  store: Store<EventTables>,
  partitions: ReadonlyMap<string, number>,
  records: readonly LogRecord[],
): Promise<void> {
  const placed = records.map((record) => {
    const count = partitions.get(record.topic);
    if (count === undefined) throw new Error(`Nobody declared the topic ${record.topic}`);
    return { record, partition: slotOf(record.key ?? '', count) };
  });
  const places = new Map<string, Place>(
    placed.map(({ record, partition }) => [placeOf({ topic: record.topic, partition }), { topic: record.topic, partition }]),
  );
  await store.transaction(async (tx) => {
    const next = await lockHeads(tx, [...places.values()]);
    const rows = placed.map(({ record, partition }) => {
      const place = placeOf({ topic: record.topic, partition });
      const offset = next.get(place) ?? 0n;
      next.set(place, offset + 1n);
      return {
        topic: record.topic,
        partition,
        offset: String(offset),
        key: record.key,
        headers: record.headers,
        value: record.value?.toString() ?? null,
      };
    });
    await tx
      .insertInto('log')
      .columns(['topic', 'partition', 'offset', 'key', 'headers', 'value'])
      .expression(
        tx
          .selectFrom(
            sql<EventTables['log']>`json_to_recordset(${JSON.stringify(rows)}::json)`.as<'new'>(
              sql`new(topic text, partition integer, "offset" bigint, key text, headers json, value text)`,
            ),
          )
          .select(['topic', 'partition', 'offset', 'key', 'headers', 'value']),
      )
      .execute();
    const heads = [...places].map(([place, { topic, partition }]) => ({ topic, partition, next_offset: String(next.get(place)) }));
    await tx
      .updateTable('head')
      .from(
        sql<{ topic: string; partition: number; next_offset: string }>`json_to_recordset(${JSON.stringify(heads)}::json)`.as<'new'>(
          sql`new(topic text, partition integer, next_offset bigint)`,
        ),
      )
      .set((eb) => ({ next_offset: eb.ref('new.next_offset') }))
      .whereRef('head.topic', '=', 'new.topic')
      .whereRef('head.partition', '=', 'new.partition')
      .execute();
  });
}

async function lockHeads(tx: Transaction<EventTables>, places: readonly Place[]): Promise<Map<string, bigint>> {
  const rows = await tx
    .selectFrom('head')
    .innerJoin(recordsetOf(places), (join) => join.onRef('place.topic', '=', 'head.topic').onRef('place.partition', '=', 'head.partition'))
    .select(['head.topic', 'head.partition', 'head.next_offset'])
    .orderBy('head.topic')
    .orderBy('head.partition')
    .forUpdate('head')
    .execute();
  return new Map(rows.map((row) => [placeOf(row), BigInt(row.next_offset)]));
}

const recordsetOf = (places: readonly Place[]) =>
  sql<Place>`json_to_recordset(${JSON.stringify(places)}::json)`.as<'place'>(sql`place(topic text, partition integer)`);

/** A group's cursors on a topic; a new group starts at the first event kept. */
export async function ensureCursors(db: Kysely<EventTables>, group: string, topic: string, partitions: number): Promise<void> {
  const rows = Array.from({ length: partitions }, (_, partition) => ({ group_name: group, topic, partition, next_offset: '0' }));
  await db
    .insertInto('cursor')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['topic', 'partition', 'group_name']).doUpdateSet({ updated: sql<Date>`clock_timestamp()` }))
    .execute();
}

/** What a group has not yet dealt with, by partition, in order; at most `most` records of each. */
export async function readNext(
  db: Kysely<EventTables>,
  group: string,
  places: readonly Place[],
  most: number,
): Promise<Map<string, PlacedRecord[]>> {
  const found = new Map<string, PlacedRecord[]>();
  if (places.length === 0) return found;
  const rows = await db
    .selectFrom('cursor')
    .innerJoin(recordsetOf(places), (join) =>
      join.onRef('place.topic', '=', 'cursor.topic').onRef('place.partition', '=', 'cursor.partition'),
    )
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('log')
          .selectAll()
          .whereRef('log.topic', '=', 'cursor.topic')
          .whereRef('log.partition', '=', 'cursor.partition')
          .whereRef('log.offset', '>=', 'cursor.next_offset')
          .orderBy('log.offset')
          .limit(most)
          .as('next'),
      (join) => join.onTrue(),
    )
    .select(['next.topic', 'next.partition', 'next.offset', 'next.key', 'next.headers', 'next.value'])
    .where('cursor.group_name', '=', group)
    .orderBy('next.topic')
    .orderBy('next.partition')
    .orderBy('next.offset')
    .execute();
  for (const { topic, partition, offset, key, headers, value } of rows) {
    const place = placeOf({ topic, partition });
    const records = found.get(place) ?? [];
    records.push({ topic, partition, offset, key, headers, value: value === null ? null : Buffer.from(value) });
    found.set(place, records);
  }
  return found;
}

/** Moves a group's cursor past an offset, if the owner still holds the lease on the partition; whether it did. */
export async function moveCursor(
  db: Kysely<EventTables>,
  group: string,
  place: Place,
  offset: string,
  scope: string,
  owner: string,
): Promise<boolean> {
  const next = String(BigInt(offset) + 1n);
  const result = await db
    .updateTable('cursor')
    .set({ next_offset: next, updated: sql<Date>`clock_timestamp()` })
    .where('group_name', '=', group)
    .where('topic', '=', place.topic)
    .where('partition', '=', place.partition)
    .where('next_offset', '<', next)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('group_lease')
          .select('item')
          .where('scope', '=', scope)
          .where('item', '=', String(place.partition))
          .where('owner', '=', owner),
      ),
    )
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

const PRUNE_AT_ONCE = 5_000;

/** Deletes events of a topic that are older than that and that every group has dealt with; how many. */
export async function prune(db: Kysely<EventTables>, topic: string, retentionMs: number): Promise<number> {
  let deleted = 0;
  for (;;) {
    const result = await db
      .deleteFrom('log')
      .where('topic', '=', topic)
      .where((eb) =>
        eb(
          eb.refTuple('log.partition', 'log.offset'),
          'in',
          eb
            .selectFrom('log as old')
            .select(['old.partition', 'old.offset'])
            .where('old.topic', '=', topic)
            .where('old.created', '<', sql<Date>`statement_timestamp() - ${retentionMs} * interval '1 millisecond'`)
            .where((old) =>
              old.not(
                old.exists(
                  old
                    .selectFrom('cursor')
                    .select('cursor.group_name')
                    .whereRef('cursor.topic', '=', 'old.topic')
                    .whereRef('cursor.partition', '=', 'old.partition')
                    .whereRef('cursor.next_offset', '<=', 'old.offset'),
                ),
              ),
            )
            .limit(PRUNE_AT_ONCE)
            .$asTuple('partition', 'offset'),
        ),
      )
      .executeTakeFirst();
    deleted += Number(result.numDeletedRows);
    if (result.numDeletedRows < BigInt(PRUNE_AT_ONCE)) return deleted;
  }
}

/** Forgets groups that nobody has subscribed for so long, so that they don't keep the log from being pruned; their names. */
export async function forgetGroups(db: Kysely<EventTables>, quietMs: number): Promise<string[]> {
  const rows = await db
    .deleteFrom('cursor')
    .where('updated', '<', sql<Date>`statement_timestamp() - ${quietMs} * interval '1 millisecond'`)
    .returning('group_name')
    .execute();
  return [...new Set(rows.map((row) => row.group_name))];
}
