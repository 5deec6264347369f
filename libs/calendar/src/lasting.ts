import { type Day, daysLater, monthsBefore, monthsReachedOn, type Period, runsOf, unbrokenSince } from './calendar.js';

/** What must last, and from which day on it is looked for. */
export interface WantedLasting {
  /** Full months without a break; 0: the day alone. */
  readonly months: number;
  /** Day by which it did not last so long. */
  readonly after: Day;
  /** Day to which the periods are known: what runs on it is taken to go on. */
  readonly today: Day;
}

/**
 * The first day after `after` on which periods will have run so long without a break, if what runs today goes on (a permit is renewed in time, a
 * lease prolonged). Undefined when nothing runs that could; and when it would have on `after` itself, since then time is not what is missing.
 */
export function firstDayLasting(periods: readonly Period[], { months, after, today }: WantedLasting): Day | undefined {
  const goingOn = periods.map((period) =>
    period.from <= today && period.until !== undefined && period.until >= today ? { from: period.from, until: undefined } : period,
  );
  const since = unbrokenSince(goingOn, after);
  if (since !== undefined && since <= monthsBefore(after, months)) return undefined;
  const next = daysLater(after, 1);
  for (const { from, until } of runsOf(goingOn)) {
    const reached = monthsReachedOn(from, months);
    const day = reached > next ? reached : next;
    if (until === undefined || day <= until) return day;
  }
  return undefined;
}
