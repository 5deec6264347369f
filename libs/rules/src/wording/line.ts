import type { Text } from '../notes.js';

/** What a line of an explanation says. */
export type LineCode =
  /** The claim is as the rule wants it. */
  | 'as_wanted'
  /** A count is too small: `have`, `need`, `shortBy`. */
  | 'short'
  | 'refuted'
  /** The claim is confirmed, and the rule wants that it is not so. */
  | 'must_not_hold'
  | 'not_found'
  | 'ambiguous'
  | 'unavailable'
  | 'not_asked'
  /** A fact that no agency gives: somebody must see it. */
  | 'person_needed'
  | 'person_missing'
  | 'input_missing'
  /** Settled by what the lookup states. */
  | 'settled'
  | 'points'
  /** One of `parts` is enough. */
  | 'one_of'
  /** All of `parts` are needed. */
  | 'all_of'
  /** `need` of `parts` are. */
  | 'some_of';

/** One line of an explanation, for programs and for people. */
export interface Line {
  readonly code: LineCode;
  /** Index of the claim. */
  readonly claim?: number | undefined;
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
  /** Id of the fact. */
  readonly fact?: string | undefined;
  readonly have?: number | undefined;
  readonly need?: number | undefined;
  readonly shortBy?: number | undefined;
  /** Day from which it would hold, if things go on as they are. */
  readonly from?: string | undefined;
  /** Day up to which the rule counts, when it is fixed. */
  readonly by?: string | undefined;
  /** Whether `by` will have passed before it can hold. */
  readonly tooLate?: boolean | undefined;
  /** Who must be seen. */
  readonly office?: Text | undefined;
  /** Of what is settled: whether it is as the rule wants it. */
  readonly holds?: boolean | undefined;
  readonly parts?: readonly Line[] | undefined;
  readonly text: Text;
}
