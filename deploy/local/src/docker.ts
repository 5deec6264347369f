import { setTimeout as delay } from 'node:timers/promises';
import { MissingPartError } from './missing-part.js';

/** A server in a container. */
export interface StartedContainer {
  /** Kafka: `host:port`; PostgreSQL: its URL. */
  readonly address: string;
  stop(): Promise<void>;
}

const KAFKA_IMAGE = 'confluentinc/cp-kafka:8.1.1';
const KAFKA_PORT = 9093;
const POSTGRES_IMAGE = 'postgres:15';
/** An image that has to be pulled over a line that leads nowhere would keep everybody waiting. */
const START_WITHIN_MS = 180_000;

/** Starts Kafka in a Docker engine; throws a MissingPartError when no engine answers or the image cannot be had. */
export async function startKafkaContainer(log: (line: string) => void): Promise<StartedContainer> {
  await assertEngine();
  log(`Starting ${KAFKA_IMAGE} in Docker …`);
  // Loaded only now: the libraries are large, and most machines that run this have no engine.
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await inTime(
    KAFKA_IMAGE,
    new KafkaContainer(KAFKA_IMAGE)
      .withKraft()
      .withEnvironment({
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
        KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '8',
      })
      .start(),
  );
  return { address: `${container.getHost()}:${container.getMappedPort(KAFKA_PORT)}`, stop: async () => void (await container.stop()) };
}

/** Starts PostgreSQL in a Docker engine; throws a MissingPartError when no engine answers or the image cannot be had. */
export async function startPostgresContainer(log: (line: string) => void): Promise<StartedContainer> {
  await assertEngine();
  log(`Starting ${POSTGRES_IMAGE} in Docker …`);
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await inTime(POSTGRES_IMAGE, new PostgreSqlContainer(POSTGRES_IMAGE).start());
  return { address: container.getConnectionUri(), stop: async () => void (await container.stop()) };
}

async function assertEngine(): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    await getContainerRuntimeClient();
  } catch {
    throw new MissingPartError('no Docker engine answers', 'Start a Docker engine.');
  }
}

async function inTime<Started extends { stop(): Promise<unknown> }>(image: string, starting: Promise<Started>): Promise<Started> {
  const patience = new AbortController();
  try {
    const started = await Promise.race([starting, delay(START_WITHIN_MS, undefined, { signal: patience.signal })]);
    if (started) return started;
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new MissingPartError(
      `${image} cannot be started in Docker: ${reason}`,
      `Make the image ${image} available to the Docker engine.`,
    );
  } finally {
    patience.abort();
  }
  // It may still come; then nobody wants it any more.
  starting.then((late) => late.stop()).catch(() => undefined);
  throw new MissingPartError(`${image} did not start in Docker in time`, `Make the image ${image} available to the Docker engine.`);
}
