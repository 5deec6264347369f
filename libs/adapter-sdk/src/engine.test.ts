import type { Answer, Query } from '@vouch/proto/evidence/v1/evidence';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Adapter } from './adapter.js';
import { outcomeOf, toQuery } from './conformance/queries.js';
import { createEngine } from './engine.js';
import type { CheckResult } from './finding.js';

const LI = { idNumber: '375001201901010018', name: '李一诺' };

/** An engine whose check is answered by hand, batch by batch. */
function engineOf(options: { maxInFlight?: number; parallelism?: number; largestBatch?: number } = {}) {
  const batches: { size: number; answer: () => void }[] = [];
  const adapter: Adapter = {
    agency: 'tax',
    regions: ['37'],
    largestBatch: options.largestBatch,
    claimTypes: {
      held: {
        version: 1,
        parameters: z.strictObject({}),
        routing: { combine: 'any' },
        discloses: {},
        parallelism: options.parallelism,
        check: (batch) =>
          new Promise<CheckResult[]>((resolve) => {
            batches.push({ size: batch.length, answer: () => resolve(batch.map(() => ({ outcome: 'confirmed' }))) });
          }),
      },
    },
  };
  let at = Date.now();
  const engine = createEngine({
    adapter,
    tracer: silentTracer,
    logger: silentLogger,
    maxInFlight: options.maxInFlight ?? 100,
    now: () => at,
  });
  const answers = new Map<string, Answer | undefined>();
  const submit = (count: number) => {
    const queries = Array.from({ length: count }, () =>
      toQuery(adapter, { claimType: 'held', parameters: {}, persons: { subject: LI }, outcome: 'confirmed' }),
    );
    const tickets = engine.submit(queries, (query, answer) => answers.set(query.id, answer));
    return { queries, tickets };
  };
  const outcomes = (queries: readonly Query[]): string[] => queries.map(({ id }) => outcomeOf(answers.get(id)));
  return { engine, submit, outcomes, batches, pass: (ms: number) => (at += ms) };
}

describe('an engine', () => {
  it('gives a check no more batches at once than its parallelism, none larger than the largest', async () => {
    const { engine, submit, batches } = engineOf({ parallelism: 2, largestBatch: 3 });
    submit(10);
    expect(batches.map(({ size }) => size)).toEqual([3, 3]);
    batches[0]?.answer();
    batches[1]?.answer();
    await Promise.resolve();
    for (let turn = 0; turn < 20 && batches.length < 4; turn += 1) await Promise.resolve();
    expect(batches.map(({ size }) => size)).toEqual([3, 3, 3, 1]);
    for (const { answer } of batches) answer();
    await engine.idle();
    expect(engine.counts).toEqual({ queries: 10, findings: 10, faulted: 0 });
  });

  it('refuses what is too much, and takes more when there is room', async () => {
    const { engine, submit, outcomes, batches } = engineOf({ maxInFlight: 2 });
    const { queries } = submit(3);
    expect(outcomes(queries)).toEqual(['no answer', 'no answer', 'fault overloaded']);
    batches[0]?.answer();
    await engine.idle();
    submit(1);
    expect(batches.map(({ size }) => size)).toEqual([2, 1]);
  });

  it('never gives a cancelled query to the check', async () => {
    const { engine, submit, outcomes, batches } = engineOf({ parallelism: 1 });
    const first = submit(1);
    const waiting = submit(2);
    waiting.tickets[0]?.cancel();
    batches[0]?.answer();
    for (let turn = 0; turn < 20 && batches.length < 2; turn += 1) await Promise.resolve();
    expect(batches.map(({ size }) => size)).toEqual([1, 1]);
    batches[1]?.answer();
    await engine.idle();
    expect(outcomes([...first.queries, ...waiting.queries])).toEqual(['confirmed', 'no answer', 'confirmed']);
  });

  it('replaces a late finding: after the deadline, and after the lease whatever the deadline says', async () => {
    const { engine, submit, outcomes, batches, pass } = engineOf();
    const late = submit(1);
    pass(30_001);
    batches[0]?.answer();
    await engine.idle();
    expect(outcomes(late.queries)).toEqual(['fault deadline_exceeded']);
    const lapsed = submit(1);
    pass(60_001);
    batches[1]?.answer();
    await engine.idle();
    expect(outcomes(lapsed.queries)).toEqual(['fault lease_ended']);
  });

  it('answers what was accepted and nothing else once it is stopped', async () => {
    const { engine, submit, outcomes, batches } = engineOf();
    const accepted = submit(1);
    engine.stop();
    const late = submit(1);
    batches[0]?.answer();
    await engine.idle();
    expect(outcomes([...accepted.queries, ...late.queries])).toEqual(['confirmed', 'fault provider_draining']);
  });
});
