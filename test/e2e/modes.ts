import type { Mode } from './vouch-under-test.js';

/** One process, embedded store and event log: nothing else is needed. */
export const embeddedMode: Mode = { name: 'embedded', script: 'services/all-in-one/dist/main.js', env: {} };

/** A process per service on a real broker and a real database. */
export const distributedMode = (parts: { readonly kafkaBrokers: string; readonly databaseUrl: string }): Mode => ({
  name: 'distributed',
  script: 'deploy/local/dist/distributed/main.js',
  env: { KAFKA_BROKERS: parts.kafkaBrokers, DATABASE_URL: parts.databaseUrl },
});
