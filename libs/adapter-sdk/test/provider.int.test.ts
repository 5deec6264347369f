import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, startBench } from '../src/conformance/bench.js';
import { answerTo, disclosuresOf, outcomeOf, toQuery } from '../src/conformance/queries.js';
import type { Adapter } from '../src/index.js';
import { createExample, LI, WANG } from './example-adapter.js';

describe('a provider', () => {
  let bench: Bench;
  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });
  const start = async (adapter: Adapter): Promise<void> => {
    bench = await startBench(adapter);
  };
  const ask = (adapter: Adapter, claimType: string, parameters: object = {}) =>
    toQuery(adapter, { claimType, parameters, persons: { subject: LI, guardian: WANG }, outcome: 'confirmed' });

  /** The end of a short lease, once the bench is connected: connecting takes longer than the lease on a busy machine. */
  const leaseFrom = async (adapter: Adapter): Promise<Date> => {
    await bench.check([ask(adapter, 'refusing')]);
    return new Date(Date.now() + 1_000);
  };

  it('turns what a check throws into a retryable fault and says nothing of its text', async () => {
    const { adapter } = createExample();
    await start(adapter);
    const queries = [ask(adapter, 'throwing'), ask(adapter, 'throwing', { late: true }), ask(adapter, 'senseless', { few: true })];
    for (const query of queries) {
      const [answer] = await bench.check([query]);
      expect(answer?.result).toMatchObject({ $case: 'fault', value: { code: 'agency_error', retryable: true } });
    }
    expect(outcomeOf((await bench.check([ask(adapter, 'senseless', { few: false })]))[0])).toBe('fault agency_error');
    const told = bench.told.join('\n');
    expect(told).toContain('RangeError');
    expect(told).not.toContain(LI.idNumber);
    expect(told).not.toContain('went on about it');
  });

  it('passes on the faults that a check gives', async () => {
    const { adapter } = createExample();
    await start(adapter);
    const [answer] = await bench.check([ask(adapter, 'refusing')]);
    expect(answer?.result).toEqual({
      $case: 'fault',
      value: { code: 'register_closed_at_night', retryable: true, retryAfterMs: 3_600_000 },
    });
  });

  it('drops what a claim type does not declare, and logs the name but no value', async () => {
    const { adapter } = createExample();
    await start(adapter);
    const [answer] = await bench.check([ask(adapter, 'leaky')]);
    expect(outcomeOf(answer)).toBe('confirmed');
    expect(disclosuresOf(answer)).toEqual({});
    const told = bench.told.join('\n');
    expect(told).toContain('"disclosure":"address"');
    expect(told).not.toContain('历下区');
    expect(told).not.toContain(LI.idNumber);
  });

  it('gives what waits for its turn to the check as one batch', async () => {
    const { adapter, gate } = createExample({ parallelism: 1 });
    await start(adapter);
    const stream = bench.openStream();
    stream.send({ queries: [ask(adapter, 'gated')] });
    await gate.reached(1);
    const later = [ask(adapter, 'gated'), ask(adapter, 'gated'), ask(adapter, 'gated')];
    for (const query of later) stream.send({ queries: [query] });
    // An answer to something sent after them says that all of them have arrived.
    stream.send({ queries: [ask(adapter, 'simple', { region: '37' })] });
    await stream.answered(1);
    gate.open();
    await stream.answered(5);
    expect(gate.batches).toEqual([1, 3]);
    stream.end();
    await stream.ended;
  });

  it('sends each answer when it comes, and holds none back for the batch', async () => {
    const { adapter, gate } = createExample();
    await start(adapter);
    const stream = bench.openStream();
    const slow = ask(adapter, 'one-by-one', { wait: true });
    const quick = ask(adapter, 'one-by-one', { wait: false });
    stream.send({ queries: [slow, quick] });
    expect((await stream.answered(1)).map(({ queryId }) => queryId)).toEqual([quick.id]);
    gate.open();
    expect((await stream.answered(2)).map(({ queryId }) => queryId)).toEqual([quick.id, slow.id]);
    stream.end();
    await stream.ended;
  });

  it('aborts the signal of a query that is cancelled, and of all when the hub goes away', async () => {
    const { adapter, gate } = createExample();
    await start(adapter);
    const stream = bench.openStream();
    const queries = [ask(adapter, 'gated'), ask(adapter, 'gated')];
    stream.send({ queries });
    await gate.reached(2);
    stream.send({ cancelledQueryIds: [queries[0]?.id ?? ''] });
    await gate.givenUp(1);
    const gone = new AbortController();
    const call = bench.port.check({ queries: [ask(adapter, 'one-by-one', { wait: true })] }, { signal: gone.signal });
    gone.abort();
    await expect(call).rejects.toThrow();
    gate.open();
    await stream.answered(1);
    expect(stream.answers.map(({ queryId }) => queryId)).toEqual([queries[1]?.id]);
    stream.end();
    await stream.ended;
  });

  it('answers no later than the deadline, and not after the lease', async () => {
    const { adapter, gate } = createExample();
    await start(adapter);
    const hurried = { ...ask(adapter, 'gated'), remainingMs: 50 };
    const lapsing = { ...ask(adapter, 'gated'), leaseEnd: await leaseFrom(adapter) };
    const answers = await bench.check([hurried, lapsing]);
    expect(answerTo(answers, hurried)?.result).toMatchObject({ value: { code: 'deadline_exceeded', retryable: true } });
    expect(answerTo(answers, lapsing)?.result).toMatchObject({ value: { code: 'lease_ended', retryable: false } });
    await gate.givenUp(2);
    gate.open();
  });

  it('does not send an answer that is ready after the lease has ended', async () => {
    const { adapter, gate } = createExample();
    await start(adapter);
    const leaseEnd = await leaseFrom(adapter);
    const lapsing = { ...ask(adapter, 'gated'), leaseEnd };
    const answered = bench.check([lapsing]);
    await gate.reached(1);
    // The event loop stands still past the lease's end, so that the check is done before anybody looks at the clock.
    gate.open();
    while (Date.now() <= leaseEnd.getTime() + 1);
    expect(outcomeOf((await answered)[0])).toBe('fault lease_ended');
  });

  it('does not send an answer that waited for its batch past the end of its own lease', async () => {
    const { adapter, gate } = createExample();
    await start(adapter);
    const leaseEnd = await leaseFrom(adapter);
    const quick = { ...ask(adapter, 'one-by-one', { wait: false }), leaseEnd };
    const slow = ask(adapter, 'gated');
    const answered = bench.check([quick, slow]);
    await gate.reached(1);
    while (Date.now() <= leaseEnd.getTime() + 1);
    gate.open();
    expect(outcomeOf(answerTo(await answered, quick))).toBe('fault lease_ended');
    expect(outcomeOf(answerTo(await answered, slow))).toBe('confirmed');
  });

  it('refuses a query id that is under way already', async () => {
    const { adapter, gate } = createExample();
    await start(adapter);
    const stream = bench.openStream();
    const query = ask(adapter, 'gated');
    stream.send({ queries: [query] });
    await gate.reached(1);
    stream.send({ queries: [query] });
    expect(outcomeOf((await stream.answered(1))[0])).toBe('fault query_id_repeated');
    gate.open();
    expect(outcomeOf((await stream.answered(2))[1])).toBe('confirmed');
    stream.end();
    await stream.ended;
  });

  it('drains: tells its streams, answers what was accepted, refuses what comes later', async () => {
    const { adapter, gate } = createExample();
    await start(adapter);
    const stream = bench.openStream();
    const accepted = ask(adapter, 'gated');
    stream.send({ queries: [accepted] });
    await gate.reached(1);
    const stopped = bench.stop();
    await stream.toldToDrain();
    const late = ask(adapter, 'gated');
    stream.send({ queries: [late] });
    expect(outcomeOf(answerTo(await stream.answered(1), late))).toBe('fault provider_draining');
    gate.open();
    await stream.ended;
    expect(outcomeOf(answerTo(stream.answers, accepted))).toBe('confirmed');
    await stopped;
  });
});
