import { type Day, type Month, monthOf, monthsEarlier } from '@vouch/adapter-sdk/calendar';

/** Insurance schemes, the employees' and the residents' apart. */
export const SCHEMES = [
  'pension-employee',
  'pension-resident',
  'medical-employee',
  'medical-resident',
  'unemployment',
  'work-injury',
] as const;

/** An insurance scheme. */
type Scheme = (typeof SCHEMES)[number];

/** One month in one scheme. */
export interface InsuredMonth {
  readonly month: Month;
  readonly scheme: Scheme;
  /** County where it is insured, 6 digits. */
  readonly region: string;
  /** `on-time`; `late`: made good afterwards, by back-payment (补缴) or by settling arrears; `owed`: arrears (欠缴) to this day. */
  readonly payment: 'on-time' | 'late' | 'owed';
}

/** Which months are counted, and how many there must be. */
export interface WantedMonths {
  readonly scheme: Scheme;
  readonly region?: string;
  readonly atLeast: number;
  /** A month, or a day in it. */
  readonly endingAt: string;
  readonly consecutive: boolean;
  readonly countBackPayments: boolean;
}

/** Whether enough months are insured, how many are, and how many are missing. */
export interface InsuranceRuling {
  readonly outcome: 'confirmed' | 'refuted';
  readonly disclosures: { readonly months: number; readonly shortBy: number };
}

/**
 * Counts insured months up to and including a month: the unbroken ones back from it, or all. A month that is still open is not on record, so
 * that a later end counts as the last closed month. A month owed never counts, and breaks the run.
 */
export function ruleOnInsurance(months: readonly InsuredMonth[], wanted: WantedMonths, completeTo: Day): InsuranceRuling {
  const lastClosed = monthOf(completeTo);
  const end = monthOf(wanted.endingAt) < lastClosed ? monthOf(wanted.endingAt) : lastClosed;
  const insured = new Set(months.filter((month) => month.month <= end && counts(month, wanted)).map((month) => month.month));
  const counted = wanted.consecutive ? runBackFrom(end, insured) : insured.size;
  return {
    outcome: counted >= wanted.atLeast ? 'confirmed' : 'refuted',
    disclosures: { months: counted, shortBy: Math.max(0, wanted.atLeast - counted) },
  };
}

function counts({ scheme, region, payment }: InsuredMonth, wanted: WantedMonths): boolean {
  return (
    scheme === wanted.scheme &&
    (wanted.region === undefined || region.startsWith(wanted.region)) &&
    (payment === 'on-time' || (payment === 'late' && wanted.countBackPayments))
  );
}

function runBackFrom(end: Month, insured: ReadonlySet<Month>): number {
  let run = 0;
  while (insured.has(monthsEarlier(end, run))) run += 1;
  return run;
}
