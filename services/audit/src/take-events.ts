import { randomBytes } from 'node:crypto';
import { type BatchInfo, CONSUMERS, type ReceivedEvent, type SequenceGap } from '@vouch/events';
import { createGroupCommit, inOneGo, type Store, type Transaction } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import { appendLeaves } from './append.js';
import type { Decoded } from './decode.js';
import { looksOf, type Recorded } from './domain/looks.js';
import { writerOf } from './domain/writer.js';
import { findGaps } from './gaps.js';
import { looksWrites, offsetsWrite } from './store.js';
import type { AuditTables } from './tables.js';

/** Bytes of a leaf's salt. */
export const SALT_BYTES = 16;

const MOST_PARTITIONS_AT_ONCE = 16;
const MOST_WAITING = 1_000;

/** Where a delivery comes from. */
export type Origin = Pick<BatchInfo, 'topic' | 'partition'>;

/** Events of one partition, in order. */
interface Delivery {
  readonly events: readonly ReceivedEvent<Decoded>[];
  readonly origin: Origin;
}

/**
 * Takes events into the log: a leaf for each event id that has none, what they say about verifications, and how far the partition was read,
 * in one transaction. Delivered again, they change nothing. The log's one counter lets only one transaction append at a time, so what several
 * partitions bring at once shares one.
 */
export function createTaker(
  store: Store<AuditTables>,
  logger: Logger,
): (events: readonly ReceivedEvent<Decoded>[], origin: Origin) => Promise<void> {
  const group = createGroupCommit({
    store,
    maxBatch: MOST_PARTITIONS_AT_ONCE,
    maxQueue: MOST_WAITING,
    commit: async (tx, deliveries: readonly Delivery[]) => {
      const gaps = await take(tx, deliveries);
      // Told once, with the first of those that shared the transaction.
      return deliveries.map((_, place) => (place === 0 ? gaps : []));
    },
  });
  return async (events, origin) => {
    // After the commit: a transaction may be run again.
    for (const gap of await group.add({ events, origin })) {
      logger.error({ consumer: CONSUMERS.audit, ...gap }, 'events are missing: a gap in the sequence of a key');
    }
  };
}

/** Returns the numbers of keys that never came. */
async function take(tx: Transaction<AuditTables>, deliveries: readonly Delivery[]): Promise<readonly SequenceGap[]> {
  const appended = await appendLeaves(
    tx,
    deliveries.flatMap(({ events }) => events.map(toSource)),
  );
  const events = appended.map(({ source }) => source.event);
  // What to take is said by the event's id alone, since the log would rather have a late record than none.
  const gaps = await findGaps(tx, events);
  const offsets = deliveries.flatMap(({ events, origin: { topic, partition } }) => {
    const last = events.at(-1);
    return last ? [{ topic, partition, offset: last.offset }] : [];
  });
  const looks = looksOf(events.map(toRecorded));
  await inOneGo(tx, [...looksWrites(looks), ...offsetsWrite(offsets)]);
  return gaps;
}

const toSource = (event: ReceivedEvent<Decoded>) => ({
  id: event.id,
  type: event.type,
  time: event.time,
  payload: event.payload.raw,
  // The writer's salt, so that the leaf can be made again from the event; an empty one would let the digest be guessed.
  salt: event.payload.salt ?? randomBytes(SALT_BYTES),
  event,
});

const toRecorded = ({ key, sequence, time, payload: { record } }: ReceivedEvent<Decoded>): Recorded => {
  const writer = writerOf(key, record.verificationId);
  return { record, at: time, sequence, ...(writer && { writer }) };
};
