import type { Outcome } from './claim.js';
import type { PlannedAlternative } from './plan.js';

/** A requirement's truth in three-valued logic. */
export type VerdictResult = 'met' | 'not_met' | 'undetermined';

/** Why an alternative has its value. */
export type VerdictReason = 'all_confirmed' | 'claim_refuted' | 'claim_unknown';

/** One alternative with its value. */
export interface EvaluatedAlternative extends PlannedAlternative {
  readonly result: VerdictResult;
  readonly reason: VerdictReason;
  /** Indexes of the claims that decided it. */
  readonly claims: readonly number[];
}

/** What the outcomes mean. */
export interface Verdict {
  /** `met` when any alternative is, `not_met` when none can be, else `undetermined`. */
  readonly result: VerdictResult;
  /** In priority order. */
  readonly alternatives: readonly EvaluatedAlternative[];
}

/**
 * Evaluates alternatives (any of) of claims (all of) over the claims' outcomes, in Kleene's three-valued logic:
 * `confirmed` is true, `refuted` is false, everything else is unknown.
 */
export function evaluate(alternatives: readonly PlannedAlternative[], outcomes: readonly Outcome[]): Verdict {
  const evaluated = alternatives.map((alternative) => evaluateAlternative(alternative, outcomes));
  const results = evaluated.map(({ result }) => result);
  return { result: anyOf(results), alternatives: evaluated };
}

function evaluateAlternative({ id, allOf }: PlannedAlternative, outcomes: readonly Outcome[]): EvaluatedAlternative {
  const refuted = allOf.filter((index) => outcomes[index] === 'refuted');
  if (refuted.length > 0) return { id, allOf, result: 'not_met', reason: 'claim_refuted', claims: refuted };
  const unknown = allOf.filter((index) => outcomes[index] !== 'confirmed');
  if (unknown.length > 0) return { id, allOf, result: 'undetermined', reason: 'claim_unknown', claims: unknown };
  return { id, allOf, result: 'met', reason: 'all_confirmed', claims: allOf };
}

function anyOf(results: readonly VerdictResult[]): VerdictResult {
  if (results.includes('met')) return 'met';
  return results.includes('undetermined') ? 'undetermined' : 'not_met';
}
