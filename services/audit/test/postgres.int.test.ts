import { randomUUID } from 'node:crypto';
import { createKafkaBus, EVENT_TOPICS, TOPICS, type TopicSpec } from '@vouch/events';
import { createResources } from '@vouch/lifecycle';
import { freshDatabase } from '@vouch/local';
import { openPostgres } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { describe, inject } from 'vitest';
import { auditSuite } from './audit-suite.js';

const serverUrl = inject('databaseUrl');
const brokers = inject('kafkaBrokers');

describe.skipIf(!serverUrl || !brokers)('the audit', () => {
  auditSuite('on PostgreSQL and Kafka', async () => {
    const resources = createResources();
    const { url } = resources.use(await freshDatabase(serverUrl ?? '', 'audit'));
    const database = resources.use(await openPostgres({ url, logger: silentLogger }));
    // A topic of its own: others use this broker too, and what cannot be decoded would reach them.
    const own = { ...(EVENT_TOPICS.find((spec) => spec.name === TOPICS.audit) as TopicSpec), name: `vouch.audit-test-${randomUUID()}.v1` };
    const options = {
      brokers: brokers ?? '',
      clientId: 'audit-test',
      tracer: silentTracer,
      logger: silentLogger,
      topics: [...EVENT_TOPICS, own],
    };
    const bus = resources.use(createKafkaBus(options));
    return { database, bus, topic: own.name, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
  });
});
