import { randomBytes } from 'node:crypto';
import {
  type BatchInfo,
  CONSUMERS,
  type DeadLetter,
  deadLetterTopic,
  dropStale,
  type EventBus,
  type ReceivedEvent,
  TOPICS,
} from '@vouch/events';
import type { Store } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import { appendLeaves } from './append.js';
import { type Decoded, decode } from './decode.js';
import { looksOf } from './domain/looks.js';
import { saveLooks, saveOffset } from './store.js';
import type { AuditTables } from './tables.js';

/** Type of the leaf that stands for an event that could not be taken. */
export const UNDECODABLE = 'vouch.audit.undecodable';

const SALT_BYTES = 16;

/** What consuming needs. */
export interface ConsumerOptions {
  readonly store: Store<AuditTables>;
  readonly bus: EventBus;
  readonly logger: Logger;
  /** Consumer group and topic; the audit's own unless said. */
  readonly group?: string;
  readonly topic?: string;
}

/** Starts to take audit records off the bus. */
export function startConsumer({
  store,
  bus,
  logger,
  group = CONSUMERS.audit,
  topic = TOPICS.audit,
}: ConsumerOptions): Promise<AsyncDisposable> {
  return bus.subscribe<Decoded>({
    group,
    topics: [topic],
    decode,
    handle: (events, info) => takeEvents(store, events, info, logger),
    deadLetter: { topic: deadLetterTopic(CONSUMERS.audit), onDeadLetter: (letter) => takeDeadLetter(store, letter) },
  });
}

/**
 * Takes events into the log: a leaf for each event id that has none, what they say about verifications, and how far the partition was read,
 * in one transaction. Delivered again, they change nothing.
 */
export async function takeEvents(
  store: Store<AuditTables>,
  events: readonly ReceivedEvent<Decoded>[],
  info: Pick<BatchInfo, 'topic' | 'partition'>,
  logger: Logger,
): Promise<void> {
  await store.transaction(async (tx) => {
    const appended = await appendLeaves(tx, events.map(toSource));
    // Raises the alarm about gaps; what to take is said by the event's id alone, since the log would rather have a late record than none.
    await dropStale(
      tx,
      CONSUMERS.audit,
      appended.map(({ source }) => source.event),
      logger,
    );
    await saveLooks(tx, looksOf(appended.map(({ source }) => ({ record: source.event.payload.record, at: source.time }))));
    const last = events.at(-1);
    if (last) await saveOffset(tx, info.topic, info.partition, last.offset);
  });
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

/** A leaf of its own for what cannot be taken: the log shows that something is missing, and where it was. */
export async function takeDeadLetter(store: Store<AuditTables>, letter: DeadLetter): Promise<void> {
  const { topic, partition, offset, code } = letter;
  await store.transaction(async (tx) => {
    const id = `undecodable:${topic}/${partition}/${offset}`;
    const payload = { topic, partition, offset, code };
    await appendLeaves(tx, [{ id, type: UNDECODABLE, time: new Date(), payload, salt: randomBytes(SALT_BYTES) }]);
    await saveOffset(tx, topic, partition, offset);
  });
}
