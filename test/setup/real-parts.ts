import { type FoundKafka, type FoundPostgres, findKafka, findPostgres, type PartNotFound, readLocalConfig } from '@vouch/local';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `host:port` of a real Kafka broker, or undefined where none can be had: skip then. */
    kafkaBrokers: string | undefined;
    /** URL of a real PostgreSQL server whose user may make databases, or undefined where none can be had: skip then. */
    databaseUrl: string | undefined;
  }
}

interface Parts {
  readonly kafka: FoundKafka | PartNotFound;
  readonly postgres: FoundPostgres | PartNotFound;
}

/** Projects of one run share the parts, though each loads this file anew. */
interface Shared {
  users: number;
  parts: Promise<Parts>;
}

const KEY = Symbol.for('vouch.real-parts');
const holder = globalThis as typeof globalThis & { [KEY]?: Shared };

/** Finds a broker and a database for the run; with `CI=true` it fails when one cannot be had. */
export async function setup(project: TestProject): Promise<void> {
  holder[KEY] ??= { users: 0, parts: findParts() };
  holder[KEY].users += 1;
  const { kafka, postgres } = await holder[KEY].parts;
  project.provide('kafkaBrokers', kafka.found ? kafka.brokers : undefined);
  project.provide('databaseUrl', postgres.found ? postgres.url : undefined);
}

/** Stops what was started, when the last project is done. */
export async function teardown(): Promise<void> {
  const shared = holder[KEY];
  if (!shared || --shared.users > 0) return;
  delete holder[KEY];
  const parts = await shared.parts.catch(() => undefined);
  if (parts?.kafka.found) await parts.kafka[Symbol.asyncDispose]();
  if (parts?.postgres.found) await parts.postgres[Symbol.asyncDispose]();
}

async function findParts(): Promise<Parts> {
  const [kafka, postgres] = await Promise.allSettled([findKafka({ log: say }), findPostgres({ log: say })]);
  if (kafka.status === 'rejected' || postgres.status === 'rejected') {
    for (const one of [kafka, postgres]) if (one.status === 'fulfilled' && one.value.found) await one.value[Symbol.asyncDispose]();
    throw kafka.status === 'rejected' ? kafka.reason : (postgres as PromiseRejectedResult).reason;
  }
  const missing = [toComplaint('Kafka', kafka.value), toComplaint('PostgreSQL', postgres.value)].filter((text) => text !== undefined);
  if (missing.length > 0 && readLocalConfig().ci) {
    for (const one of [kafka.value, postgres.value]) if (one.found) await one[Symbol.asyncDispose]();
    throw new Error(`CI=true, and real parts are missing.\n${missing.join('\n')}`);
  }
  for (const text of missing) say(`\n*** SKIPPED: every test that needs ${text}\n`);
  return { kafka: kafka.value, postgres: postgres.value };
}

function toComplaint(name: string, part: FoundKafka | FoundPostgres | PartNotFound): string | undefined {
  return part.found ? undefined : `${name}. Why: ${part.reasons.join('; ')}. What helps: ${part.remedy}`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
