import type { Query } from '@vouch/proto/evidence/v1/evidence';
import { describe, expect, it } from 'vitest';
import type { Priority } from '../src/index.js';
import { confirmed, faulty, healthy, patiently, toClaimQuery, toClient, until, withinMs } from './fixtures.js';
import { answering, hanging, startTestProvider, type TestStream, toFaulty, toFinding } from './test-provider.js';

const as = (priority: Priority) => ({ ...patiently(), priority });

/** What a provider holds back until a test lets it go. */
function holding() {
  const held: { query: Query; stream: TestStream }[] = [];
  return {
    held,
    onBatch: (queries: readonly Query[], stream: TestStream) => void held.push(...queries.map((query) => ({ query, stream }))),
    letGo: (count = held.length) => {
      for (const { query, stream } of held.splice(0, count)) stream.send({ answers: [toFinding(query)] });
    },
  };
}

describe('the lanes', () => {
  it('let people go before batches that came first', async () => {
    const agency = holding();
    await using provider = await startTestProvider(agency);
    await using client = toClient(provider.address, { limits: { maxInFlight: 1 } });
    await healthy(client);
    const asked = [client.check(toClaimQuery(), patiently())];
    await until(() => expect(agency.held).toHaveLength(1));
    const order: [Priority, string][] = [
      ['batch', 'a'],
      ['batch', 'b'],
      ['interactive', 'c'],
      ['interactive', 'd'],
    ];
    for (const [priority, basisRef] of order) asked.push(client.check(toClaimQuery({ basisRef }), as(priority)));
    for (let sent = 2; sent <= 5; sent++) {
      agency.letGo();
      await until(() => expect(provider.queries).toHaveLength(sent));
    }
    agency.letGo();
    expect(await Promise.all(asked)).toEqual(asked.map(() => confirmed));
    expect(provider.queries.slice(1).map(({ basisRef }) => basisRef)).toEqual(['c', 'd', 'a', 'b']);
  });

  it('leave room in flight to people, however much a batch asks', async () => {
    const agency = holding();
    await using provider = await startTestProvider(agency);
    await using client = toClient(provider.address, { limits: { maxInFlight: 20 } });
    await healthy(client);
    const rows = Array.from({ length: 50 }, () => client.check(toClaimQuery(), as('batch')));
    await until(() => expect(agency.held).toHaveLength(18));
    const person = client.check(toClaimQuery({ basisRef: 'person' }), patiently());
    await until(() => expect(agency.held).toHaveLength(19));
    expect(agency.held.at(-1)?.query.basisRef).toBe('person');
    provider.behaviour.onBatch = answering;
    agency.letGo();
    expect(await Promise.all([person, ...rows])).toEqual(Array.from({ length: 51 }, () => confirmed));
  });

  it('have each a queue of their own: a batch that fills its queue keeps no person out', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address, { limits: { maxInFlight: 2, maxQueue: 3 } });
    await healthy(client);
    void client.check(toClaimQuery(), as('batch'));
    await until(() => expect(provider.queries).toHaveLength(1));
    for (let n = 0; n < 3; n++) void client.check(toClaimQuery(), as('batch'));
    expect(await client.check(toClaimQuery(), as('batch'))).toMatchObject(faulty('hub_busy'));
    void client.check(toClaimQuery({ basisRef: 'person' }), patiently());
    await until(() => expect(provider.queries.map(({ basisRef }) => basisRef)).toContain('person'));
  });
});

describe('the same question on the same basis', () => {
  it('is asked once while it is under way, and all who wait get its answer', async () => {
    const agency = holding();
    await using provider = await startTestProvider(agency);
    await using client = toClient(provider.address);
    await healthy(client);
    const query = toClaimQuery();
    const first = client.check(query, patiently());
    const queued = client.check({ ...query }, patiently());
    await until(() => expect(agency.held).toHaveLength(1));
    const late = client.check({ ...query }, patiently());
    agency.letGo();
    expect(await Promise.all([first, queued, late])).toEqual([confirmed, confirmed, confirmed]);
    expect(provider.queries).toHaveLength(1);
    // Nothing is kept: the next one is asked anew.
    provider.behaviour.onBatch = answering;
    expect(await client.check(query, patiently())).toEqual(confirmed);
    expect(provider.queries).toHaveLength(2);
  });

  it.each([
    ['basis', { basisRef: 'another' }],
    ['claim type version', { claimVersion: 2 }],
    ['parameters', { parametersJson: '{"region":"370103"}' }],
    ['person', { persons: { subject: { idNumber: '375001199001010011', name: '王大明' } } }],
    ['role', { persons: { guardian: { idNumber: '375001199001010011', name: '王小明' } } }],
    ['platform', { platform: 'qingdao-enrolment' }],
    ['purpose', { purpose: 'school-transfer' }],
    ['region', { region: '370103' }],
    ['actor', { actorRef: 'another' }],
  ])('is not the same with another %s', async (_what, changes) => {
    const agency = holding();
    await using provider = await startTestProvider(agency);
    const { description } = provider.behaviour;
    const claimTypes = [1, 2].flatMap((version) => description.claimTypes.map((claimType) => ({ ...claimType, version })));
    provider.behaviour.description = { ...description, claimTypes };
    await using client = toClient(provider.address);
    await healthy(client);
    const query = toClaimQuery();
    const both = [client.check(query, patiently()), client.check({ ...query, ...changes }, patiently())];
    await until(() => expect(agency.held).toHaveLength(2));
    agency.letGo();
    expect(await Promise.all(both)).toEqual([confirmed, confirmed]);
  });

  it('goes on when one who waits gives up or runs out of time, and is called off when the last has left', async () => {
    const agency = holding();
    await using provider = await startTestProvider(agency);
    await using client = toClient(provider.address);
    await healthy(client);
    const query = toClaimQuery();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = client.check(query, { ...patiently(), signal: one.signal });
    const second = client.check(query, { ...patiently(), signal: other.signal });
    const hasty = client.check(query, withinMs(50));
    await until(() => expect(agency.held).toHaveLength(1));
    expect(await hasty).toMatchObject(faulty('agency_timeout'));
    one.abort();
    expect(await first).toMatchObject(faulty('cancelled'));
    expect(provider.cancelledIds).toEqual([]);
    other.abort();
    expect(await second).toMatchObject(faulty('cancelled'));
    await until(() => expect(provider.cancelledIds).toEqual(provider.queries.map(({ id }) => id)));
    expect(provider.queries).toHaveLength(1);
  });

  it('is asked again for one who has far more time than the agency was given', async () => {
    const agency = holding();
    await using provider = await startTestProvider(agency);
    await using client = toClient(provider.address);
    await healthy(client);
    const query = toClaimQuery();
    const hasty = client.check(query, withinMs(10_000));
    await until(() => expect(agency.held).toHaveLength(1));
    const patient = client.check(query, patiently());
    await until(() => expect(agency.held).toHaveLength(2));
    agency.letGo();
    expect(await Promise.all([hasty, patient])).toEqual([confirmed, confirmed]);
  });

  it('of a batch goes into the lane of the person who asks it too', async () => {
    const agency = holding();
    await using provider = await startTestProvider(agency);
    await using client = toClient(provider.address, { limits: { maxInFlight: 1 } });
    await healthy(client);
    const query = toClaimQuery({ basisRef: 'both' });
    const asked = [client.check(toClaimQuery(), patiently())];
    await until(() => expect(agency.held).toHaveLength(1));
    asked.push(
      client.check(toClaimQuery({ basisRef: 'row' }), as('batch')),
      client.check(query, as('batch')),
      client.check(query, patiently()),
    );
    agency.letGo();
    await until(() => expect(agency.held).toHaveLength(1));
    expect(agency.held[0]?.query.basisRef).toBe('both');
    provider.behaviour.onBatch = answering;
    agency.letGo();
    expect(await Promise.all(asked)).toEqual(asked.map(() => confirmed));
  });

  it('has a bound on those who wait', async () => {
    await using provider = await startTestProvider({ onBatch: hanging });
    await using client = toClient(provider.address, { limits: { maxWaiters: 2 } });
    const query = toClaimQuery();
    for (let n = 0; n < 2; n++) void client.check(query, patiently());
    expect(await client.check(query, patiently())).toMatchObject(faulty('hub_busy'));
  });
});

describe('a quota', () => {
  it('of a day that is used up is told at once, with when to come again', async () => {
    await using provider = await startTestProvider();
    provider.behaviour.description = { ...provider.behaviour.description, quotaPerDay: 3n };
    await using client = toClient(provider.address);
    await healthy(client);
    const asked = Array.from({ length: 3 }, () => client.check(toClaimQuery(), patiently()));
    expect(await Promise.all(asked)).toEqual(asked.map(() => confirmed));
    const refused = await client.check(toClaimQuery(), patiently());
    expect(refused).toMatchObject({ ...faulty('quota_exhausted'), retryable: true });
    expect(refused.kind === 'fault' && refused.retryAfterMs).toBeGreaterThan(0);
    expect(provider.queries).toHaveLength(3);
  });

  it('that others have used up is heeded: nobody asks until the agency said to', async () => {
    await using provider = await startTestProvider({
      onBatch: (queries, stream) =>
        stream.send({ answers: queries.map((query) => toFaulty(query, { code: 'quota_exhausted', retryAfterMs: 50_000 })) }),
    });
    await using client = toClient(provider.address);
    expect(await client.check(toClaimQuery(), patiently())).toMatchObject({ ...faulty('quota_exhausted'), retryAfterMs: 50_000 });
    expect(await client.check(toClaimQuery(), withinMs(40_000))).toMatchObject(faulty('quota_exhausted'));
    expect(provider.queries).toHaveLength(1);
  });
});

describe('an agency that falls silent', () => {
  it('is given up on before the deadlines of those who wait, costs other agencies nothing, and is found again by itself', async () => {
    await using provider = await startTestProvider();
    await using well = await startTestProvider();
    await using wellClient = toClient(well.address);
    await using client = toClient(provider.address, { limits: { silenceMs: 50 } });
    await Promise.all([healthy(client), healthy(wellClient)]);
    await Promise.all(Array.from({ length: 200 }, () => client.check(toClaimQuery(), patiently())));

    const agency = holding();
    provider.behaviour.onBatch = agency.onBatch;
    const waiting = Array.from({ length: 300 }, () => client.check(toClaimQuery(), patiently()));
    const served = await Promise.all(Array.from({ length: 300 }, () => wellClient.check(toClaimQuery(), patiently())));
    expect(served).toEqual(served.map(() => confirmed));
    await until(() => expect(client.state).not.toBe('up'));
    // What was not sent yet is told at once; what was sent may still be answered.
    provider.behaviour.onBatch = answering;
    agency.letGo();
    const answers = await Promise.all(waiting);
    expect(answers.some(({ kind }) => kind === 'finding')).toBe(true);
    for (const answer of answers) expect([confirmed, expect.objectContaining(faulty('agency_unavailable'))]).toContainEqual(answer);

    await healthy(client);
    await until(async () => {
      expect(await client.check(toClaimQuery(), patiently())).toEqual(confirmed);
      expect(client.state).toBe('up');
    });
  });
});

it('asks an agency no more at once than it bears', async () => {
  const BEARS = 16;
  const queue: (() => void)[] = [];
  let working = 0;
  let present = 0;
  let most = 0;
  const work = (): void => {
    while (working < BEARS) {
      const next = queue.shift();
      if (!next) return;
      working += 1;
      setTimeout(() => {
        working -= 1;
        present -= 1;
        next();
        work();
      }, 60);
    }
  };
  await using provider = await startTestProvider({
    onBatch(queries, stream) {
      present += queries.length;
      most = Math.max(most, present);
      queue.push(...queries.map((query) => () => stream.send({ answers: [toFinding(query)] })));
      work();
    },
  });
  await using client = toClient(provider.address);
  await healthy(client);
  const answers = Array.from({ length: 1100 }, async () => client.check(toClaimQuery(), patiently()));
  await Promise.all(answers.slice(0, 900));
  most = 0;
  expect(await Promise.all(answers)).toEqual(answers.map(() => confirmed));
  // At first 128 were asked at once.
  expect(most).toBeLessThan(4 * BEARS);
});
