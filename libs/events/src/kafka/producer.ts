import { RetryableError } from '@vouch/errors';
import type { Logger } from '@vouch/telemetry';
import type { Kafka, Producer, TopicMessages } from 'kafkajs';
import type { LogRecord } from '../envelope.js';
import { within } from '../within.js';
import { KAFKA_RETRY } from './client.js';
import { createKeyPartitioner } from './partitioner.js';

/** Sends records to Kafka, one call after the other. */
export interface KafkaProducer extends AsyncDisposable {
  /** Resolves when all in-sync replicas have them; rejects with `unavailable` when that is not known in time. */
  send(records: readonly LogRecord[]): Promise<void>;
}

const SEND_WITHIN_MS = 15_000;
const CLOSE_WITHIN_MS = 3_000;
const MOST_WAITING = 100;

/** A producer that connects when it is first needed. */
export function createKafkaProducer(kafka: Kafka, logger: Logger): KafkaProducer {
  let current: Producer | undefined;
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  async function sendNow(records: readonly LogRecord[]): Promise<void> {
    current ??= createIdempotentProducer(kafka);
    const producer = current;
    const sending = (async () => {
      await producer.connect();
      await producer.sendBatch({ acks: -1, timeout: 10_000, topicMessages: byTopic(records) });
    })();
    try {
      await within(SEND_WITHIN_MS, 'Sending to Kafka', sending);
    } catch (failure) {
      // Whether the broker has the batch is unknown. The producer numbers its batches, and the next one would get the same numbers: the
      // broker might take it for a repeat and drop it. So this producer is given up; its successor can only make duplicates.
      current = undefined;
      const giveUp = () => producer.disconnect().catch(() => undefined);
      void giveUp();
      // A late retry connects again by itself; so once more when it has ended.
      void sending.then(giveUp, giveUp);
      logger.debug({ err: failure }, 'the Kafka producer is given up');
      throw new RetryableError('unavailable', { cause: failure });
    }
  }

  return {
    async send(records) {
      if (waiting >= MOST_WAITING) throw new RetryableError('overloaded');
      waiting += 1;
      // One at a time: were two under way, a retry of the first would land behind the second.
      const mine = last.then(() => sendNow(records));
      last = mine.catch(() => undefined);
      try {
        await mine;
      } finally {
        waiting -= 1;
      }
    },
    async [Symbol.asyncDispose]() {
      await within(CLOSE_WITHIN_MS, 'The last send to Kafka', last).catch(() => undefined);
      if (current) await within(CLOSE_WITHIN_MS, 'Leaving Kafka', current.disconnect()).catch(() => undefined);
      current = undefined;
    },
  };
}

function createIdempotentProducer(kafka: Kafka): Producer {
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: createKeyPartitioner,
    metadataMaxAge: 60_000,
    retry: KAFKA_RETRY,
  });
}

function byTopic(records: readonly LogRecord[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, key, headers, value } of records) {
    let messages = topics.get(topic);
    if (!messages) {
      messages = { topic, messages: [] };
      topics.set(topic, messages);
    }
    messages.messages.push({ key, headers, value });
  }
  return [...topics.values()];
}
