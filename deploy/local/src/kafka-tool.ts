import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readLocalConfig } from './config.js';
import { findKafkaArtifacts } from './kafka-artifacts.js';

const CLASSES = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  'console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
} as const;

/** A command of the Apache Kafka distribution, by the name of its script without `kafka-`. */
export type KafkaTool = keyof typeof CLASSES;

/** Runs a command of the Apache Kafka distribution with its own arguments; returns what it wrote, and throws when it failed. */
export async function runKafkaTool(tool: KafkaTool, args: readonly string[], input = ''): Promise<string> {
  const { java, libs } = await findKafkaArtifacts(readLocalConfig(), () => undefined);
  const flags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=ERROR', '-cp', join(libs, '*')];
  const child = spawn(java, [...flags, CLASSES[tool], ...args], { stdio: 'pipe' });
  let written = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString('utf8');
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`kafka-${tool} ended with ${code}: ${complaints || written}`);
  return written;
}
