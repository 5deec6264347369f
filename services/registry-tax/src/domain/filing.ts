import { countMonths, type Day, daysLater, type Month, monthOf, monthsEarlier, type WantedMonthCount } from '@vouch/adapter-sdk/calendar';

/** One month of tax that a person's business declared (申报). */
export interface Filing {
  readonly month: Month;
  /** County where the business is registered, 6 digits. */
  readonly region: string;
  /** Whether there was nothing to pay (零申报). */
  readonly zero: boolean;
}

/** Which months must be declared. */
export interface WantedFilings extends WantedMonthCount {
  readonly region?: string;
  /** Whether a month with nothing to pay counts. */
  readonly countZero: boolean;
}

/** Whether enough months are declared, how many are, how many are missing, and from when none would be. */
export interface FilingRuling {
  readonly outcome: 'confirmed' | 'refuted';
  readonly disclosures: {
    readonly months: number;
    readonly shortBy: number;
    /** First day of the first month that would be enough as `endingAt`, if every month from now on is declared like the last one. */
    readonly earliestIfUnchanged?: Day;
  };
}

/** Day of a month by which the month before must be declared. */
const FILING_DAY = 15;

/** Counts the months that a person's businesses declared; one whose time to declare is not over yet is none. */
export function ruleOnFilings(filings: readonly Filing[], wanted: WantedFilings, completeTo: Day): FilingRuling {
  const { region = '', countZero } = wanted;
  const counting = filings.filter((filing) => filing.region.startsWith(region) && (countZero || !filing.zero));
  const lastClosed = monthsEarlier(monthOf(daysLater(completeTo, 1 - FILING_DAY)), 1);
  const { earliest, ...count } = countMonths(new Set(counting.map(({ month }) => month)), wanted, lastClosed);
  return {
    outcome: count.shortBy === 0 ? 'confirmed' : 'refuted',
    disclosures: { ...count, ...(earliest === undefined ? {} : { earliestIfUnchanged: `${earliest}-01` }) },
  };
}
