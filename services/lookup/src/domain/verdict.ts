import { type CategoryReason, type EvaluatedCategory, evaluate, type Open, type Result } from '@vouch/rules';
import type { Outcome } from './claim.js';
import { type Plan, type PlannedAlternative, toRules } from './plan.js';

/** A requirement's truth in three-valued logic. */
export type VerdictResult = Result;

/** One alternative with its value. */
export type EvaluatedAlternative = PlannedAlternative & {
  readonly result: VerdictResult;
  readonly reason: CategoryReason;
  /** Indexes of the claims that decided it, or leave it open. */
  readonly claims: readonly number[];
};

/** What the outcomes mean. */
export interface Verdict {
  /** `met` when any alternative is, `not_met` when none can be, else `undetermined`. */
  readonly result: VerdictResult;
  /** In priority order. */
  readonly alternatives: readonly EvaluatedAlternative[];
  /** What is open and can still change which alternative is the first that is met, or how a family ranks among those. */
  readonly open: Open;
}

/** Evaluates alternatives over what came of the claims. */
export function evaluateAlternatives(
  plan: Pick<Plan, 'alternatives' | 'further'>,
  findings: readonly { readonly outcome: Outcome; readonly disclosures?: Readonly<Record<string, string | number | boolean>> }[],
): Verdict {
  const { verdict, categories: evaluated, open } = evaluate(toRules(plan), findings);
  return {
    result: verdict,
    alternatives: plan.alternatives.map((alternative, index) => {
      const { result, reason, claims } = evaluated[index] as EvaluatedCategory;
      return { ...alternative, result, reason, claims };
    }),
    open,
  };
}
