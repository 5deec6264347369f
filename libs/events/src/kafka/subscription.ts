import type { Logger } from '@vouch/telemetry';
import type { Consumer, EachBatchPayload, IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import { backOffMs } from '../back-off.js';
import { createBell } from '../bell.js';
import type { Delivery } from '../delivery.js';
import type { PlacedRecord } from '../envelope.js';
import { within } from '../within.js';
import { KAFKA_RETRY } from './client.js';
import { createGroupSeat } from './group-seat.js';

/** What a subscription on Kafka needs. */
export interface KafkaSubscriptionParts {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  readonly delivery: Delivery;
  readonly patienceMs?: number | undefined;
  readonly ensureTopics: () => Promise<void>;
  readonly logger: Logger;
}

// A consumer that takes over from one that could not say good-bye waits so long for its partitions.
const SESSION_MS = 8_000;
const HEARTBEAT_MS = 2_000;
const LONGEST_BACK_OFF_MS = 5_000;
const SILENT_FOR_MS = 45_000;
const CLOSE_WITHIN_MS = 5_000;
// A first failure is often a coordinator that is still loading.
const WORTH_A_WORD = 2;
const MEGABYTE = 1024 * 1024;
// So much comes at once even to a patient consumer: some hundred events.
const WORTH_A_FETCH_BYTES = MEGABYTE / 4;

/**
 * Keeps a consumer running through outages. kafkajs ends a consumer on errors that it takes for fatal and has been seen to fall silent
 * after a broker was lost; in both cases a new one takes over, from the last committed offset.
 */
export function startKafkaSubscription(parts: KafkaSubscriptionParts): AsyncDisposable {
  const { kafka, group, topics, ensureTopics, patienceMs, logger } = parts;
  const closing = new AbortController();
  const bell = createBell();
  const seat = createGroupSeat(group);
  let failures = 0;

  async function runOnce(): Promise<void> {
    await ensureTopics();
    const consumer = kafka.consumer({
      groupId: group,
      partitionAssigners: [seat.assigner],
      allowAutoTopicCreation: false,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: 30_000,
      metadataMaxAge: 60_000,
      ...(patienceMs === undefined ? {} : { minBytes: WORTH_A_FETCH_BYTES }),
      // Short, since a partition that is to be read again waits for the fetch under way.
      maxWaitTimeInMs: patienceMs ?? 500,
      maxBytesPerPartition: MEGABYTE,
      maxBytes: 8 * MEGABYTE,
      retry: { ...KAFKA_RETRY, restartOnFailure: async () => false },
    });
    const life = watch(consumer);
    try {
      const starting = join(consumer);
      starting.catch(() => undefined);
      // Closing does not wait for a start that waits for a broker.
      await Promise.race([starting, life.over]);
      await life.over;
    } finally {
      life.stop();
      await within(CLOSE_WITHIN_MS, 'Leaving the consumer group', consumer.disconnect()).catch((failure: unknown) =>
        logger.debug({ group, err: failure }, 'the consumer group was not left in time'),
      );
      seat.left();
    }
  }

  async function join(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await seat.clear();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: true,
      eachBatchAutoResolve: false,
      // What one fetch brings is handled at once, so that a handler can make one transaction of it.
      partitionsConsumedConcurrently: 8,
      eachBatch: (payload) => handleBatch(payload, consumer),
    });
  }

  /** Rejects when the consumer has crashed or fallen silent; resolves when the subscription closes. */
  function watch(consumer: Consumer): { over: Promise<void>; stop(): void } {
    let seen = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve, reject) => {
      closing.signal.addEventListener('abort', () => resolve(), { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const { GROUP_JOIN, FETCH, HEARTBEAT, END_BATCH_PROCESS } = consumer.events;
      const alive = () => {
        seen = performance.now();
      };
      consumer.on(GROUP_JOIN, ({ payload }) => {
        alive();
        seat.taken(payload.memberId);
        if (failures >= WORTH_A_WORD) logger.info({ group, failures }, 'events are being consumed again');
        failures = 0;
      });
      consumer.on(FETCH, alive);
      consumer.on(HEARTBEAT, alive);
      consumer.on(END_BATCH_PROCESS, alive);
      timer = setInterval(() => {
        if (performance.now() - seen > SILENT_FOR_MS) reject(new Error('The Kafka consumer fell silent'));
      }, HEARTBEAT_MS);
    });
    over.catch(() => undefined);
    return { over, stop: () => clearInterval(timer) };
  }

  async function handleBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const records = batch.messages.map((message) => toPlacedRecord(topic, partition, message));
    const lost = new AbortController();
    const beat = setInterval(() => {
      // Fails when the group is being divided anew: the partition may be somebody else's in a moment.
      payload.heartbeat().catch(() => lost.abort());
    }, HEARTBEAT_MS);
    try {
      const { pauseMs } = await parts.delivery.deliver(records, {
        signal: AbortSignal.any([closing.signal, lost.signal]),
        progress: async (done) => {
          payload.resolveOffset((records[done - 1] as PlacedRecord).offset);
          await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
          if (!payload.isRunning() || payload.isStale()) lost.abort();
        },
      });
      if (pauseMs !== undefined) pauseFor(consumer, topic, partition, pauseMs);
    } finally {
      clearInterval(beat);
    }
  }

  /** Offsets of what was not done stay unresolved, so the partition is read again from there. */
  function pauseFor(consumer: Consumer, topic: string, partition: number, ms: number): void {
    const place = [{ topic, partitions: [partition] }];
    consumer.pause(place);
    setTimeout(() => consumer.resume(place), ms).unref();
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await runOnce();
      } catch (failure) {
        failures += 1;
        if (failures === WORTH_A_WORD || failures % 20 === 0)
          logger.warn({ group, failures, err: failure }, 'events cannot be consumed and wait');
        if (!closing.signal.aborted) await bell.sleep(backOffMs(failures, LONGEST_BACK_OFF_MS));
      }
    }
  }

  const running = loop();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      bell.ring();
      await within(2 * CLOSE_WITHIN_MS, 'Closing the subscription', running).catch((failure: unknown) =>
        logger.warn({ group, err: failure }, 'a subscription was left behind'),
      );
    },
  };
}

function toPlacedRecord(topic: string, partition: number, message: KafkaMessage): PlacedRecord {
  const { offset, key, headers, value } = message;
  return { topic, partition, offset, key: key === null ? null : key.toString(), headers: toTextHeaders(headers ?? {}), value };
}

function toTextHeaders(headers: IHeaders): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) texts[name] = first.toString();
  }
  return texts;
}
