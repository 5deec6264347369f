import type { Day, Month } from '../family.js';

// Inside the population a day is a number (days since 1970-01-01) and a month is a number (months since year 0): cheap to draw and compare.

const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

const quotient = (value: number, by: number): number => Math.floor(value / by);

/** Year, month (1–12) and day of the month of a day number; proleptic Gregorian calendar. */
function partsOf(dayNumber: number): { year: number; month: number; day: number } {
  // Counting from 1 March 0000 puts the leap day at the end of a year.
  const days = dayNumber + 719_468;
  const era = quotient(days, 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = quotient(dayOfEra - quotient(dayOfEra, 1460) + quotient(dayOfEra, 36_524) - quotient(dayOfEra, 146_096), 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + quotient(yearOfEra, 4) - quotient(yearOfEra, 100));
  const shifted = quotient(5 * dayOfYear + 2, 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - quotient(153 * shifted + 2, 5) + 1 };
}

/** Day number as `YYYY-MM-DD`. */
export function toDay(dayNumber: number): Day {
  const { year, month, day } = partsOf(dayNumber);
  return `${year}-${TWO[month]}-${TWO[day]}`;
}

/** Day number as `YYYYMMDD`. */
export function toCompactDay(dayNumber: number): string {
  const { year, month, day } = partsOf(dayNumber);
  return `${year}${TWO[month]}${TWO[day]}`;
}

/** Day number of `YYYY-MM-DD`. */
export const fromDay = (day: Day): number =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / 86_400_000;

/** Month number of a day number. */
export function monthOf(dayNumber: number): number {
  const { year, month } = partsOf(dayNumber);
  return year * 12 + month - 1;
}

/** Month number as `YYYY-MM`. */
export const toMonth = (monthNumber: number): Month => `${quotient(monthNumber, 12)}-${TWO[(monthNumber % 12) + 1]}`;

/** Month number of `YYYY-MM`. */
export const fromMonth = (month: Month): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;

/** First day of a month, as day number. */
export const firstDayOf = (monthNumber: number): number => Date.UTC(quotient(monthNumber, 12), monthNumber % 12, 1) / 86_400_000;

/** Last day of a month, as day number. */
export const lastDayOf = (monthNumber: number): number => firstDayOf(monthNumber + 1) - 1;
