import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { openPostgres } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { batchesSuite } from './batches-suite.js';

const serverUrl = inject('databaseUrl');

describe.skipIf(!serverUrl)('on PostgreSQL', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl ?? '', 'batches');
  });
  afterAll(() => fresh?.[Symbol.asyncDispose]());

  batchesSuite('batches', () => openPostgres({ url: fresh.url, maxConnections: 8, logger: silentLogger }));
});
