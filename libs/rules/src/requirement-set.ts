import type { Asking, ClaimCondition, Condition } from './condition.js';
import type { Notes, RuleSource, Text } from './notes.js';
import type { DateValue } from './values.js';

/** One class of families, in the set's order of priority. */
export interface Category extends Notes {
  readonly id: string;
  readonly title: Text;
  readonly when: Condition;
  /** Points that everyone in it has before the scheme's items. */
  readonly basePoints?: number | undefined;
  /** What becomes of those for whom there is no seat; it never touches the right to one. */
  readonly whenFull?: WhenFull | undefined;
}

/**
 * `ranked`: by points, then ties; `ties`: by the ties alone; `lottery`; `pool`: a place in another school with room (统筹); `next-batch`: they
 * wait until the batch after theirs is placed.
 */
export type WhenFull = 'ranked' | 'ties' | 'lottery' | 'pool' | 'next-batch';

/** A fact that no claim type gives: a person looks, or the platform states it. */
export interface Fact {
  readonly id: string;
  readonly title: Text;
  /** Whom a family must see. */
  readonly office: Text;
  /** Claim type that would give it, by the name it would have. */
  readonly wanted?: string | undefined;
}

/** What is counted in points. */
export interface Measure {
  /** One claim type whose answer discloses it; a word for several guardians in its `subject` counts each of them. */
  readonly claim: ClaimCondition;
  /** Name of a disclosure: a number, or a day from which full months are counted. */
  readonly disclosure: string;
  /** Day up to which months are counted, when the disclosure is a day. */
  readonly until?: DateValue | undefined;
}

/** One item of a points scheme: a fixed number when something holds, or so much a month, or steps. */
export interface PointsItem extends Notes {
  readonly id: string;
  readonly title: Text;
  /** Fixed points. */
  readonly fixed?: { readonly when: Condition; readonly points: number } | undefined;
  readonly measured?:
    | {
        readonly measure: Measure;
        /** Points a month. */
        readonly perMonth?: number | undefined;
        /** Months that earn nothing: the count begins after them. */
        readonly after?: number | undefined;
        /** Months that count at most, of each person. */
        readonly mostMonths?: number | undefined;
        /** Points from a number of months on; the highest step reached counts. */
        readonly steps?: readonly { readonly from: number; readonly points: number }[] | undefined;
        /** Of several guardians: `sum` or the one with most (`most`, unless said). */
        readonly over?: 'sum' | 'most' | undefined;
      }
    | undefined;
  /** Points that it gives at most. */
  readonly mostPoints?: number | undefined;
}

/** How families are counted against each other. */
export interface PointsScheme extends Notes {
  readonly items: readonly PointsItem[];
  /** Any of these takes all points away. */
  readonly vetoes?: readonly Condition[] | undefined;
  readonly mostPoints?: number | undefined;
}

/** A key that orders equals; keys count in their order. */
export interface TieBreaker extends Notes {
  readonly id: string;
  readonly title: Text;
  readonly measure: Measure;
  readonly first: 'earliest' | 'latest' | 'most' | 'least';
}

/** A rule for some, over the others. */
export interface RuleException extends Notes {
  readonly id: string;
  readonly title: Text;
  readonly when: Condition;
  /** Category that it lets in. */
  readonly admits?: string | undefined;
  /** Ids of conditions that it waives. */
  readonly waives?: readonly string[] | undefined;
  /** How its children are placed: one draw for all, or where the sibling is. */
  readonly places?: 'one-draw' | 'with-sibling' | undefined;
}

/** A dwelling, or a family, that gives no second seat for some years. */
export interface Lock extends Notes {
  readonly id: string;
  readonly title: Text;
  readonly per: 'dwelling' | 'family';
  readonly years: number;
  /** What bars: that a seat was given in that time. */
  readonly when: Condition;
  /** Whom it does not bar. */
  readonly exempt?: Condition | undefined;
  /** Categories that it bars; all unless said. */
  readonly bars?: readonly string[] | undefined;
}

/** A county's versioned enrolment rules. */
export interface RequirementSet extends Notes {
  /** `<region>/<stage>/<year of entry>`. */
  readonly id: string;
  readonly title: Text;
  readonly region: string;
  readonly purpose: string;
  /** Set of a region around this one whose rules hold where this one says nothing. */
  readonly extends?: string | undefined;
  /** Only for others to extend. */
  readonly abstract?: boolean | undefined;
  /** For what-if alone: no provider serves its region. */
  readonly whatIfOnly?: boolean | undefined;
  /** Years of entry that it binds; the year in its id unless said. */
  readonly entryYears?: readonly number[] | undefined;
  /** Days of application on which it holds, inclusive. */
  readonly validity?: { readonly from?: string | undefined; readonly until?: string | undefined } | undefined;
  readonly announcedOn?: string | undefined;
  /** Id of the set that it follows. */
  readonly predecessor?: string | undefined;
  readonly sources?: readonly RuleSource[] | undefined;
  /** `fastest` unless said. */
  readonly asking?: Asking | undefined;
  /** What must be decided before nothing more is asked: which category is reached, or only whether any is. `category` unless said. */
  readonly decides?: 'category' | 'verdict' | undefined;
  readonly dates?: Readonly<Record<string, DateValue>> | undefined;
  readonly regions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly conditions?: Readonly<Record<string, Condition>> | undefined;
  readonly facts?: readonly Fact[] | undefined;
  /** Least age, full years, on a day; of every category. */
  readonly age?: (Notes & { readonly years: number; readonly on: DateValue }) | undefined;
  /** What every category requires. */
  readonly requires?: readonly Condition[] | undefined;
  /** In order of priority. */
  readonly categories?: readonly Category[] | undefined;
  readonly points?: PointsScheme | undefined;
  readonly ties?: readonly TieBreaker[] | undefined;
  readonly exceptions?: readonly RuleException[] | undefined;
  readonly locks?: readonly Lock[] | undefined;
}
