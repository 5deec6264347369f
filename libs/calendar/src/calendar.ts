/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`; days compare as texts. */
export type Day = string;
/** A calendar month, `YYYY-MM`; months compare as texts. */
export type Month = string;

/** A stretch of days, bounds inclusive; without an end it goes on. */
export interface Period {
  readonly from: Day;
  readonly until: Day | undefined;
}

/** The month that a day, or a month, lies in. */
export const monthOf = (dayOrMonth: string): Month => dayOrMonth.slice(0, 7);

/** The month some months earlier; a negative number goes later. */
export function monthsEarlier(month: Month, months: number): Month {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 - months;
  return `${pad(Math.floor(count / 12), 4)}-${pad((count % 12) + 1, 2)}`;
}

/**
 * The day some months before another: the same day of the month, or the month's last when it is shorter, so that six months before
 * 31 August is the last of February.
 */
export function monthsBefore(day: Day, months: number): Day {
  const month = monthsEarlier(monthOf(day), months);
  return `${month}-${pad(Math.min(Number(day.slice(8)), lengthOf(month)), 2)}`;
}

/** The day some years before another; 29 February becomes the 28th where there is none. */
export const yearsBefore = (day: Day, years: number): Day => monthsBefore(day, years * 12);

/** The day some days later; a negative number goes back. */
export function daysLater(day: Day, days: number): Day {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The day before. */
export const dayBefore = (day: Day): Day => daysLater(day, -1);

/** The last day of the month that a day lies in. */
export const endOfMonth = (day: Day): Day => `${monthOf(day)}-${pad(lengthOf(monthOf(day)), 2)}`;

/** Full months from one day to another, exact to the day: what `monthsBefore` would just still reach. 0 when `from` is later. */
export function fullMonths(from: Day, to: Day): number {
  if (from > to) return 0;
  const months = (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
  return from <= monthsBefore(to, months) ? months : months - 1;
}

/** The first day by which so many full months have passed since another: the least `to` with `fullMonths(from, to) >= months`. */
export function monthsReachedOn(from: Day, months: number): Day {
  const day = monthsBefore(from, -months);
  // Where the later month is too short to have the day, the months are full on the next month's first.
  return monthsBefore(day, months) >= from ? day : daysLater(day, 1);
}

/** Periods joined to runs, oldest first: those that overlap, or follow each other without a day between. */
export function runsOf(periods: readonly Period[]): Period[] {
  const runs: Period[] = [];
  for (const period of [...periods].sort((one, other) => (one.from < other.from ? -1 : 1))) {
    const last = runs.at(-1);
    if (!last || (last.until !== undefined && last.until < dayBefore(period.from))) runs.push(period);
    else if (last.until !== undefined && (period.until === undefined || period.until > last.until)) {
      runs[runs.length - 1] = { from: last.from, until: period.until };
    }
  }
  return runs;
}

/** The first day of the unbroken run of periods that reaches a day: each begins at the latest on the day after another ends. */
export function unbrokenSince(periods: readonly Period[], day: Day): Day | undefined {
  let since: Day | undefined;
  for (let edge = day; ; edge = dayBefore(since)) {
    const reaching = periods.filter((period) => period.from <= edge && (period.until === undefined || period.until >= edge));
    const first = reaching.map((period) => period.from).sort()[0];
    if (first === undefined) return since;
    since = first;
  }
}

function lengthOf(month: Month): number {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
}

const pad = (number: number, digits: number): string => String(number).padStart(digits, '0');
