import { Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import type { TopicRecord } from './evidence.js';

const MOST_WAIT_MS = 120_000;
const TRACE_ID = /^00-([0-9a-f]{32})-/;

/** Every record of every topic of Vouch, from the beginning, read by a consumer that nobody else knows. */
export async function readTopics(brokers: string): Promise<TopicRecord[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'chaos-checker', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith('vouch.'));
  const ends = new Map<string, bigint>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high));
    }
  }
  await admin.disconnect();
  const records: TopicRecord[] = [];
  if (ends.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `chaos-checker-${process.pid}-${Date.now()}` });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Topics could not be read to their ends: ${[...ends.keys()].join(', ')}`)),
        MOST_WAIT_MS,
      );
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      void consumer.run({
        eachBatch: async ({ batch }) => {
          for (const message of batch.messages) records.push(toRecord(batch.topic, batch.partition, message));
          const place = `${batch.topic}/${batch.partition}`;
          const end = ends.get(place);
          // The last offsets may belong to markers, which no consumer is shown.
          if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) ends.delete(place);
          if (ends.size > 0) return;
          clearTimeout(timer);
          resolve();
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
  return records.sort((a, b) =>
    a.topic !== b.topic
      ? a.topic < b.topic
        ? -1
        : 1
      : a.partition - b.partition || (a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0),
  );
}

function toRecord(topic: string, partition: number, { key, offset, headers, value }: KafkaMessage): TopicRecord {
  const header = (name: string) => String(headers?.[name] ?? '');
  const trace = TRACE_ID.exec(header('traceparent'))?.[1];
  return {
    topic,
    partition,
    offset: BigInt(offset),
    key: String(key),
    id: header('ce_id'),
    sequence: Number(header('ce_sequence')),
    type: header('ce_type'),
    time: new Date(header('ce_time')),
    ...(trace !== undefined && { trace }),
    payload: JSON.parse(String(value)) as TopicRecord['payload'],
  };
}
