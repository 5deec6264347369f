import type { Finding } from './claim.js';
import type { Plan } from './plan.js';
import { evaluate, type Verdict } from './verdict.js';

/** Where a verification that was answered stands. */
export type AnsweredStatus = 'pending' | 'complete' | 'closed';

/** A verification's standing after its agencies were asked. */
export interface Progress {
  readonly status: AnsweredStatus;
  readonly verdict: Verdict;
  /** Indexes of the claims that are unavailable and still matter, and may be asked again. */
  readonly retryable: readonly number[];
}

/**
 * What the findings come to. `complete` only when no claim that still matters is unavailable; `pending` when asking again may
 * help one that does; else `closed`, since nobody will answer it.
 *
 * Of explicit claims each one matters: the platform asked for it. Of a requirement set those matter that can still change the verdict
 * or which alternative is the first that is met: alternatives are in priority order.
 */
export function assess(plan: Pick<Plan, 'requirementSet' | 'alternatives'>, findings: readonly Finding[]): Progress {
  const verdict = evaluate(
    plan.alternatives,
    findings.map(({ outcome }) => outcome),
  );
  const missing = mattering(plan, verdict).filter((index) => findings[index]?.outcome === 'unavailable');
  const retryable = missing.filter((index) => findings[index]?.retryable === true);
  const status = missing.length === 0 ? 'complete' : retryable.length > 0 ? 'pending' : 'closed';
  return { status, verdict, retryable };
}

function mattering(plan: Pick<Plan, 'requirementSet' | 'alternatives'>, verdict: Verdict): number[] {
  if (plan.requirementSet === undefined) return [...new Set(plan.alternatives.flatMap(({ allOf }) => allOf))];
  const firstMet = verdict.alternatives.findIndex(({ result }) => result === 'met');
  const above = firstMet === -1 ? verdict.alternatives : verdict.alternatives.slice(0, firstMet);
  return [...new Set(above.filter(({ result }) => result === 'undetermined').flatMap(({ allOf }) => allOf))].sort((a, b) => a - b);
}
