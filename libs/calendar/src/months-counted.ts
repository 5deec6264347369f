import { type Month, monthOf, monthsEarlier } from './calendar.js';

/** Which months are counted, and how many there must be. */
export interface WantedMonthCount {
  readonly atLeast: number;
  /** Last month that counts, or a day in it. */
  readonly endingAt: string;
  /** First month that counts, or a day in it; every earlier one unless said. */
  readonly startingAt?: string;
  /** Whether only months without a break back from the last one count. */
  readonly consecutive: boolean;
}

/** How many there are, how many are missing, and the first `endingAt` with which none would be, if every month to come is like the last one. */
export interface MonthCount {
  readonly months: number;
  readonly shortBy: number;
  readonly earliest?: Month;
}

/**
 * Counts months up to and including one; `lastClosed` is the last that is on record, and a later end counts as it. `earliest` is left out when
 * nothing is missing, and when the last month on record is not among them, so that nothing goes on.
 */
export function countMonths(months: ReadonlySet<Month>, wanted: WantedMonthCount, lastClosed: Month): MonthCount {
  const { atLeast, consecutive } = wanted;
  const start = wanted.startingAt === undefined ? '' : monthOf(wanted.startingAt);
  const end = monthOf(wanted.endingAt) < lastClosed ? monthOf(wanted.endingAt) : lastClosed;
  const counting = new Set([...months].filter((month) => month >= start && month <= lastClosed));
  const countTo = (last: Month): number =>
    consecutive ? runBackFrom(last, counting) : [...counting].filter((month) => month <= last).length;
  const counted = countTo(end);
  if (counted >= atLeast) return { months: counted, shortBy: 0 };
  const short = { months: counted, shortBy: atLeast - counted };
  for (let month = end; month < lastClosed; ) {
    month = monthsEarlier(month, -1);
    if (countTo(month) >= atLeast) return { ...short, earliest: month };
  }
  if (!months.has(lastClosed)) return short;
  // A window that opens later begins with the first month in it.
  const missing = atLeast - countTo(lastClosed);
  const before = start > lastClosed ? monthsEarlier(start, 1) : lastClosed;
  return { ...short, earliest: monthsEarlier(before, -missing) };
}

function runBackFrom(end: Month, months: ReadonlySet<Month>): number {
  let run = 0;
  while (months.has(monthsEarlier(end, run))) run += 1;
  return run;
}
