import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { claimsIn } from '../lookups/lookup.js';

const NAMES: Readonly<Partial<Record<Outcome, string>>> = {
  [Outcome.CONFIRMED]: 'confirmed',
  [Outcome.REFUTED]: 'refuted',
  [Outcome.NOT_FOUND]: 'not_found',
  [Outcome.AMBIGUOUS]: 'ambiguous',
};

/** The answer of a row that is no hub: what each agency said. */
export const toAnswer = (id: string, region: string, outcomes: readonly Outcome[]) => ({
  id,
  status: 'complete',
  claims: claimsIn(region).map(({ type }, index) => ({ type, outcome: NAMES[outcomes[index] ?? Outcome.UNSPECIFIED] ?? 'unavailable' })),
});
