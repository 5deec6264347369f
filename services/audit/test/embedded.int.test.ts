import { createEmbeddedBus, TOPICS } from '@vouch/events';
import { createResources } from '@vouch/lifecycle';
import { freshDataDir } from '@vouch/local';
import { openEmbedded } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { auditSuite } from './audit-suite.js';

auditSuite('the audit in the embedded database, on the embedded log', async () => {
  const resources = createResources();
  const { dataDir } = resources.use(await freshDataDir());
  const database = resources.use(await openEmbedded({ dataDir, logger: silentLogger }));
  const bus = resources.use(createEmbeddedBus({ database, tracer: silentTracer, logger: silentLogger }));
  return { database, bus, topic: TOPICS.audit, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
});
