import { silentLogger, silentTracer } from '@vouch/telemetry';
import { ConfigResourceTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import { describe, expect, inject, test } from 'vitest';
import { createKafkaBus } from '../src/kafka/kafka-bus.js';
import { type BusUnderTest, busContract } from './bus-contract.js';
import { newTopic } from './event-makers.js';

const brokers = inject('kafkaBrokers');

describe.skipIf(brokers === undefined)('on a real broker', () => {
  busContract('Kafka', () => onKafka(brokers as string));

  test('makes topics with explicit settings, also when several services start at once', async () => {
    const topic = newTopic(5);
    const parts = { brokers: brokers as string, clientId: 'test', tracer: silentTracer, logger: silentLogger, topics: [topic] };
    await using one = createKafkaBus(parts);
    await using other = createKafkaBus(parts);
    await Promise.all([one.ensureTopics(), other.ensureTopics()]);
    const admin = new Kafka({ brokers: (brokers as string).split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic.name] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic.name }],
    });
    await admin.disconnect();
    expect(topics[0]?.partitions).toHaveLength(5);
    const settings = Object.fromEntries(resources[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]) ?? []);
    expect(settings).toMatchObject({
      'retention.ms': String(topic.retentionMs),
      'min.insync.replicas': '1',
      'cleanup.policy': 'delete',
      'max.message.bytes': '1048588',
      'unclean.leader.election.enable': 'false',
    });
  });
});

function onKafka(address: string): BusUnderTest {
  const kafka = new Kafka({ brokers: address.split(','), clientId: 'test', logLevel: logLevel.NOTHING });
  return {
    open: (topics, tracer) => createKafkaBus({ brokers: address, clientId: 'test', tracer, logger: silentLogger, topics }),
    async appendRaw({ topic, key, headers, value }) {
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      await producer.send({ topic, messages: [{ key, headers, value }] });
      await producer.disconnect();
    },
    async readRaw(topic) {
      const admin = kafka.admin();
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(topic);
      await admin.disconnect();
      const total = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
      if (total === 0) return [];
      const found: Awaited<ReturnType<BusUnderTest['readRaw']>> = [];
      const consumer = kafka.consumer({ groupId: `raw-${crypto.randomUUID()}` });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await new Promise<void>((resolve) => {
        void consumer.run({
          eachMessage: async ({ message }) => {
            const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, text]) => [name, String(text)]));
            found.push({ key: message.key?.toString() ?? null, headers, value: message.value });
            if (found.length === total) resolve();
          },
        });
      });
      await consumer.disconnect();
      return found;
    },
  };
}
