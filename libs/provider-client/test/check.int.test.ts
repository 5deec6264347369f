import { Outcome, type Query, type Scalar } from '@vouch/proto/evidence/v1/evidence';
import { describe, expect, it } from 'vitest';
import { confirmed, faulty, healthy, inMs, patiently, toClaimQuery, toClient, until, withinMs } from './fixtures.js';
import { answering, CLAIM_TYPE, hanging, startTestProvider, type TestStream, toFaulty, toFinding } from './test-provider.js';

describe('a check', () => {
  it('carries the query and brings the answer', async () => {
    await using provider = await startTestProvider({
      onBatch: (queries, stream) => {
        const disclosures: Record<string, Scalar> = {
          paid: { kind: { $case: 'date', value: '2025-05-01' } },
          months: { kind: { $case: 'integer', value: 7n } },
        };
        stream.send({ answers: queries.map((query) => toFinding(query, { disclosures, outcome: Outcome.REFUTED })) });
      },
    });
    await using client = toClient(provider.address);
    const query = toClaimQuery();
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
    expect(await client.check(query, { ...patiently(), trace })).toEqual({
      kind: 'finding',
      outcome: 'refuted',
      asOf: '2026-08-31',
      disclosures: { paid: '2025-05-01', months: 7 },
    });
    expect(provider.queries).toEqual([
      expect.objectContaining({
        claimType: CLAIM_TYPE,
        claimVersion: 1,
        parametersJson: query.parametersJson,
        persons: { subject: { idType: 1, idNumber: '375001199001010011', name: '王小明' } },
        platform: 'jinan-enrolment',
        purpose: 'school-enrolment',
        region: '370102',
        actorRef: 'actor',
        basisRef: query.basisRef,
        leaseEnd: query.leaseEnd,
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      }),
    ]);
    expect(provider.queries[0]?.remainingMs).toBeGreaterThan(30_000);
  });

  it("passes the agency's own fault on", async () => {
    await using provider = await startTestProvider({
      onBatch: (queries, stream) =>
        stream.send({ answers: queries.map((query) => toFaulty(query, { code: 'quota_exhausted', retryAfterMs: 250 })) }),
    });
    await using client = toClient(provider.address);
    expect(await client.check(toClaimQuery(), patiently())).toEqual({
      kind: 'fault',
      code: 'quota_exhausted',
      retryable: true,
      retryAfterMs: 250,
    });
  });

  it("makes the agency's `lease_ended` retryable: the hub can renew a lease", async () => {
    await using provider = await startTestProvider({
      onBatch: (queries, stream) =>
        stream.send({ answers: queries.map((query) => toFaulty(query, { code: 'lease_ended', retryable: false })) }),
    });
    await using client = toClient(provider.address);
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject({ ...faulty('lease_ended'), retryable: true });
  });

  it('of a claim type that the provider does not describe is refused, before and after it is known', async () => {
    await using provider = await startTestProvider();
    await using client = toClient(provider.address);
    const query = toClaimQuery({ claimVersion: 2 });
    const expected = { kind: 'fault', code: 'claim_type_unsupported', retryable: false };
    expect(await client.check(query, patiently())).toEqual(expected);
    await healthy(client);
    expect(await client.check(query, patiently())).toEqual(expected);
    expect(provider.queries).toEqual([]);
  });
});

describe('batches', () => {
  it('are shared by whoever asks at the same time', async () => {
    await using provider = await startTestProvider();
    await using client = toClient(provider.address);
    await healthy(client);
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.check(toClaimQuery(), patiently())));
    expect(answers).toEqual(answers.map(() => confirmed));
    expect(provider.queries).toHaveLength(100);
    expect(provider.batches.length).toBeLessThanOrEqual(3);
    expect(new Set(provider.queries.map(({ id }) => id)).size).toBe(100);
  });

  it('are no larger than the provider accepts', async () => {
    await using provider = await startTestProvider();
    provider.behaviour.description = { ...provider.behaviour.description, largestBatch: 7 };
    await using client = toClient(provider.address);
    await Promise.all(Array.from({ length: 50 }, () => client.check(toClaimQuery(), patiently())));
    expect(Math.max(...provider.batches.map(({ length }) => length))).toBe(7);
  });

  it('stay within the window, as it is and as it becomes', async () => {
    const held: Query[] = [];
    let stream: TestStream | undefined;
    await using provider = await startTestProvider({
      onBatch: (queries, from) => {
        held.push(...queries);
        stream = from;
      },
    });
    provider.behaviour.description = { ...provider.behaviour.description, initialWindow: 2 };
    await using client = toClient(provider.address);
    const answers = Array.from({ length: 9 }, () => client.check(toClaimQuery(), patiently()));
    await until(() => expect(held).toHaveLength(2));
    stream?.send({ answers: held.splice(0, 1).map((query) => toFinding(query)) });
    await until(() => expect(held).toHaveLength(2));
    expect(provider.queries).toHaveLength(3);
    stream?.send({ window: 5 });
    await until(() => expect(held).toHaveLength(5));
    expect(provider.queries).toHaveLength(6);
    provider.behaviour.onBatch = answering;
    stream?.send({ answers: held.map((query) => toFinding(query)) });
    expect(await Promise.all(answers)).toEqual(answers.map(() => confirmed));
  });

  it('stay within the bulkhead, whatever window is offered; a full queue refuses', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address, { limits: { maxInFlight: 3, maxQueue: 4 } });
    await healthy(client);
    const asked = Array.from({ length: 3 }, () => client.check(toClaimQuery(), patiently()));
    await until(() => expect(provider.queries).toHaveLength(3));
    asked.push(...Array.from({ length: 4 }, () => client.check(toClaimQuery(), patiently())));
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject(faulty('hub_busy'));
    for (const stream of provider.streams) answering(provider.queries, stream);
    await until(() => expect(provider.queries).toHaveLength(6));
  });

  it('keep to a declared quota; who would wait too long is told so', async () => {
    await using provider = await startTestProvider();
    provider.behaviour.description = { ...provider.behaviour.description, quotaPerSecond: 5 };
    await using client = toClient(provider.address);
    await healthy(client);
    const patient = Array.from({ length: 7 }, () => client.check(toClaimQuery(), patiently()));
    expect(await client.check(toClaimQuery(), withinMs(50))).toMatchObject(faulty('quota_exhausted'));
    expect(provider.queries.length).toBeLessThan(7);
    expect(await Promise.all(patient)).toEqual(patient.map(() => confirmed));
  });
});

describe('nobody waits any more', () => {
  it('at the deadline: a fault, and the provider is told', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address);
    await healthy(client);
    expect(await client.check(toClaimQuery(), withinMs(100))).toMatchObject({ ...faulty('agency_timeout'), retryable: true });
    await until(() => expect(provider.cancelledIds).toEqual(provider.queries.map(({ id }) => id)));
    expect(provider.cancelledIds).toHaveLength(1);
  });

  it('when the caller gives up: the same', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address);
    const gaveUp = new AbortController();
    const answer = client.check(toClaimQuery(), { ...patiently(), signal: gaveUp.signal });
    await until(() => expect(provider.queries).toHaveLength(1));
    gaveUp.abort();
    expect(await answer).toMatchObject(faulty('cancelled'));
    await until(() => expect(provider.cancelledIds).toEqual(provider.queries.map(({ id }) => id)));
    expect(await client.check(toClaimQuery(), { ...patiently(), signal: gaveUp.signal })).toMatchObject(faulty('cancelled'));
  });

  it('frees its place in the window, and a late answer does no harm', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    provider.behaviour.description = { ...provider.behaviour.description, initialWindow: 1 };
    await using client = toClient(provider.address);
    await healthy(client);
    await client.check(toClaimQuery(), withinMs(50));
    provider.behaviour.onBatch = (queries, stream) => {
      const late = provider.queries[0];
      stream.send({ answers: [...(late ? [late] : []), ...queries].map((query) => toFinding(query)) });
    };
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
    expect(provider.streams.size).toBe(1);
  });
});

describe('the lease', () => {
  it('that has ended is not used', async () => {
    await using provider = await startTestProvider();
    await using client = toClient(provider.address);
    await healthy(client);
    expect(await client.check(toClaimQuery({ leaseEnd: inMs(-1) }), patiently())).toMatchObject(faulty('lease_ended'));
    expect(provider.queries).toEqual([]);
  });

  it('that ends meanwhile ends the wait, and an answer that comes later is not taken', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address);
    await healthy(client);
    expect(await client.check(toClaimQuery({ leaseEnd: inMs(100) }), patiently())).toMatchObject({
      ...faulty('lease_ended'),
      retryable: true,
    });
    await until(() => expect(provider.cancelledIds).toHaveLength(1));
  });
});
