import { createEmbeddedBus } from '@vouch/events';
import { createResources } from '@vouch/lifecycle';
import { freshDataDir } from '@vouch/local';
import { ConsentServiceService, ConsentStatus, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { dial } from '@vouch/rpc';
import { openEmbedded } from '@vouch/store';
import { silentLogger, silentTracer, type Telemetry } from '@vouch/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningConsent, startConsent } from '../src/service.js';
import { call, family, openConsent, redeem, redemption, type VouchConsent, viewer, wish } from './vouch-consent.js';

const telemetry: Telemetry = {
  tracer: () => silentTracer,
  logger: silentLogger,
  flush: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};
const resources = createResources();
let running: RunningConsent;
let vouch: VouchConsent;
const seen: string[] = [];

beforeAll(async () => {
  const { dataDir } = resources.use(await freshDataDir());
  const database = resources.use(await openEmbedded({ dataDir, logger: silentLogger }));
  const bus = resources.use(createEmbeddedBus({ database, tracer: silentTracer, logger: silentLogger }));
  const topics = ['vouch.consent.v1', 'vouch.audit.v1'];
  const deadLetter = { topic: 'vouch.notify.dead-letter.v1' };
  const handle = async (events: readonly { type: string; payload: unknown }[]) => {
    for (const { type, payload } of events) seen.push(type === 'vouch.audit.recorded' ? (payload as { action: string }).action : type);
  };
  resources.use(await bus.subscribe({ group: 'notify', topics, handle, deadLetter }));
  const local = await openConsent(database);
  const { keyring } = local;
  const config = {
    listen: { consent: '127.0.0.1:0', redemption: '127.0.0.1:0' },
    sweepEveryMs: 50,
    telemetry: { serviceName: 'consent', logLevel: 'silent', prettyLogs: false },
  } as const;
  const ports = { register: { check: async () => 'guardian' as const } };
  running = resources.use(await startConsent(config, { database, bus, keyring, telemetry, ports }));
  const addresses = running.addresses ?? { consent: '', redemption: '' };
  const consent = resources.use(dial(ConsentServiceService, { address: addresses.consent, tracer: silentTracer }));
  const redemptions = resources.use(dial(RedemptionServiceService, { address: addresses.redemption, tracer: silentTracer }));
  vouch = { ...local, service: { ...local.service, consent, redemption: redemptions } };
});
afterAll(() => resources[Symbol.asyncDispose]());

test('over gRPC, a consent lives from request to withdrawal, and every step reaches the bus', async () => {
  await running.ready();
  const people = family();
  const request = wish(people, { maxUses: 2 });
  const { consent } = vouch.service;
  await consent.requestConsent(request, call());
  const by = { consentId: request.consentId, viewer: viewer(vouch, people.guardian) };
  const granted = await consent.grantConsent({ ...by, parts: [] }, call());
  expect(granted.consent?.status).toBe(ConsentStatus.GRANTED);
  expect(await redeem(vouch, redemption(vouch, people, request.consentId, { leaseMs: 100 }))).toMatchObject({ repeatedRedemption: false });
  const withdrawn = await consent.withdrawConsent(by, call(10_000));
  expect(withdrawn.consent?.status).toBe(ConsentStatus.WITHDRAWN);
  expect(await redeem(vouch, redemption(vouch, people, request.consentId))).toBe('consent_withdrawn');

  await running.idle();
  const steps = ['vouch.consent.requested', 'vouch.consent.granted', 'vouch.consent.withdrawing', 'vouch.consent.withdrawn'];
  await expect.poll(() => seen.filter((one) => one.startsWith('vouch.')), { timeout: 10_000 }).toEqual(steps);
  await expect
    .poll(() => seen.filter((one) => !one.startsWith('vouch.')).sort(), { timeout: 10_000 })
    .toEqual([
      'catalogue_changed',
      'consent_granted',
      'consent_part_granted',
      'consent_requested',
      'consent_withdrawing',
      'consent_withdrawn',
      'guardianship_checked',
      'redeemed',
    ]);
});

test('over gRPC, refusals keep their codes and faults', async () => {
  const { consent } = vouch.service;
  const reader = { $case: 'platform', value: 'jinan-enrolment' } as const;
  await expect(consent.getConsent({ consentId: 'x', reader }, call())).rejects.toMatchObject({
    code: 'consent_not_found',
    retryable: false,
  });
  await expect(consent.requestConsent(wish({}, { maxUses: 0, parts: [] }), call())).rejects.toMatchObject({
    code: 'request_invalid',
    faults: [{ pointer: '/parts' }, { pointer: '/maxUses' }],
  });
});
