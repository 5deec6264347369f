import { RetryableError } from '@vouch/errors';
import type { Answer, Query } from '@vouch/proto/evidence/v1/evidence';
import { describe, expect, it } from 'vitest';
import { confirmed, faulty, healthy, patiently, toClaimQuery, toClient, until, withinMs } from './fixtures.js';
import { answering, hanging, startTestProvider, type TestStream, toFaulty, toFinding } from './test-provider.js';

describe('a provider that cannot be reached', () => {
  it('costs nothing but its own claims, fails fast, and is found again without traffic', async () => {
    const first = await startTestProvider();
    const { address } = first;
    await first[Symbol.asyncDispose]();
    await using well = await startTestProvider();
    await using wellClient = toClient(well.address);
    await using client = toClient(address);

    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => client.check(toClaimQuery(), patiently())),
      wellClient.check(toClaimQuery(), patiently()),
    ]);
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => expect.objectContaining(faulty('agency_unavailable'))));
    expect(answers[20]).toEqual(confirmed);
    expect(client.healthy).toBe(false);
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject({ ...faulty('agency_unavailable'), retryable: true });
    await expect(client.describe()).rejects.toThrow(RetryableError);

    const back = healthy(client);
    await using _again = await startTestProvider({ address });
    await back;
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
    expect(client.state).toBe('up');
  });

  it('that dies with queries in flight settles them, and is used again when it is back on the same port', async () => {
    const first = await startTestProvider({ onBatch: hanging });
    const { address } = first;
    await using client = toClient(address);
    const inFlight = Array.from({ length: 10 }, () => client.check(toClaimQuery(), patiently()));
    await until(() => expect(first.queries).toHaveLength(10));
    await first[Symbol.asyncDispose]();
    for (const answer of await Promise.all(inFlight)) expect(answer).toMatchObject({ kind: 'fault', retryable: true });

    const back = healthy(client);
    await using again = await startTestProvider({ address });
    await back;
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
    expect(again.queries).toHaveLength(1);
  });
});

describe('a stream that ends', () => {
  it('has its unanswered queries asked once more, under new ids', async () => {
    await using provider = await startTestProvider({ onBatch: answering });
    await using client = toClient(provider.address);
    await client.check(toClaimQuery(), patiently());
    provider.behaviour.onBatch = (_queries, stream) => {
      provider.behaviour.onBatch = answering;
      stream.end();
    };
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
    const [, lost, again] = provider.queries;
    expect(again?.id).not.toBe(lost?.id);
    expect(provider.queries).toHaveLength(3);
  });

  it('twice is a retryable fault', async () => {
    await using provider = await startTestProvider({ onBatch: answering });
    await using client = toClient(provider.address);
    await client.check(toClaimQuery(), patiently());
    provider.behaviour.onBatch = (queries, stream) => {
      // Useful, so that the next stream is opened at once.
      stream.send({ answers: queries.slice(1).map((query) => toFinding(query)) });
      stream.end();
    };
    const answers = await Promise.all([1, 2, 3].map(() => client.check(toClaimQuery(), patiently())));
    expect(answers.filter(({ kind }) => kind === 'finding')).toHaveLength(2);
    expect(answers.find(({ kind }) => kind === 'fault')).toMatchObject({ retryable: true });
  });

  it('after it announced so is replaced first, and still answers what it has', async () => {
    let old: TestStream | undefined;
    await using provider = await startTestProvider();
    await using client = toClient(provider.address);
    await client.check(toClaimQuery(), patiently());
    provider.behaviour.onBatch = (_queries, stream) => {
      old = stream;
      stream.send({ draining: true });
    };
    const before = client.check(toClaimQuery(), patiently());
    await until(() => expect(old).toBeDefined());
    await until(() => expect(provider.streams.size).toBe(2));
    provider.behaviour.onBatch = (queries, stream) => {
      expect(stream).not.toBe(old);
      answering(queries, stream);
    };
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
    const held = provider.queries[1] as Query;
    old?.send({ answers: [toFinding(held)] });
    expect(await before).toEqual(confirmed);
    await until(() => expect(provider.streams.size).toBe(1));
    expect(provider.queries).toHaveLength(3);
  });
});

it('a query that a draining provider refused is asked of the next stream', async () => {
  await using provider = await startTestProvider();
  await using client = toClient(provider.address);
  await client.check(toClaimQuery(), patiently());
  provider.behaviour.onBatch = (queries, stream) => {
    provider.behaviour.onBatch = answering;
    stream.send({ draining: true, answers: queries.map((query) => toFaulty(query, { code: 'provider_draining' })) });
  };
  expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
});

describe('a provider without streams', () => {
  const unary = async (onCheck: (queries: readonly Query[]) => Promise<Answer[]>) => {
    const provider = await startTestProvider({ onCheck });
    provider.behaviour.description = { ...provider.behaviour.description, streams: false, initialWindow: 0, largestBatch: 20 };
    return provider;
  };
  const good = async (queries: readonly Query[]) => queries.map((query) => toFinding(query));

  it('is asked in unary batches', async () => {
    await using provider = await unary(good);
    await using client = toClient(provider.address);
    await healthy(client);
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.check(toClaimQuery(), patiently())));
    expect(answers).toEqual(answers.map(() => confirmed));
    expect(provider.batches).toHaveLength(5);
    expect(provider.streams.size).toBe(0);
  });

  it('that leaves a query out, or refuses a batch, or hangs, costs faults', async () => {
    await using provider = await unary(async (queries) => queries.slice(1).map((query) => toFinding(query)));
    await using client = toClient(provider.address);
    const answers = await Promise.all([1, 2].map(() => client.check(toClaimQuery(), patiently())));
    expect(answers).toEqual([expect.objectContaining(faulty('answer_malformed')), confirmed]);
    provider.behaviour.onCheck = () => Promise.reject(new RetryableError('rate_limited'));
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject({ ...faulty('agency_error'), retryable: true });
    provider.behaviour.onCheck = () => new Promise(() => undefined);
    expect(await client.check(toClaimQuery(), withinMs(50))).toMatchObject(faulty('agency_timeout'));
    provider.behaviour.onCheck = good;
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
  });

  it('is asked once more when the call fails as if the connection had', async () => {
    await using provider = await unary(good);
    await using client = toClient(provider.address);
    await client.check(toClaimQuery(), patiently());
    provider.behaviour.onCheck = () => {
      provider.behaviour.onCheck = good;
      return Promise.reject(new RetryableError('unavailable'));
    };
    expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
  });
});

it('settles everything when it is disposed', async () => {
  await using provider = await startTestProvider({ onBatch: hanging });
  const client = toClient(provider.address, { limits: { maxInFlight: 2 } });
  const answers = Array.from({ length: 5 }, () => client.check(toClaimQuery(), patiently()));
  await until(() => expect(provider.queries).toHaveLength(2));
  await client[Symbol.asyncDispose]();
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ...faulty('hub_stopping'), retryable: true });
  expect(await client.check(toClaimQuery(), patiently())).toMatchObject(faulty('hub_stopping'));
  await until(() => expect(provider.streams.size).toBe(0));
});
