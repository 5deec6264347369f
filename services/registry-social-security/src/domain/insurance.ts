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

/** Whether enough months are insured, how many are, how many are missing, and from when none would be. */
export interface InsuranceRuling {
  readonly outcome: 'confirmed' | 'refuted';
  readonly disclosures: {
    readonly months: number;
    readonly shortBy: number;
    /** First day of the first month that would be enough as `endingAt`, if every month from now on is insured like the last closed one. */
    readonly earliestIfUnchanged?: Day;
  };
}

/**
 * Counts insured months up to and including a month: the unbroken ones back from it, or all. A month that is still open is not on record, so
 * that a later end counts as the last closed month. A month owed never counts, and breaks the run.
 */
export function ruleOnInsurance(months: readonly InsuredMonth[], wanted: WantedMonths, completeTo: Day): InsuranceRuling {
  const lastClosed = monthOf(completeTo);
  const end = monthOf(wanted.endingAt) < lastClosed ? monthOf(wanted.endingAt) : lastClosed;
  const insured = new Set(months.filter((month) => month.month <= lastClosed && counts(month, wanted)).map((month) => month.month));
  const countTo = (last: Month): number =>
    wanted.consecutive ? runBackFrom(last, insured) : [...insured].filter((month) => month <= last).length;
  const counted = countTo(end);
  if (counted >= wanted.atLeast) return { outcome: 'confirmed', disclosures: { months: counted, shortBy: 0 } };
  const enough = firstEnough(countTo, insured.has(lastClosed), { end, lastClosed, atLeast: wanted.atLeast });
  return {
    outcome: 'refuted',
    disclosures: {
      months: counted,
      shortBy: wanted.atLeast - counted,
      ...(enough === undefined ? {} : { earliestIfUnchanged: `${enough}-01` }),
    },
  };
}

/** The first month after `end` that is enough: one on record, or one to come when payments go on. */
function firstEnough(
  countTo: (last: Month) => number,
  goesOn: boolean,
  { end, lastClosed, atLeast }: { readonly end: Month; readonly lastClosed: Month; readonly atLeast: number },
): Month | undefined {
  for (let month = end; month < lastClosed; ) {
    month = monthsEarlier(month, -1);
    if (countTo(month) >= atLeast) return month;
  }
  return goesOn ? monthsEarlier(lastClosed, countTo(lastClosed) - atLeast) : undefined;
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
