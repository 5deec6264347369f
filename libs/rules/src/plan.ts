import type { Asking } from './condition.js';
import type { Text } from './notes.js';
import type { TieBreaker, WhenFull } from './requirement-set.js';
import type { Truth } from './truth.js';
import type { MissingInput } from './values.js';

/** One question of a plan: everything in it is worked out. */
export interface PlannedClaim {
  readonly type: string;
  readonly version: number;
  /** Subject key. */
  readonly subject: string;
  /** Role to subject key. */
  readonly with: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly asking: Asking;
  /** Whether it counts up to the day of the application, so that it may come out otherwise on another day. */
  readonly moving: boolean;
}

/** Why a part of a rule is settled, or open, without anybody being asked. */
export type Settling =
  | 'stated'
  | 'address'
  | 'day'
  | 'other_entry_year'
  | 'nobody_named'
  | `person_missing:${string}`
  | `input_missing:${MissingInput}`;

/** A condition over claims' indexes, with nothing left to work out; plain JSON. */
export type Term =
  | { readonly kind: 'claim'; readonly claim: number }
  | { readonly kind: 'fact'; readonly fact: string }
  | { readonly kind: 'settled'; readonly truth: Truth; readonly why: Settling }
  | { readonly kind: 'all' | 'any' | 'ladder'; readonly of: readonly Term[] }
  | { readonly kind: 'atLeast'; readonly count: number; readonly of: readonly Term[] }
  | { readonly kind: 'not'; readonly of: Term }
  /** The scheme, indexes of its items, and the points that they must reach (`strict`: pass) together. */
  | {
      readonly kind: 'points';
      readonly scheme: PlannedPoints;
      readonly items: readonly number[];
      readonly atLeast: number;
      readonly strict: boolean;
    };

/** A category with its condition worked out. */
export interface PlannedCategory {
  readonly id: string;
  readonly title?: Text | undefined;
  readonly when: Term;
  readonly basePoints?: number | undefined;
  readonly whenFull?: WhenFull | undefined;
}

/** A disclosure to count, of one person. */
export interface PlannedMeasure {
  /** Index of its claim. */
  readonly claim: number;
  readonly disclosure: string;
  /** Day up to which months are counted, when a day is disclosed. */
  readonly until?: string | undefined;
}

/** An item of the points scheme, worked out. */
export interface PlannedItem {
  readonly id: string;
  readonly title: Text;
  readonly fixed?: { readonly when: Term; readonly points: number } | undefined;
  readonly measured?:
    | {
        /** One of each person. */
        readonly measures: readonly PlannedMeasure[];
        readonly perMonth: number;
        readonly after: number;
        readonly mostMonths: number | undefined;
        readonly steps: readonly { readonly from: number; readonly points: number }[] | undefined;
        readonly over: 'sum' | 'most';
      }
    | undefined;
  readonly mostPoints?: number | undefined;
}

/** The points scheme, worked out. */
export interface PlannedPoints {
  readonly items: readonly PlannedItem[];
  readonly vetoes: readonly Term[];
  readonly mostPoints?: number | undefined;
}

/** A tie-breaker, worked out: of several people the one that comes first counts. */
export interface PlannedTie {
  readonly id: string;
  readonly title: Text;
  readonly measures: readonly PlannedMeasure[];
  readonly first: TieBreaker['first'];
}

/** How children of an exception are placed. */
export interface PlannedPlacement {
  readonly exception: string;
  readonly when: Term;
  readonly places: 'one-draw' | 'with-sibling';
}

/** What a plan's answers are evaluated by; plain JSON. */
export interface PlannedRules {
  /** In order of priority. */
  readonly categories: readonly PlannedCategory[];
  readonly decides: 'category' | 'verdict';
  readonly points?: PlannedPoints | undefined;
  readonly ties: readonly PlannedTie[];
  readonly placements: readonly PlannedPlacement[];
}

/** What one lookup asks, and what its answers come to. A claim that occurs several times is asked once. */
export interface Plan extends PlannedRules {
  /** Id of the requirement set. */
  readonly requirementSet: string;
  readonly claims: readonly PlannedClaim[];
}
