import type { Answer, Outcome, Query, Scalar } from '@vouch/proto/evidence/v1/evidence';
import { describe, expect, it } from 'vitest';
import { confirmed, faulty, healthy, patiently, toClaimQuery, toClient, until, withinMs } from './fixtures.js';
import { answering, CLAIM_TYPE, hanging, startTestProvider, toFaulty, toFinding } from './test-provider.js';

describe('a malformed answer', () => {
  const secret: Record<string, Scalar> = { address: { kind: { $case: 'code', value: 'somewhere' } } };
  const wrongKind: Record<string, Scalar> = { months: { kind: { $case: 'code', value: '7' } } };
  it.each<[string, (query: Query) => Answer]>([
    ['no result', (query) => ({ queryId: query.id, result: undefined })],
    ['an unknown outcome', (query) => toFinding(query, { outcome: 9 as Outcome })],
    ['an undeclared disclosure', (query) => toFinding(query, { disclosures: secret })],
    ['a disclosure of the wrong kind', (query) => toFinding(query, { disclosures: wrongKind })],
    ['an id that was never sent', (query) => ({ ...toFinding(query), queryId: `${query.id}0` })],
    ['an empty id', (query) => ({ ...toFinding(query), queryId: '' })],
  ])('(%s) is a retryable fault, and the next good one passes', async (_what, answer) => {
    await using provider = await startTestProvider({ onBatch: (queries, stream) => stream.send({ answers: queries.map(answer) }) });
    await using client = toClient(provider.address);
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject({ ...faulty('answer_malformed'), retryable: true });
    provider.behaviour.onBatch = answering;
    await healthy(client);
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
  });

  it('is measured by the catalogue, not by what the provider says of itself', async () => {
    const disclosures: Record<string, Scalar> = { months: { kind: { $case: 'integer', value: 7n } } };
    await using provider = await startTestProvider({
      onBatch: (queries, stream) => stream.send({ answers: queries.map((query) => toFinding(query, { disclosures })) }),
    });
    const claimType = { name: CLAIM_TYPE, version: 1, agency: 'tax', parametersSchema: {}, disclosures: {}, involves: [] };
    const catalogue = { claimTypes: [{ ...claimType, routing: { combine: 'any' } } as const] };
    await using client = toClient(provider.address, { catalogue });
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject(faulty('answer_malformed'));
  });
});

describe('the circuit breaker', () => {
  const limits = { tripAfter: 3, silenceMs: 10 };

  it('opens when the agency hangs, so that the next claims fail at once, and closes when it answers again', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address, { limits });
    await healthy(client);
    const hung = await Promise.all([1, 2, 3].map(() => client.check(toClaimQuery(), withinMs(1_500))));
    expect(hung).toEqual([1, 2, 3].map(() => expect.objectContaining(faulty('agency_timeout'))));
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject(faulty('agency_unavailable'));

    // Describe still works, so a trial is let through: one query, while others fail fast. It hangs: down again.
    await until(() => expect(client.state).toBe('trial'));
    const trial = client.check(toClaimQuery(), withinMs(150));
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject(faulty('agency_unavailable'));
    expect(await trial).toMatchObject(faulty('agency_timeout'));
    expect(client.healthy).toBe(false);

    provider.behaviour.onBatch = answering;
    await healthy(client);
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
    expect(client.state).toBe('up');
  });

  it('opens when the provider itself gives up on the agency, again and again', async () => {
    await using provider = await startTestProvider({
      onBatch: (queries, stream) =>
        setTimeout(() => stream.send({ answers: queries.map((query) => toFaulty(query, { code: 'agency_timeout' })) }), 30),
    });
    await using client = toClient(provider.address, { limits });
    await healthy(client);
    const answers = await Promise.all([1, 2, 3].map(() => client.check(toClaimQuery(), patiently())));
    expect(answers).toEqual([1, 2, 3].map(() => expect.objectContaining(faulty('agency_timeout'))));
    expect(client.healthy).toBe(false);
  });

  it('stays closed while anything is answered', async () => {
    await using provider = await startTestProvider({
      onBatch: (queries, stream) => stream.send({ answers: queries.slice(0, 1).map((query) => toFinding(query)) }),
    });
    await using client = toClient(provider.address, { limits });
    await healthy(client);
    for (let round = 0; round < 3; round++) {
      await Promise.all([1, 2, 3, 4].map(() => client.check(toClaimQuery(), withinMs(150))));
      expect(client.state).toBe('up');
    }
  });

  it('stays closed when callers are too hasty', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address, { limits: { tripAfter: 3, silenceMs: 20_000 } });
    await healthy(client);
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => client.check(toClaimQuery(), withinMs(20))));
    expect(client.state).toBe('up');
  });
});
