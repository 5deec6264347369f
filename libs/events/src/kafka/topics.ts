import type { Logger } from '@vouch/telemetry';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { TopicSpec } from '../topics.js';

const MOST_REPLICAS = 3;
const MOST_MESSAGE_BYTES = 1_048_588;

/**
 * Creates the topics that are missing: as many replicas as there are brokers, three at most, and acknowledged writes survive the loss of
 * one of three. A topic that exists is left as it is; a person may have good reasons.
 */
export async function ensureKafkaTopics(
  admin: Admin,
  specs: readonly TopicSpec[],
  replicas: number | undefined,
  logger: Logger,
): Promise<void> {
  const present = new Set(await admin.listTopics());
  const missing = specs.filter((spec) => !present.has(spec.name));
  if (missing.length > 0) {
    const { brokers } = await admin.describeCluster();
    const replicationFactor = replicas ?? Math.min(brokers.length, MOST_REPLICAS);
    // False when others have created them at the same moment, which is as good.
    await admin.createTopics({
      waitForLeaders: true,
      timeout: 10_000,
      topics: missing.map((spec) => toTopicConfig(spec, replicationFactor)),
    });
    logger.info({ topics: missing.map((spec) => spec.name), replicationFactor }, 'topics were created');
  }
  const known = specs.filter((spec) => present.has(spec.name));
  if (known.length === 0) return;
  const { topics } = await admin.fetchTopicMetadata({ topics: known.map((spec) => spec.name) });
  for (const { name, partitions } of topics) {
    const wanted = known.find((spec) => spec.name === name)?.partitions;
    if (wanted !== partitions.length)
      logger.warn({ topic: name, partitions: partitions.length, wanted }, 'a topic has another number of partitions');
  }
}

function toTopicConfig(spec: TopicSpec, replicationFactor: number): ITopicConfig {
  const settings = {
    'cleanup.policy': 'delete',
    'retention.ms': String(spec.retentionMs),
    'min.insync.replicas': String(Math.max(1, replicationFactor - 1)),
    'max.message.bytes': String(MOST_MESSAGE_BYTES),
    'unclean.leader.election.enable': 'false',
  };
  return {
    topic: spec.name,
    numPartitions: spec.partitions,
    replicationFactor,
    configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
  };
}
