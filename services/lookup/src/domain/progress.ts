import type { Finding } from './claim.js';
import type { FurtherRules, PlannedAlternative } from './plan.js';
import { evaluateAlternatives, type Verdict } from './verdict.js';

/** Where a verification that was answered stands. */
export type AnsweredStatus = 'pending' | 'complete' | 'closed';

/** A verification's standing after its agencies were asked. */
export interface Progress {
  readonly status: AnsweredStatus;
  readonly verdict: Verdict;
  /** Indexes of the claims that are unavailable and still matter, and may be asked again. */
  readonly retryable: readonly number[];
}

/** What is assessed: the requirement set's name, if it is one, and its rules. */
export interface Assessed {
  readonly requirementSet?: string;
  readonly alternatives: readonly PlannedAlternative[];
  readonly further?: FurtherRules;
}

/**
 * What the findings come to. `complete` only when no claim that still matters is unavailable; `pending` when asking again may
 * help one that does; else `closed`, since nobody will answer it. What only a person can clear up keeps nothing pending.
 *
 * Of explicit claims each one matters: the platform asked for it. Of a requirement set those matter that can still change the verdict
 * or which alternative is the first that is met (alternatives are in priority order), or how those who are let in are ranked; where the set
 * decides no more than the verdict, only those that can still change that.
 */
export function assess(plan: Assessed, findings: readonly Finding[]): Progress {
  const verdict = evaluateAlternatives(plan, findings);
  const missing = plan.requirementSet === undefined ? unavailableOf(findings) : verdict.open.wait;
  const retryable = missing.filter((index) => findings[index]?.retryable === true);
  const status = missing.length === 0 ? 'complete' : retryable.length > 0 ? 'pending' : 'closed';
  return { status, verdict, retryable };
}

const unavailableOf = (findings: readonly Finding[]): number[] =>
  findings.flatMap(({ outcome }, index) => (outcome === 'unavailable' ? [index] : []));
