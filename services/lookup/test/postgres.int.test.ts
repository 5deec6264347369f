import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { openPostgres } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { lookupSuite } from './lookup-suite.js';

const serverUrl = inject('databaseUrl');

describe.skipIf(!serverUrl)('on PostgreSQL', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl ?? '', 'lookup');
  });
  afterAll(() => fresh?.[Symbol.asyncDispose]());

  lookupSuite('lookups', () => openPostgres({ url: fresh.url, maxConnections: 8, logger: silentLogger }));
});
