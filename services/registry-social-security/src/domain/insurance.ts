import { countMonths, type Day, type Month, monthOf, type WantedMonthCount } from '@vouch/adapter-sdk/calendar';

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
  /** Whether an employer pays; else the insured person does. */
  readonly byEmployer: boolean;
  /** Day of payment; undefined while it is owed. */
  readonly paidOn: Day | undefined;
  /** `on-time`; `late`: made good afterwards, by back-payment (补缴) or by settling arrears; `owed`: arrears (欠缴) to this day. */
  readonly payment: 'on-time' | 'late' | 'owed';
}

/** Which months are counted, and how many there must be. */
export interface WantedMonths extends WantedMonthCount {
  /** Of several, a month must be insured in each. */
  readonly schemes: readonly Scheme[];
  readonly region?: string;
  readonly countBackPayments: boolean;
  /** Whether only months that an employer pays for count. */
  readonly byEmployer: boolean;
}

/** Whether enough months are insured, how many are, how many are missing, and from when none would be. */
export interface InsuranceRuling {
  readonly outcome: 'confirmed' | 'refuted';
  readonly disclosures: {
    readonly months: number;
    readonly shortBy: number;
    /** Day on which the first month that counts was paid, whatever window is asked for; of the first scheme when there are several. */
    readonly firstPaid?: Day;
    /** First day of the first month that would be enough as `endingAt`, if every month from now on is insured like the last closed one. */
    readonly earliestIfUnchanged?: Day;
  };
}

/**
 * Counts insured months up to and including a month: the unbroken ones back from it, or all. A month that is still open is not on record, so
 * that a later end counts as the last closed month. A month owed never counts, and breaks the run.
 */
export function ruleOnInsurance(months: readonly InsuredMonth[], wanted: WantedMonths, completeTo: Day): InsuranceRuling {
  const counting = wanted.schemes.map((scheme) => months.filter((month) => month.scheme === scheme && counts(month, wanted)));
  const [first = new Set<Month>(), ...others] = counting.map((list) => new Set(list.map(({ month }) => month)));
  const insured = new Set([...first].filter((month) => others.every((other) => other.has(month))));
  const { earliest, ...count } = countMonths(insured, wanted, monthOf(completeTo));
  const firstPaid = (counting[0] ?? []).flatMap(({ month, paidOn }) => (insured.has(month) ? (paidOn ?? []) : [])).sort()[0];
  return {
    outcome: count.shortBy === 0 ? 'confirmed' : 'refuted',
    disclosures: {
      ...count,
      ...(firstPaid === undefined ? {} : { firstPaid }),
      ...(earliest === undefined ? {} : { earliestIfUnchanged: `${earliest}-01` }),
    },
  };
}

/** Whether any month of a window was paid late. */
export function ruleOnBackPayment(
  months: readonly InsuredMonth[],
  wanted: { readonly scheme: Scheme; readonly region?: string; readonly startingAt: string; readonly endingAt: string },
): { readonly outcome: 'confirmed' | 'refuted' } {
  const [from, to] = [monthOf(wanted.startingAt), monthOf(wanted.endingAt)];
  const late = months.some(
    ({ month, scheme, region, payment }) =>
      payment === 'late' && scheme === wanted.scheme && region.startsWith(wanted.region ?? '') && month >= from && month <= to,
  );
  return { outcome: late ? 'confirmed' : 'refuted' };
}

const counts = ({ region, payment, byEmployer }: InsuredMonth, wanted: WantedMonths): boolean =>
  region.startsWith(wanted.region ?? '') &&
  (byEmployer || !wanted.byEmployer) &&
  (payment === 'on-time' || (payment === 'late' && wanted.countBackPayments));
