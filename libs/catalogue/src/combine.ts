import type { Combine, Outcome } from './types.js';

// Of several unknowns the one that can still change by itself is shown: it keeps the claim pending.
const UNKNOWN_IN_ORDER = ['unavailable', 'ambiguous', 'not_found'] as const satisfies readonly Outcome[];

/**
 * One outcome out of several providers' outcomes, in three-valued logic. `any`: confirmed when one confirms, refuted when all refute.
 * `all`: confirmed when all confirm, refuted when one refutes. Otherwise unknown: `unavailable` before `ambiguous` before `not_found`.
 * No outcomes at all: `unavailable`.
 */
export function combineOutcomes(combine: Combine, outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 0) return 'unavailable';
  const [decisive, unanimous] = combine === 'any' ? (['confirmed', 'refuted'] as const) : (['refuted', 'confirmed'] as const);
  if (outcomes.includes(decisive)) return decisive;
  return UNKNOWN_IN_ORDER.find((unknown) => outcomes.includes(unknown)) ?? unanimous;
}
