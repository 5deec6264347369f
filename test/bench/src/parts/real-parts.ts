import { join } from 'node:path';
import { createResources } from '@vouch/lifecycle';
import { findKafka, findPostgres, type PartNotFound } from '@vouch/local';
import { findChildren } from '../processes/usage.js';
import { assertDurable } from './durable.js';

/** A real PostgreSQL and a real Kafka broker. */
export interface RealParts extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly kafkaBrokers: string;
  /** Their processes, where they were started here; else their costs are not known. */
  readonly pids: { readonly postgres: readonly number[]; readonly kafka: readonly number[] };
}

/** Finds them as the tests do: named by the environment, in Docker, or started here. Refuses a PostgreSQL that does not sync to disk. */
export async function startRealParts(folder: string, log: (line: string) => void): Promise<RealParts> {
  await using opening = createResources();
  const postgres = opening.use(found('PostgreSQL', await findPostgres({ log, dataDir: join(folder, 'postgres') })));
  await assertDurable(postgres.url);
  const kafka = opening.use(found('Kafka', await findKafka({ log, dataDir: join(folder, 'kafka') })));
  const pids = { postgres: await findChildren(process.pid, '/postgres\0'), kafka: await findChildren(process.pid, 'kafka.Kafka') };
  const open = opening.move();
  return {
    databaseUrl: postgres.url,
    kafkaBrokers: kafka.brokers,
    pids,
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

function found<T extends { readonly found: true } & AsyncDisposable>(name: string, part: T | PartNotFound): T {
  if (part.found) return part;
  throw new Error(`The benchmark needs ${name}. ${part.reasons.join('; ')}. ${part.remedy}`);
}
