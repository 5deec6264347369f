import type { Outcome, Query } from '@vouch/proto/evidence/v1/evidence';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ClaimAnswer, PROVIDER_FAULTS } from '../src/index.js';
import { confirmed, inMs, toClaimQuery, toClient } from './fixtures.js';
import { answering, startTestProvider, type TestStream, toFaulty, toFinding } from './test-provider.js';

/** What a provider may do with a batch, good and bad. */
const ACTIONS = {
  answers: answering,
  hangs: () => undefined,
  answersHalf: (queries, stream) => answering(queries.slice(queries.length / 2), stream),
  answersTwice: (queries, stream) => answering([...queries, ...queries], stream),
  faults: (queries, stream) => stream.send({ answers: queries.map((query) => toFaulty(query)) }),
  answersStrangers: (queries, stream) => stream.send({ answers: queries.map((query) => ({ ...toFinding(query), queryId: 'stranger' })) }),
  answersNonsense: (queries, stream) => stream.send({ answers: queries.map((query) => toFinding(query, { outcome: 7 as Outcome })) }),
  saysNothingUseful: (queries, stream) => stream.send({ answers: queries.map(({ id }) => ({ queryId: id, result: undefined })) }),
  disclosesTooMuch: (queries, stream) => {
    const disclosures = { name: { kind: { $case: 'code' as const, value: 'Wang' } } };
    stream.send({ answers: queries.map((query) => toFinding(query, { disclosures })) });
  },
  ends: (_queries, stream) => stream.end(),
  endsAfterAnswering: (queries, stream) => {
    answering(queries, stream);
    stream.end();
  },
  fails: (_queries, stream) => stream.end(new Error('provider broke')),
  drains: (queries, stream) => {
    stream.send({ draining: true });
    answering(queries, stream);
  },
  drainsAndForgets: (_queries, stream) => stream.send({ draining: true }),
  narrows: (queries, stream) => {
    stream.send({ window: 1 });
    answering(queries, stream);
  },
  widens: (queries, stream) => {
    stream.send({ window: 50 });
    answering(queries, stream);
  },
} as const satisfies Record<string, (queries: readonly Query[], stream: TestStream) => void>;

const aScript = fc.array(fc.constantFrom(...(Object.keys(ACTIONS) as (keyof typeof ACTIONS)[])), { minLength: 1, maxLength: 8 });
const aCheck = fc.record({
  deadlineMs: fc.integer({ min: -5, max: 120 }),
  leaseMs: fc.oneof({ weight: 4, arbitrary: fc.constant(60_000) }, { weight: 1, arbitrary: fc.integer({ min: -5, max: 60 }) }),
  abortMs: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 4 }),
});

function isFair(answer: ClaimAnswer): boolean {
  if (answer.kind === 'fault') return Object.hasOwn(PROVIDER_FAULTS, answer.code);
  expect(answer).toEqual(confirmed);
  return true;
}

it('settles every check by its deadline, and lets nothing undeclared pass, whatever the provider does', async () => {
  await fc.assert(
    fc.asyncProperty(aScript, fc.boolean(), fc.array(aCheck, { minLength: 1, maxLength: 30 }), async (script, streams, checks) => {
      await using provider = await startTestProvider();
      let step = 0;
      const act = (queries: readonly Query[], stream: TestStream): void =>
        ACTIONS[script[step++ % script.length] ?? 'hangs'](queries, stream);
      provider.behaviour.onBatch = act;
      provider.behaviour.onCheck = (queries) =>
        new Promise((resolve, reject) =>
          act(queries, { send: ({ answers = [] }) => resolve(answers), end: (failure = new Error('ended')) => reject(failure) }),
        );
      provider.behaviour.description = { ...provider.behaviour.description, streams, largestBatch: 10, initialWindow: 20 };
      await using client = toClient(provider.address, { limits: { tripAfter: 3, silenceMs: 10, firstBackoffMs: 5, longestBackoffMs: 20 } });

      // Nothing but the deadlines ends the wait: the test's own time limit is far longer.
      const answers = await Promise.all(
        checks.map(({ deadlineMs, leaseMs, abortMs }) => {
          const signal = abortMs === null ? new AbortController().signal : AbortSignal.timeout(abortMs);
          return client.check(toClaimQuery({ leaseEnd: inMs(leaseMs) }), { signal, deadline: inMs(deadlineMs) });
        }),
      );
      // Unary answers that never come keep the provider's handler; the agency's own code is the only one that isn't ours.
      expect(answers.every((answer) => isFair(answer) || (answer.kind === 'fault' && answer.code === 'agency_error'))).toBe(true);
    }),
    { numRuns: 40 },
  );
});
