import type { RequirementSet } from './requirement-set.js';

/** Years of entry that a set binds. */
export const entryYearsOf = ({ id, entryYears }: Pick<RequirementSet, 'id' | 'entryYears'>): readonly number[] =>
  entryYears ?? [Number(id.split('/')[2])];

/**
 * Why a set does not hold for an application: `other_entry_year`, `not_yet` or `no_longer`; undefined when it does. Days are inclusive.
 */
export function notInForce(
  set: Pick<RequirementSet, 'id' | 'entryYears' | 'validity'>,
  application: { readonly entryYear: number; readonly applicationDate: string },
): 'other_entry_year' | 'not_yet' | 'no_longer' | undefined {
  const { from, until } = set.validity ?? {};
  if (!entryYearsOf(set).includes(application.entryYear)) return 'other_entry_year';
  if (from !== undefined && application.applicationDate < from) return 'not_yet';
  return until !== undefined && application.applicationDate > until ? 'no_longer' : undefined;
}
