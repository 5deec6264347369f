import { randomBytes } from 'node:crypto';
import { type BatchInfo, CONSUMERS, dropStale, type ReceivedEvent } from '@vouch/events';
import { createGroupCommit, inOneGo, type Store, type Transaction } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import { appendLeaves } from './append.js';
import type { Decoded } from './decode.js';
import { looksOf } from './domain/looks.js';
import { looksWrites, offsetsWrite } from './store.js';
import type { AuditTables } from './tables.js';

/** Bytes of a leaf's salt. */
export const SALT_BYTES = 16;

const MOST_PARTITIONS_AT_ONCE = 16;
const MOST_WAITING = 1_000;

/** Events of one partition, in order. */
interface Delivery {
  readonly events: readonly ReceivedEvent<Decoded>[];
  readonly info: Pick<BatchInfo, 'topic' | 'partition'>;
}

/**
 * Takes events into the log: a leaf for each event id that has none, what they say about verifications, and how far the partition was read,
 * in one transaction. Delivered again, they change nothing. The log's one counter lets only one transaction append at a time, so what several
 * partitions bring at once shares one.
 */
export function createTaker(
  store: Store<AuditTables>,
  logger: Logger,
): (events: readonly ReceivedEvent<Decoded>[], info: Pick<BatchInfo, 'topic' | 'partition'>) => Promise<void> {
  const group = createGroupCommit({
    store,
    maxBatch: MOST_PARTITIONS_AT_ONCE,
    maxQueue: MOST_WAITING,
    commit: async (tx, deliveries: readonly Delivery[]) => {
      await take(tx, deliveries, logger);
      return deliveries.map(() => undefined);
    },
  });
  return (events, info) => group.add({ events, info });
}

async function take(tx: Transaction<AuditTables>, deliveries: readonly Delivery[], logger: Logger): Promise<void> {
  const appended = await appendLeaves(
    tx,
    deliveries.flatMap(({ events }) => events.map(toSource)),
  );
  // Raises the alarm about gaps; what to take is said by the event's id alone, since the log would rather have a late record than none.
  await dropStale(
    tx,
    CONSUMERS.audit,
    appended.map(({ source }) => source.event),
    logger,
  );
  const offsets = deliveries.flatMap(({ events, info: { topic, partition } }) => {
    const last = events.at(-1);
    return last ? [{ topic, partition, offset: last.offset }] : [];
  });
  const looks = looksOf(appended.map(({ source }) => ({ record: source.event.payload.record, at: source.time })));
  await inOneGo(tx, [...looksWrites(looks), ...offsetsWrite(offsets)]);
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
