import { Kafka, logLevel, type Message } from 'kafkajs';

const MOST_WAIT_MS = 30_000;

/** A message as it lies in the log; sent again, it goes to the same partition. */
export type Found = Required<Pick<Message, 'key' | 'value' | 'headers'>> & { readonly partition: number; readonly offset: string };

/** The first messages of a topic that are wanted, in the order of their arrival, read by a consumer that nobody else knows. */
export async function findMessages(
  brokers: string,
  topic: string,
  count: number,
  isWanted: (message: Found) => boolean = () => true,
): Promise<Found[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `finder-${process.pid}-${Date.now()}` });
  const found: Found[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${topic} has ${found.length} of ${count} messages`)), MOST_WAIT_MS);
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      void consumer.run({
        eachMessage: async ({ message: { key, value, headers = {}, offset }, partition }) => {
          const message = { key, value, headers, partition, offset };
          if (found.length === count || !isWanted(message)) return;
          if (found.push(message) < count) return;
          clearTimeout(timer);
          resolve();
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
  return found;
}
