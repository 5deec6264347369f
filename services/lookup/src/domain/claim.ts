/** What came of a claim; the last four are unknown in three-valued logic. `not_needed`: nobody was asked, since it could change nothing any more. */
export type Outcome = 'confirmed' | 'refuted' | 'not_found' | 'ambiguous' | 'unavailable' | 'not_needed';

/** What an agency can say, or that it did not. */
export type AgencyOutcome = Exclude<Outcome, 'not_needed'>;

/** One claim of a lookup, its claim type resolved to a version. */
export interface Claim {
  /** Claim type's name. */
  readonly type: string;
  /** Claim type's version. */
  readonly version: number;
  /** Agency that answers it. */
  readonly agency: string;
  /** Key of the subject that it is about. */
  readonly subject: string;
  /** Further persons: role to subject key. */
  readonly with: Readonly<Record<string, string>>;
  /** Parameters that the claim type's schema accepts. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `least`: asked only when the rest leaves it open; with all others at once unless said. */
  readonly asking?: 'least';
}

/** What the agencies said about a claim so far. */
export interface Finding<O extends Outcome = Outcome> {
  readonly outcome: O;
  /** Day to which the records are complete, `YYYY-MM-DD`. */
  readonly asOf?: string;
  /** Disclosed values that the claim type declares. */
  readonly disclosures: Readonly<Record<string, string | number | boolean>>;
  /** Code that says why, when the outcome is `unavailable` or `not_needed`. */
  readonly reason?: string;
  /** Whether asking again may help; false unless the outcome is `unavailable`. */
  readonly retryable: boolean;
  /** Earliest useful repeat that the agency named, milliseconds. */
  readonly retryAfterMs?: number;
}

/** A claim that could not be asked or answered. */
export const unavailable = (reason: string, retryable: boolean, retryAfterMs?: number): Finding<'unavailable'> => ({
  outcome: 'unavailable',
  disclosures: {},
  reason,
  retryable,
  ...(retryAfterMs ? { retryAfterMs } : {}),
});

/** A claim that nobody asked: the requirement set was decided without it. */
export const NOT_NEEDED: Finding = { outcome: 'not_needed', disclosures: {}, reason: 'decided_without', retryable: false };
