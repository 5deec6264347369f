import { randomBytes } from 'node:crypto';
import { CONSUMERS, type DeadLetter, deadLetterTopic, type EventBus, TOPICS } from '@vouch/events';
import { inOneGo, type Store } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import { appendLeaves } from './append.js';
import { type Decoded, decode } from './decode.js';
import { offsetsWrite } from './store.js';
import type { AuditTables } from './tables.js';
import { createTaker, SALT_BYTES } from './take-events.js';

/** Type of the leaf that stands for an event that could not be taken. */
export const UNDECODABLE = 'vouch.audit.undecodable';

// Nobody waits for the audit, and a transaction of it costs as much for few records as for many.
const PATIENCE_MS = 250;

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
    patienceMs: PATIENCE_MS,
    decode,
    handle: createTaker(store, logger),
    deadLetter: { topic: deadLetterTopic(CONSUMERS.audit), onDeadLetter: (letter) => takeDeadLetter(store, letter) },
  });
}

/** A leaf of its own for what cannot be taken: the log shows that something is missing, and where it was. */
export async function takeDeadLetter(store: Store<AuditTables>, letter: DeadLetter): Promise<void> {
  const { topic, partition, offset, code } = letter;
  await store.transaction(async (tx) => {
    const id = `undecodable:${topic}/${partition}/${offset}`;
    const payload = { topic, partition, offset, code };
    await appendLeaves(tx, [{ id, type: UNDECODABLE, time: new Date(), payload, salt: randomBytes(SALT_BYTES) }]);
    await inOneGo(tx, offsetsWrite([{ topic, partition, offset }]));
  });
}
