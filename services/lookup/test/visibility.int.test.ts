import { randomUUID } from 'node:crypto';
import { LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHILD, GUARDIAN } from './example-people.js';
import { type LookupUnderTest, lookupBody, OTHER_PLATFORM, startLookupUnderTest } from './lookup-under-test.js';

let lookup: LookupUnderTest;
let verificationId: string;
let consentId: string;

const consentBody = {
  purpose: 'school-enrolment',
  claimTypes: ['police.guardian-of', { type: 'housing.owns-home', version: 1, subjects: ['guardian'] }],
  subjects: { child: CHILD, guardian: GUARDIAN },
  validUntil: new Date(Date.now() + 86_400_000).toISOString(),
  maxUses: 3,
};

beforeAll(async () => {
  lookup = await startLookupUnderTest();
  verificationId = (await lookup.call('/v1/verifications', { method: 'POST', body: lookupBody() })).body.id;
  consentId = (await lookup.call('/v1/consents', { method: 'POST', body: consentBody })).body.id;
});
afterAll(() => lookup?.[Symbol.asyncDispose]());

const strip = ({ traceId: _trace, ...problem }: Record<string, unknown>) => problem;

/** Who asks, and what each kind of thing answers them. */
const callers = {
  'its platform': () => lookup.platformToken(),
  'another platform': () => lookup.platformToken(OTHER_PLATFORM),
  'a person': () => lookup.personToken(),
  nobody: async () => null,
} as const;
type CallerName = keyof typeof callers;

const things: Record<string, { path: () => string; absent: string; expected: Record<CallerName, number> }> = {
  verification: {
    path: () => `/v1/verifications/${verificationId}`,
    absent: `/v1/verifications/${randomUUID()}`,
    // A person's token never has verifications:read.
    expected: { 'its platform': 200, 'another platform': 404, 'a person': 403, nobody: 401 },
  },
  consent: {
    path: () => `/v1/consents/${consentId}`,
    absent: `/v1/consents/${randomUUID()}`,
    expected: { 'its platform': 200, 'another platform': 404, 'a person': 200, nobody: 401 },
  },
  'access log': {
    path: () => '/v1/access-log/ref-self',
    absent: '/v1/access-log/ref-of-somebody-else',
    expected: { 'its platform': 403, 'another platform': 403, 'a person': 200, nobody: 401 },
  },
  'access subjects': {
    path: () => '/v1/access-log/subjects',
    absent: '/v1/access-log/subjects',
    expected: { 'its platform': 403, 'another platform': 403, 'a person': 200, nobody: 401 },
  },
  catalogue: {
    path: () => '/v1/catalogue',
    absent: '/v1/catalogue',
    expected: { 'its platform': 200, 'another platform': 200, 'a person': 200, nobody: 401 },
  },
};

describe.each(Object.entries(things))('%s', (_name, { path, absent, expected }) => {
  it.each(Object.entries(expected) as [CallerName, number][])('for %s: %d', async (caller, status) => {
    const token = await callers[caller]();
    const answer = await lookup.call(path(), { token });
    expect(answer.status).toBe(status);
    // Who may not see it cannot tell whether it is there.
    if (status >= 400) expect(strip(answer.body)).toEqual(strip((await lookup.call(absent, { token })).body));
  });
});

describe('consents over HTTP', () => {
  it('are requested by a platform with parts by person, found again by key, and decided by a person', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const made = await lookup.call('/v1/consents', { method: 'POST', body: consentBody, headers });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/v1/consents/${made.body.id}`);
    expect(made.body).toMatchObject({ status: 'requested', maxUses: 3, retentionDays: 180 });
    expect(made.body.parts.map(({ subject, claimType }: { subject: string; claimType: string }) => `${subject} ${claimType}`)).toEqual([
      'child police.guardian-of',
      'guardian police.guardian-of',
      'guardian housing.owns-home',
    ]);
    expect(JSON.stringify(made.body)).not.toContain(GUARDIAN.idNumber);
    expect((await lookup.call('/v1/consents', { method: 'POST', body: consentBody, headers })).body.id).toBe(made.body.id);
    const token = await lookup.personToken();
    const granted = await lookup.call(`/v1/consents/${made.body.id}/grant`, { method: 'POST', token });
    expect([granted.status, granted.body.status]).toEqual([200, 'granted']);
    const parts = [{ subject: 'child', claimType: 'no.such-type' }];
    const odd = await lookup.call(`/v1/consents/${made.body.id}/grant`, { method: 'POST', token, body: { parts } });
    expect(odd.body.errors).toEqual([expect.objectContaining({ pointer: '/parts/0', code: 'unknown_part' })]);
    const platform = await lookup.call(`/v1/consents/${made.body.id}/withdraw`, { method: 'POST', body: {} });
    expect([platform.status, platform.body.code]).toEqual([403, 'scope_missing']);
    expect((await lookup.call(`/v1/consents/${made.body.id}/withdraw`, { method: 'POST', token, body: {} })).body.status).toBe('withdrawn');
  });

  it('tell every fault of a request at once', async () => {
    const { status, body } = await lookup.call('/v1/consents', {
      method: 'POST',
      body: {
        ...consentBody,
        claimTypes: ['no.such-type', { type: 'housing.owns-home', version: 99 }, { type: 'housing.owns-home', subjects: ['sibling1'] }],
        validUntil: '2020-01-01T00:00:00Z',
        maxUses: 0,
        purpose: 'x',
      },
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)).toEqual([
      '/claimTypes/0 unknown_claim_type',
      '/claimTypes/1/version unknown_claim_version',
      '/claimTypes/2/subjects/0 subject_missing',
      '/maxUses too_small',
      '/purpose unknown_purpose',
      '/validUntil window_past',
    ]);
  });
});

describe('gRPC', () => {
  const open = (token: string, metadata: Record<string, string> = {}) =>
    dial(LookupServiceService, {
      address: lookup.grpcAddress,
      tracer: silentTracer,
      metadata: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...metadata },
    });
  const call = { signal: new AbortController().signal };
  const request = (overrides = {}) => {
    const { claims, subjects, legalBasis, ...rest } = lookupBody();
    return {
      ...rest,
      ...{ requirementSet: '', entryYear: 0, applicationDate: '', addressCode: '', facts: {} },
      claims: claims.map(({ parameters, with: involved, ...claim }) => ({
        ...claim,
        version: 0,
        with: { ...involved },
        parametersJson: JSON.stringify(parameters),
      })),
      subjects,
      legalBasis: { basis: { $case: 'consentId' as const, value: legalBasis.consentId } },
      ...overrides,
    };
  };

  it('finds what HTTP made under the same idempotency key, and the other way round', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const overHttp = await lookup.call('/v1/verifications', { method: 'POST', body: lookupBody(), headers: key });
    await using client = open(await lookup.platformToken(), key);
    const { verification } = await client.createVerification(request(), call);
    expect(verification?.id).toBe(overHttp.body.id);
    expect(verification?.claims.map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed']);
    expect((await client.getVerification({ id: overHttp.body.id }, call)).verification).toEqual(verification);
    await expect(client.createVerification(request({ timeBudgetMs: 2_000 }), call)).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  });

  it('has the same codes', async () => {
    await using nobody = open('');
    await expect(nobody.getVerification({ id: verificationId }, call)).rejects.toMatchObject({ code: 'unauthenticated' });
    const garbled = { ...LookupServiceService.createVerification, requestSerialize: () => Buffer.from([0xff]) };
    const definition = { ...LookupServiceService, createVerification: garbled };
    await using stranger = dial(definition, { address: lookup.grpcAddress, tracer: silentTracer });
    await expect(stranger.createVerification(request(), call)).rejects.toMatchObject({ code: 'unauthenticated' });
    await using other = open(await lookup.platformToken(OTHER_PLATFORM));
    await expect(other.getVerification({ id: verificationId }, call)).rejects.toMatchObject({ code: 'verification_not_found' });
    await using person = open(await lookup.personToken());
    await expect(person.getVerification({ id: verificationId }, call)).rejects.toMatchObject({ code: 'scope_missing' });
    await using own = open(await lookup.platformToken());
    await expect(own.createVerification(request({ region: '000000' }), call)).rejects.toMatchObject({
      code: 'request_invalid',
      faults: [expect.objectContaining({ pointer: '/region', code: 'unknown_region' })],
    });
    await expect(own.createVerification(request({ retryForSeconds: 259_201 }), call)).rejects.toMatchObject({
      code: 'request_invalid',
      faults: [expect.objectContaining({ pointer: '/retryForSeconds', code: 'too_large' })],
    });
    const [claim] = request().claims;
    for (const [claims, pointer] of [
      [Array(51).fill(claim), '/claims'],
      [[{ ...claim, parametersJson: '{"region":'.repeat(20_000) }], '/claims/0/parametersJson'],
    ] as const) {
      const faults = [expect.objectContaining({ pointer, code: 'too_large' })];
      await expect(own.createVerification(request({ claims }), call)).rejects.toMatchObject({ code: 'request_invalid', faults });
    }
    await expect(own.createVerification(request({ region: '370202' }), call)).rejects.toMatchObject({
      code: 'region_not_allowed',
      verificationId: expect.any(String),
    });
    lookup.ports.disclosureAllowed = false;
    await expect(own.getVerification({ id: verificationId }, call)).rejects.toMatchObject({ code: 'verification_gone' });
    lookup.ports.disclosureAllowed = true;
  });
});
