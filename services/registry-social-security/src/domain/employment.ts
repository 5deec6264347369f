import { type Day, firstDayLasting, fullMonths, monthsBefore, type Period, unbrokenSince } from '@vouch/adapter-sdk/calendar';

/** A job with an employer who insures, or a registration as a flexible worker (灵活就业登记); bounds inclusive. */
export interface Employment extends Period {
  /** County where the employer pays, or where the registration is, 6 digits. */
  readonly region: string;
}

/** What employment must be like. */
export interface WantedEmployment {
  readonly region: string;
  /** Day on which the job must run. */
  readonly at: Day;
  /** Full months for which jobs must have followed each other without a day between, up to that day. */
  readonly continuousMonths?: number;
}

/** Whether somebody was employed as wanted, since when and for how many full months, and from when it would be as wanted. */
export interface EmploymentRuling {
  readonly outcome: 'confirmed' | 'refuted';
  readonly disclosures: {
    readonly months?: number;
    /** First day of the unbroken employment; told when confirmed. */
    readonly since?: Day;
    /** First `at` that would do, if a job that runs today goes on. */
    readonly earliestIfUnchanged?: Day;
  };
}

/** Whether jobs in a region ran on a day, and long enough before it; a day after the records end counts as their last. */
export function ruleOnEmployment(employments: readonly Employment[], wanted: WantedEmployment, completeTo: Day): EmploymentRuling {
  const { continuousMonths = 0 } = wanted;
  const at = wanted.at < completeTo ? wanted.at : completeTo;
  const jobs = employments.filter(({ region }) => region.startsWith(wanted.region));
  const since = unbrokenSince(jobs, at);
  const months = since === undefined ? undefined : { months: fullMonths(since, at) };
  if (since !== undefined && since <= monthsBefore(at, continuousMonths)) {
    return { outcome: 'confirmed', disclosures: { ...months, since } };
  }
  const earliest = firstDayLasting(jobs, { months: continuousMonths, after: at, today: completeTo });
  return {
    outcome: 'refuted',
    disclosures: { ...months, ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }) },
  };
}
