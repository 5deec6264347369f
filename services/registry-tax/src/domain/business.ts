import { type Day, firstDayLasting, fullMonths, monthsBefore, type Period } from '@vouch/adapter-sdk/calendar';

/** A business of which a person is the legal representative or the sole trader. Active, bounds inclusive. */
export interface Business extends Period {
  /** County where it is registered, 6 digits. */
  readonly region: string;
}

/** What a business must be like. */
export interface WantedBusiness {
  readonly region: string;
  /** Day on which it must be active. */
  readonly at: Day;
  /** Full months for which it must have been, up to that day. */
  readonly continuousMonths?: number;
}

/** Whether a business is active as wanted, since when and for how many full months, and from when it would be as wanted. */
export interface BusinessRuling {
  readonly outcome: 'confirmed' | 'refuted';
  readonly disclosures: {
    readonly months?: number;
    /** Day of the licence; told when confirmed. */
    readonly since?: Day;
    /** First `at` that would do, if a business that is active today stays so. */
    readonly earliestIfUnchanged?: Day;
  };
}

/** Whether one business in a region was active on a day, and long enough by then; a day after the records end counts as their last. */
export function ruleOnBusiness(businesses: readonly Business[], wanted: WantedBusiness, completeTo: Day): BusinessRuling {
  const { continuousMonths = 0 } = wanted;
  const at = wanted.at < completeTo ? wanted.at : completeTo;
  const there = businesses.filter((business) => business.region.startsWith(wanted.region));
  const since = there
    .filter((business) => business.from <= at && (business.until === undefined || business.until >= at))
    .map((business) => business.from)
    .sort()[0];
  const months = since === undefined ? undefined : { months: fullMonths(since, at) };
  if (since !== undefined && since <= monthsBefore(at, continuousMonths)) {
    return { outcome: 'confirmed', disclosures: { ...months, since } };
  }
  // Each licence has a time of its own: one that begins when another ends does not go on with it.
  const earliest = there
    .map((business) => firstDayLasting([business], { months: continuousMonths, after: at, today: completeTo }))
    .filter((day) => day !== undefined)
    .sort()[0];
  return {
    outcome: 'refuted',
    disclosures: { ...months, ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }) },
  };
}
