import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from './claim.js';
import type { PlannedAlternative } from './plan.js';
import { evaluateAlternatives } from './verdict.js';

const evaluate = (alternatives: readonly PlannedAlternative[], outcomes: readonly Outcome[]) => {
  const { result, alternatives: evaluated } = evaluateAlternatives(
    { alternatives },
    outcomes.map((outcome) => ({ outcome })),
  );
  return { result, alternatives: evaluated };
};

const OUTCOMES: readonly Outcome[] = ['confirmed', 'refuted', 'not_found', 'ambiguous', 'unavailable'];
const CLAIMS = 6;

const anyOutcome = fc.constantFrom(...OUTCOMES);
const anyOutcomes = fc.array(anyOutcome, { minLength: CLAIMS, maxLength: CLAIMS });
const anyAlternatives = fc
  .array(fc.uniqueArray(fc.nat({ max: CLAIMS - 1 }), { minLength: 1, maxLength: CLAIMS }), { minLength: 1, maxLength: 4 })
  .map((lists) => lists.map((allOf, index) => ({ id: `alternative-${index}`, allOf })));
const isUnknown = (outcome: Outcome | undefined): boolean => outcome !== 'confirmed' && outcome !== 'refuted';

describe('evaluate', () => {
  const homeOrLease: PlannedAlternative[] = [
    { id: 'home', allOf: [0, 1] },
    { id: 'lease', allOf: [0, 2] },
  ];

  it('given every claim of one alternative confirmed, is met by it', () => {
    const verdict = evaluate(homeOrLease, ['confirmed', 'refuted', 'confirmed']);
    expect(verdict).toEqual({
      result: 'met',
      alternatives: [
        { id: 'home', allOf: [0, 1], result: 'not_met', reason: 'claim_refuted', claims: [1] },
        { id: 'lease', allOf: [0, 2], result: 'met', reason: 'all_confirmed', claims: [0, 2] },
      ],
    });
  });

  it('given a refuted claim in every alternative, is not met, whatever is unknown', () => {
    expect(evaluate(homeOrLease, ['refuted', 'unavailable', 'ambiguous']).result).toBe('not_met');
  });

  it.each(['not_found', 'ambiguous', 'unavailable'] as const)('given %s where it counts, is undetermined', (outcome) => {
    const verdict = evaluate(homeOrLease, ['confirmed', outcome, 'refuted']);
    expect(verdict.result).toBe('undetermined');
    expect(verdict.alternatives[0]).toMatchObject({ reason: 'claim_unknown', claims: [1] });
  });

  it('is monotone: learning an unknown outcome never changes what was already decided', () => {
    fc.assert(
      fc.property(anyAlternatives, anyOutcomes, anyOutcomes, (alternatives, before, learnt) => {
        const after = before.map((outcome, index) => (isUnknown(outcome) ? (learnt[index] as Outcome) : outcome));
        const first = evaluate(alternatives, before);
        const then = evaluate(alternatives, after);
        if (first.result !== 'undetermined') expect(then.result).toBe(first.result);
        for (const [index, { result }] of first.alternatives.entries()) {
          if (result !== 'undetermined') expect(then.alternatives[index]?.result).toBe(result);
        }
      }),
    );
  });

  it('is undetermined exactly when learning the unknown outcomes can still decide it either way', () => {
    fc.assert(
      fc.property(anyAlternatives, anyOutcomes, (alternatives, outcomes) => {
        const learn = (as: Outcome) => outcomes.map((outcome) => (isUnknown(outcome) ? as : outcome));
        const best = evaluate(alternatives, learn('confirmed')).result;
        const worst = evaluate(alternatives, learn('refuted')).result;
        expect(evaluate(alternatives, outcomes).result).toBe(best === worst ? best : 'undetermined');
      }),
    );
  });

  it('of explicit claims means all of them', () => {
    fc.assert(
      fc.property(anyOutcomes, (outcomes) => {
        const { result } = evaluate([{ id: 'claims', allOf: outcomes.map((_, index) => index) }], outcomes);
        if (outcomes.every((outcome) => outcome === 'confirmed')) expect(result).toBe('met');
        else if (outcomes.includes('refuted')) expect(result).toBe('not_met');
        else expect(result).toBe('undetermined');
      }),
    );
  });

  it('does not depend on the order of claims, nor of alternatives', () => {
    fc.assert(
      fc.property(anyAlternatives, anyOutcomes, (alternatives, outcomes) => {
        const turned = alternatives.map(({ id, allOf }) => ({ id, allOf: allOf.toReversed() })).toReversed();
        expect(evaluate(turned, outcomes).result).toBe(evaluate(alternatives, outcomes).result);
      }),
    );
  });
});
