import type { TellFault } from './check.js';
import { conditionsOf, measuresOf } from './conditions-of.js';
import { isClaim, walk } from './kinds.js';
import type { RequirementSet } from './requirement-set.js';
import { type DateExpression, type DateValue, isExpression } from './values.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const BEGINNINGS = ['monthDay', 'input', 'of', 'byEntryYear'] as const;

/** Faults of days: names that lead nowhere or in a circle, no beginning or two, a year of entry without a day. */
export function checkDates(set: RequirementSet, tell: TellFault): void {
  const dates = set.dates ?? {};
  for (const name of Object.keys(dates)) {
    if (leadsToItself(name, dates)) tell(dates, name, `the date ${name} is worked out from itself: let one of them begin elsewhere`);
  }
  for (const [holder, key, date] of datesIn(set)) checkDate(date, holder, key, set, tell);
}

function checkDate(date: DateValue, holder: object, key: string, set: RequirementSet, tell: TellFault): void {
  if (typeof date === 'string') {
    if (!DAY.test(date) && !(date in (set.dates ?? {})))
      tell(holder, key, `there is no date ${date}: name one of dates, or write YYYY-MM-DD`);
    return;
  }
  const begun = BEGINNINGS.filter((beginning) => date[beginning] !== undefined);
  if (begun.length !== 1) tell(date, begun[1], `a date begins with one of ${BEGINNINGS.join(', ')}: keep one`);
  if (date.of !== undefined && !(date.of in (set.dates ?? {})))
    tell(date, 'of', `there is no date ${date.of}: name one of dates, or add it there`);
  const years = set.entryYears ?? [Number(set.id.split('/')[2])];
  const missing = date.byEntryYear ? years.filter((year) => !(year in (date.byEntryYear ?? {}))) : [];
  if (missing.length > 0) tell(date, 'byEntryYear', `there is no day for entry in ${missing.join(', ')}: add one for each year`);
}

function leadsToItself(name: string, dates: Readonly<Record<string, DateValue>>): boolean {
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined; next = nameIn(dates[next])) {
    if (seen.has(next)) return true;
    seen.add(next);
  }
  return false;
}

const nameIn = (date: DateValue | undefined): string | undefined =>
  typeof date === 'string' ? (DAY.test(date) ? undefined : date) : date?.of;

function* datesIn(set: RequirementSet): Generator<readonly [holder: object, key: string, date: DateValue]> {
  for (const [name, date] of Object.entries(set.dates ?? {})) yield [set.dates as object, name, date];
  if (set.age) yield [set.age, 'on', set.age.on];
  for (const measure of measuresOf(set)) {
    if (measure.until !== undefined) yield [measure, 'until', measure.until];
    yield* datesOfParameters(measure.claim.parameters);
  }
  for (const condition of conditionsOf(set)) {
    for (const part of walk(condition)) {
      if (isClaim(part)) yield* datesOfParameters(part.parameters);
      if (!('dayBetween' in part)) continue;
      for (const key of ['day', 'from', 'to'] as const) {
        const date = part.dayBetween[key];
        if (date !== undefined) yield [part.dayBetween, key, date];
      }
    }
  }
}

function* datesOfParameters(parameters: Readonly<Record<string, unknown>> | undefined): Generator<readonly [object, string, DateValue]> {
  for (const value of Object.values(parameters ?? {})) {
    if (!isExpression(value as never)) continue;
    const expression = value as { date?: DateValue; month?: string | DateExpression };
    if (expression.date !== undefined) yield [expression, 'date', expression.date];
    if (expression.month !== undefined) yield [expression, 'month', expression.month];
  }
}
