import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel } from 'kafkajs';

/** Places in a topic, by partition. */
export type Places = ReadonlyMap<number, bigint>;

/** Looks into topics from outside. */
export interface Topics extends AsyncDisposable {
  readonly admin: Admin;
  /** Where the next message of each partition will be; none while there is no topic. */
  ends(topic: string): Promise<Places>;
  /** Messages that a group has still to read. */
  lag(group: string, topic: string): Promise<bigint>;
  /** Keys of the messages from some places up to the present end. */
  keys(topic: string, from: Places): Promise<Set<string>>;
}

const READ_WITHIN_MS = 60_000;

/** Connects to a broker. */
export async function openTopics(brokers: string): Promise<Topics> {
  const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'bench', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();

  async function ends(topic: string): Promise<Places> {
    const offsets = await admin.fetchTopicOffsets(topic).catch(() => []);
    return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
  }

  async function read(topic: string, from: Places, to: Places, take: (key: string) => void): Promise<void> {
    const open = new Map([...to].filter(([partition, end]) => end > (from.get(partition) ?? 0n)));
    if (open.size === 0) return;
    const groupId = `bench-${randomUUID()}`;
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${topic} could not be read to its end`)), READ_WITHIN_MS);
        void consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch: { partition, messages } }) => {
            const first = from.get(partition) ?? 0n;
            for (const { key, offset } of messages) if (key && BigInt(offset) >= first) take(key.toString());
            const last = messages.at(-1);
            if (last && BigInt(last.offset) + 1n >= (open.get(partition) ?? 0n)) open.delete(partition);
            if (open.size > 0) return;
            clearTimeout(timer);
            resolve();
          },
        });
        for (const partition of open.keys()) consumer.seek({ topic, partition, offset: String(from.get(partition) ?? 0n) });
      });
    } finally {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => undefined);
    }
  }

  return {
    admin,
    ends,
    async lag(group, topic) {
      const [end, [read]] = await Promise.all([ends(topic), admin.fetchOffsets({ groupId: group, topics: [topic] })]);
      const places = new Map(read?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      return [...end].reduce((sum, [partition, high]) => {
        const place = places.get(partition) ?? -1n;
        return sum + high - (place < 0n ? 0n : place);
      }, 0n);
    },
    async keys(topic, from) {
      const keys = new Set<string>();
      await read(topic, from, await ends(topic), (key) => keys.add(key));
      return keys;
    },
    [Symbol.asyncDispose]: () => admin.disconnect(),
  };
}
