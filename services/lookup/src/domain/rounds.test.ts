import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, type Outcome, unavailable } from './claim.js';
import { assess } from './progress.js';
import { type Askable, askInRounds, isNotAskedYet } from './rounds.js';

const found = (outcome: Outcome): Finding => ({ outcome, disclosures: {}, retryable: false });
const [yes, no] = [found('confirmed'), found('refuted')];

/** Asks a plan of somebody who knows all the answers; how often there is time for a further round: always, unless said. */
async function run(plan: Askable, answers: readonly Finding[], further = Number.POSITIVE_INFINITY) {
  const rounds: (readonly number[])[] = [];
  const lasts: boolean[] = [];
  const findings = await askInRounds(
    plan,
    plan.claims.map(() => undefined),
    {
      ask: async (indexes, last) => {
        rounds.push(indexes);
        lasts.push(last);
        return indexes.map((index) => answers[index] as Finding);
      },
      isTime: () => rounds.length <= further,
    },
  );
  return { rounds, lasts, findings };
}

const setOf = (claims: readonly ('least' | undefined)[], lists: readonly (readonly number[])[], further = {}): Askable => ({
  requirementSet: '370102/primary/2026',
  claims: claims.map((asking) => (asking ? { asking } : {})),
  alternatives: lists.map((allOf, index) => ({ id: `alternative-${index}`, allOf })),
  further,
});
const outcomesOf = (findings: readonly Finding[]) => findings.map(({ outcome }) => outcome);

describe('askInRounds', () => {
  it('asks all explicit claims at once, also when one decides the verdict', async () => {
    const plan: Askable = { claims: [{}, {}], alternatives: [{ id: 'claims', allOf: [0, 1] }] };
    expect(await run(plan, [no, yes])).toEqual({ rounds: [[0, 1]], lasts: [true], findings: [no, yes] });
  });

  it('asks what is asked least only when the rest leaves it open, one by one, and says what was not needed', async () => {
    const plan = setOf(
      [undefined, 'least', 'least'],
      [
        [0, 1],
        [0, 2],
      ],
    );
    expect((await run(plan, [no, yes, yes])).rounds).toEqual([[0]]);
    const met = await run(plan, [yes, yes, yes]);
    expect(met.rounds).toEqual([[0], [1]]);
    expect(met.findings[2]).toEqual({ outcome: 'not_needed', reason: 'decided_without', disclosures: {}, retryable: false });
    expect(await run(plan, [yes, no, yes])).toMatchObject({ rounds: [[0], [1], [2]], lasts: [false, false, true] });
  });

  it('asks no further when the verdict is all that the set decides', async () => {
    const lists = [[0, 1], [2]];
    const asked = [undefined, 'least', undefined] as const;
    expect((await run(setOf(asked, lists), [yes, yes, yes])).rounds).toEqual([[0, 2], [1]]);
    expect((await run(setOf(asked, lists, { decides: 'verdict' }), [yes, yes, yes])).rounds).toEqual([[0, 2]]);
  });

  it('leaves what there was no time for open, and it is asked later only if it matters by then', async () => {
    const plan = setOf(
      [undefined, 'least', 'least'],
      [
        [0, 1],
        [0, 2],
      ],
    );
    const { findings } = await run(plan, [unavailable('agency_timeout', true), yes, yes], 0);
    expect(findings.map(isNotAskedYet)).toEqual([false, true, true]);
    const { status, retryable } = assess(plan, findings);
    expect([status, retryable]).toEqual(['pending', [0, 1, 2]]);
    // The retry hears that the first is refuted.
    const asked: number[] = [];
    const later = await askInRounds(
      plan,
      findings.map((finding, index) => (retryable.includes(index) ? undefined : finding)),
      {
        ask: async (indexes) => {
          asked.push(...indexes);
          return indexes.map(() => no);
        },
        isTime: () => true,
      },
    );
    expect(asked).toEqual([0]);
    expect(outcomesOf(later)).toEqual(['refuted', 'not_needed', 'not_needed']);
    expect(assess(plan, later).status).toBe('complete');
  });

  const CLAIMS = 6;
  const anyFinding = fc.oneof(
    fc.constantFrom<Outcome>('confirmed', 'refuted', 'not_found', 'ambiguous').map(found),
    fc.constant(unavailable('agency_timeout', true)),
  );
  const anyPlan = fc
    .record({
      asking: fc.array(fc.constantFrom('least' as const, undefined), { minLength: CLAIMS, maxLength: CLAIMS }),
      lists: fc.array(fc.uniqueArray(fc.nat({ max: CLAIMS - 1 }), { minLength: 1, maxLength: CLAIMS }), { minLength: 1, maxLength: 4 }),
      decides: fc.constantFrom({}, { decides: 'verdict' as const }),
    })
    .map(({ asking, lists, decides }) => setOf(asking, lists, decides));
  const anyFindings = fc.array(anyFinding, { minLength: CLAIMS, maxLength: CLAIMS });

  it('comes to the same verdict and standing as asking everything, whatever is true', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, anyFindings, async (plan, answers) => {
        const { findings, rounds } = await run(plan, answers);
        const [mine, theirs] = [assess(plan, findings), assess(plan, answers)];
        expect(mine.verdict.result).toBe(theirs.verdict.result);
        expect(mine.status).toBe(theirs.status);
        expect(new Set(rounds.flat()).size).toBe(rounds.flat().length);
      }),
    );
  });

  it('calls not needed only what can change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, anyFindings, anyFindings, async (plan, answers, others) => {
        const { findings } = await run(plan, answers);
        const learnt = findings.map((finding, index) => (finding.outcome === 'not_needed' ? (others[index] as Finding) : finding));
        const [before, after] = [assess(plan, findings), assess(plan, learnt)];
        expect(after.verdict.result).toBe(before.verdict.result);
        expect(after.status).toBe(before.status);
      }),
    );
  });
});
