/**
 * A value of Kleene's three-valued logic, so ordered that all-of is the least, any-of the greatest, and not turns the sign: -1 false, 0 unknown,
 * 1 true.
 */
export type Truth = -1 | 0 | 1;

/** What came of a claim; `not_asked` while nobody has, `not_needed` when nobody will. Only the first two are known. */
export type KnownOutcome = 'confirmed' | 'refuted' | 'not_found' | 'ambiguous' | 'unavailable' | 'not_asked' | 'not_needed';

/** An outcome's truth. */
export const truthOf = (outcome: KnownOutcome | undefined): Truth => (outcome === 'confirmed' ? 1 : outcome === 'refuted' ? -1 : 0);

/** The other way round. */
export const negate = (truth: Truth): Truth => (truth === 0 ? 0 : truth === 1 ? -1 : 1);

/** A verdict, or a category's value. */
export type Result = 'met' | 'not_met' | 'undetermined';

/** A truth as a result. */
export const resultOf = (truth: Truth): Result => (truth === 1 ? 'met' : truth === -1 ? 'not_met' : 'undetermined');
