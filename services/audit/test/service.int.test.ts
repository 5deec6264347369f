import { randomUUID } from 'node:crypto';
import { createEmbeddedBus, EVENT_TYPES, TOPICS } from '@vouch/events';
import { createResources } from '@vouch/lifecycle';
import { freshDataDir } from '@vouch/local';
import { AccessResult, AuditServiceService } from '@vouch/proto/audit/v1/audit';
import { AuditRecorded } from '@vouch/proto/event/v1/event';
import { dial } from '@vouch/rpc';
import { openEmbedded } from '@vouch/store';
import { silentLogger, silentTracer, type Telemetry } from '@vouch/telemetry';
import { expect, test } from 'vitest';
import { startAudit } from '../src/service.js';

const telemetry: Telemetry = {
  tracer: () => silentTracer,
  logger: silentLogger,
  flush: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};

test('over gRPC, what was published is listed for its person, and its leaf can be had', async () => {
  await using resources = createResources();
  const { dataDir } = resources.use(await freshDataDir());
  const database = resources.use(await openEmbedded({ dataDir, logger: silentLogger }));
  const bus = resources.use(createEmbeddedBus({ database, tracer: silentTracer, logger: silentLogger }));
  const config = { listen: '127.0.0.1:0', telemetry: { serviceName: 'audit', logLevel: 'silent', prettyLogs: false } };
  const running = resources.use(await startAudit(config, { database, bus, telemetry }));
  const audit = resources.use(dial(AuditServiceService, { address: running.address ?? '', tracer: silentTracer }));
  const call = { signal: new AbortController().signal };
  await running.ready();

  const [id, verificationId, pseudonym] = [randomUUID(), randomUUID(), `k1.${randomUUID()}`];
  const payload = AuditRecorded.toJSON(
    AuditRecorded.fromPartial({
      verificationId,
      action: 'answered',
      persons: [{ pseudonym, subject: 'child', claimTypes: ['police.age-on'] }],
    }),
  );
  const place = { topic: TOPICS.audit, key: `l:${verificationId}`, sequence: 1, type: EVENT_TYPES.audit.recorded, source: '/vouch/lookup' };
  await bus.publish([{ ...place, id, time: new Date().toISOString(), json: JSON.stringify(payload) }]);
  const list = async () => (await audit.listAccesses({ auditPseudonyms: [pseudonym], pageSize: 0, pageToken: '' }, call)).accesses;
  await expect
    .poll(list, { timeout: 10_000 })
    .toMatchObject([{ verificationId, result: AccessResult.ANSWERED, claimTypes: ['police.age-on'] }]);
  const leaf = await audit.getLeaf({ eventId: id }, call);
  expect(leaf.index).toBeTypeOf('bigint');
  expect(JSON.parse(leaf.leaf.toString())).toMatchObject({ id });
});
