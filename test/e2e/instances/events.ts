import { Kafka, logLevel } from 'kafkajs';

/** One record of a topic. */
export interface TopicEvent {
  readonly topic: string;
  readonly key: string;
  readonly id: string;
  readonly sequence: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Every record of Vouch's event topics from the beginning to their ends as they now are, by partition in the order of the log. */
export async function readEvents(brokers: string): Promise<TopicEvent[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const topics = ['vouch.verification.v1', 'vouch.consent.v1', 'vouch.audit.v1'];
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map<string, bigint>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high));
    }
  }
  await admin.disconnect();
  const events: TopicEvent[] = [];
  const consumer = kafka.consumer({ groupId: `reader-${process.pid}-${Date.now()}` });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      void consumer.run({
        eachBatch: async ({ batch }) => {
          const { topic, partition, messages } = batch;
          for (const { key, headers, value } of messages) {
            const header = (name: string) => String(headers?.[name] ?? '');
            const payload = JSON.parse(String(value)) as TopicEvent['payload'];
            events.push({ topic, key: String(key), id: header('ce_id'), sequence: Number(header('ce_sequence')), payload });
          }
          const place = `${topic}/${partition}`;
          const end = ends.get(place);
          if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) ends.delete(place);
          if (ends.size === 0) resolve();
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
  return events;
}
