import type { ClaimVersion, Notes } from './notes.js';
import type { DateValue, ParameterValue, RegionsValue } from './values.js';

/**
 * Whom a claim is about: a subject key of the lookup (`child`, `guardian`, `grandparent1`), a word for several of them, or `them`: each
 * in turn of those that the `some` or `every` around it runs over. `anyGuardian` and `anyGrandparent`: one of those named is enough;
 * `bothGuardians` and `family` (child, both guardians, the siblings named): all of them.
 */
export type Subject = string;

/** People that a condition runs over: a word for several, or subject keys. */
export type People = 'guardians' | 'grandparents' | 'siblings' | 'family' | readonly string[];

/** One question to an agency. */
export interface ClaimCondition extends Notes, ClaimVersion {
  /** Claim type's name. */
  readonly type: string;
  readonly subject: Subject;
  /** Further persons: role of the claim type to subject key, or to `them`. */
  readonly with?: Readonly<Record<string, Subject>> | undefined;
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
  /** How it is asked, when not as the set says. */
  readonly asking?: Asking | undefined;
}

/** `fastest`: with all others at once; `least`: only when the rest leaves it open. */
export type Asking = 'fastest' | 'least';

/** All hold. */
export interface AllOf extends Notes {
  readonly allOf: readonly Condition[];
}

/** One holds. */
export interface AnyOf extends Notes {
  readonly anyOf: readonly Condition[];
}

/** Proofs of one fact, the best first: one holds. Asked from the top, and told as a ladder. */
export interface Ladder extends Notes {
  readonly ladder: readonly Condition[];
}

/** So many of several hold. */
export interface AtLeast extends Notes {
  readonly atLeast: { readonly count: number; readonly of: readonly Condition[] };
}

/** Does not hold. What is unknown stays so: nobody gets in because nothing was found. */
export interface Not extends Notes {
  readonly not: Condition;
}

/** Holds of one of several people, who is `them` inside: one and the same for all of it. */
export interface Some extends Notes {
  readonly some: { readonly of: People; readonly holds: Condition };
}

/** Holds of each of several people. A second guardian who is not named is not known to satisfy it. */
export interface Every extends Notes {
  readonly every: { readonly of: People; readonly holds: Condition };
}

/** A condition of the set's `conditions`, by name. */
export interface Use extends Notes {
  readonly use: string;
}

/** A fact of the set's `facts`, by id: no claim type gives it, so that a person must look, or the platform states it. */
export interface Stated extends Notes {
  readonly stated: string;
}

/** Settled by the lookup's address: whether it lies in one of some regions. */
export interface AddressWithin extends Notes {
  readonly addressWithin: RegionsValue;
}

/** Settled by a day that is known without asking; bounds inclusive. */
export interface DayBetween extends Notes {
  readonly dayBetween: { readonly day: DateValue; readonly from?: DateValue | undefined; readonly to?: DateValue | undefined };
}

/** Binds for some years of entry only; holds for every other. */
export interface ForEntryYears extends Notes {
  readonly forEntryYears: { readonly years: readonly number[]; readonly holds: Condition };
}

/** Points of some items of the set's scheme (all of them unless said), together. `atLeast` is ≥, `moreThan` is >. */
export interface EnoughPoints extends Notes {
  readonly enoughPoints: {
    readonly of?: readonly string[] | undefined;
    readonly atLeast?: number | undefined;
    readonly moreThan?: number | undefined;
  };
}

/** What a county may require. */
export type Condition =
  | ClaimCondition
  | AllOf
  | AnyOf
  | Ladder
  | AtLeast
  | Not
  | Some
  | Every
  | Use
  | Stated
  | AddressWithin
  | DayBetween
  | ForEntryYears
  | EnoughPoints;

/** The word that says which kind of condition it is. */
export type ConditionKind =
  | 'claim'
  | 'allOf'
  | 'anyOf'
  | 'ladder'
  | 'atLeast'
  | 'not'
  | 'some'
  | 'every'
  | 'use'
  | 'stated'
  | 'addressWithin'
  | 'dayBetween'
  | 'forEntryYears'
  | 'enoughPoints';
