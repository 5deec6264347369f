import type { Inputs } from '@vouch/rules';

/** What a lookup states for its requirement set, so that the set can be worked out again as it was. */
export interface Application {
  /** Year of entry. */
  readonly entryYear: number;
  /** Day of the application, `YYYY-MM-DD`. */
  readonly applicationDate: string;
  /** Keys of the people named. */
  readonly people: readonly string[];
  /** Kept sealed. Only what the set's rules depend on is in it. */
  readonly personal?: PersonalInputs;
}

/** Inputs that tell of the family. */
export interface PersonalInputs {
  /** Address code, or the beginning of one. */
  readonly addressCode?: string;
  /** `YYYY-MM-DD`. */
  readonly childBirthDate?: string;
  /** Facts of the set that the platform states, by id. */
  readonly facts?: Readonly<Record<string, boolean>>;
}

/** An application as rules read it. */
export const toInputs = ({ entryYear, applicationDate, people, personal }: Application): Inputs => ({
  entryYear,
  applicationDate,
  people: new Set(people),
  ...personal,
});
