import { type Day, daysLater, fullMonths, monthsReachedOn, type Period, runsOf } from './calendar.js';

/** What must last, and from which day on it is looked for. */
export interface WantedLasting {
  /** Full months without a break; 0: the day alone. */
  readonly months: number;
  /** Day by which it did not last so long. */
  readonly after: Day;
  /** Day to which the periods are known: what runs on it is taken to go on. */
  readonly today: Day;
  /** Whether earlier runs add up, gaps between them left out. */
  readonly addUp?: boolean;
}

/**
 * Full months for which periods had run by a day: back to the last gap, or, adding up, those of every run. Undefined when none runs on the day
 * itself.
 */
export function monthsLasted(periods: readonly Period[], day: Day, addUp = false): number | undefined {
  let earlier = 0;
  for (const { from, until } of runsOf(periods)) {
    if (from > day) break;
    if (until === undefined || until >= day) return earlier + fullMonths(from, day);
    if (addUp) earlier += fullMonths(from, daysLater(until, 1));
  }
  return undefined;
}

/**
 * The first day after `after` on which periods will have run so long without a break, if what runs today goes on (a permit is renewed in time, a
 * lease prolonged). Undefined when nothing runs that could; and when it would have on `after` itself, since then time is not what is missing.
 */
export function firstDayLasting(periods: readonly Period[], { months, after, today, addUp = false }: WantedLasting): Day | undefined {
  const goingOn = periods.map((period) =>
    period.from <= today && period.until !== undefined && period.until >= today ? { from: period.from, until: undefined } : period,
  );
  if ((monthsLasted(goingOn, after, addUp) ?? -1) >= months) return undefined;
  const next = daysLater(after, 1);
  let earlier = 0;
  for (const { from, until } of runsOf(goingOn)) {
    const reached = monthsReachedOn(from, Math.max(0, months - earlier));
    const day = reached > next ? reached : next;
    if (until === undefined || day <= until) return day;
    if (addUp) earlier += fullMonths(from, daysLater(until, 1));
  }
  return undefined;
}
