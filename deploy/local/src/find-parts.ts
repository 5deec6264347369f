import { openPostgres } from '@vouch/store';
import { readLocalConfig } from './config.js';
import { startKafkaContainer, startPostgresContainer } from './docker.js';
import { startKafka } from './kafka.js';
import { answersAsKafka } from './kafka-probe.js';
import { MissingPartError } from './missing-part.js';
import { startPostgres } from './postgres.js';

/** Where a part came from. */
export type PartSource = 'environment' | 'docker' | 'local';

/** A broker that can be used; closing ends it if it was started for us. */
export interface FoundKafka extends AsyncDisposable {
  readonly found: true;
  readonly source: PartSource;
  /** `host:port`, several separated by commas. */
  readonly brokers: string;
}

/** A PostgreSQL server that can be used; closing ends it if it was started for us. */
export interface FoundPostgres extends AsyncDisposable {
  readonly found: true;
  readonly source: PartSource;
  readonly url: string;
}

/** Nothing can be had: why each way failed, and what can be done. */
export interface PartNotFound {
  readonly found: false;
  readonly reasons: readonly string[];
  readonly remedy: string;
}

/** How to look for a part. */
export interface FindOptions {
  /** Hears one line about each thing that takes time or fails. */
  readonly log: (line: string) => void;
  /** Folder of the data of a server that is started here, kept when it stops; without one it is temporary. */
  readonly dataDir?: string;
}

const PATIENCE_MS = 10_000;

/** A real Kafka broker: that of `KAFKA_BROKERS`, else one in a Docker engine, else one in a JVM of this machine. */
export async function findKafka(options: FindOptions): Promise<FoundKafka | PartNotFound> {
  const { kafkaBrokers } = readLocalConfig();
  if (kafkaBrokers !== undefined) {
    const answering = await Promise.all(kafkaBrokers.split(',').map((address) => answersAsKafka(address.trim())));
    if (!answering.includes(true)) throw new Error(`KAFKA_BROKERS is set, but none of ${kafkaBrokers} answers`);
    return { found: true, source: 'environment', brokers: kafkaBrokers, async [Symbol.asyncDispose]() {} };
  }
  return firstOf<FoundKafka>('Kafka', options, [
    async () => {
      const { address, stop } = await startKafkaContainer(options.log);
      return { found: true, source: 'docker', brokers: address, [Symbol.asyncDispose]: stop };
    },
    async () => {
      const kafka = await startKafka(options);
      return { found: true, source: 'local', brokers: kafka.brokers, [Symbol.asyncDispose]: async () => kafka[Symbol.asyncDispose]() };
    },
  ]);
}

/** A real PostgreSQL server: that of `DATABASE_URL`, else one in a Docker engine, else one started on this machine. */
export async function findPostgres(options: FindOptions): Promise<FoundPostgres | PartNotFound> {
  const { databaseUrl } = readLocalConfig();
  if (databaseUrl !== undefined) {
    const logger = { info: () => undefined, warn: () => undefined };
    const database = await openPostgres({ url: databaseUrl, logger, maxConnections: 1, openWithinMs: PATIENCE_MS });
    await database[Symbol.asyncDispose]();
    return { found: true, source: 'environment', url: databaseUrl, async [Symbol.asyncDispose]() {} };
  }
  return firstOf<FoundPostgres>('PostgreSQL', options, [
    async () => {
      const { address, stop } = await startPostgresContainer(options.log);
      return { found: true, source: 'docker', url: address, [Symbol.asyncDispose]: stop };
    },
    async () => {
      const postgres = await startPostgres(options);
      return { found: true, source: 'local', url: postgres.url, [Symbol.asyncDispose]: async () => postgres[Symbol.asyncDispose]() };
    },
  ]);
}

async function firstOf<Found>(name: string, { log }: FindOptions, ways: readonly (() => Promise<Found>)[]): Promise<Found | PartNotFound> {
  const reasons: string[] = [];
  let remedy = 'Start a Docker engine.';
  for (const way of ways) {
    try {
      return await way();
    } catch (failure) {
      const reason = failure instanceof Error ? failure.message : String(failure);
      reasons.push(reason);
      log(`${name}: ${reason}`);
      if (failure instanceof MissingPartError) remedy = failure.remedy;
    }
  }
  return { found: false, reasons, remedy };
}
