const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 24 * 3_600_000;
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether year, month (1–12) and day of month are a day of the Gregorian calendar: 30 February is none. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 && leap ? 29 : MONTH_LENGTHS[month - 1];
  return length !== undefined && day >= 1 && day <= length;
}

/** Whether a text is a calendar day, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const parts = DAY.exec(text);
  return parts !== null && isCalendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

// The day asked for last: nearly always today, several times a lookup.
let last = { number: Number.NaN, text: '' };

/** The calendar day in Asia/Shanghai at an instant, `YYYY-MM-DD`. China has had no summer time since 1991. */
export function dayInShanghai(instant: Date): string {
  const shifted = instant.getTime() + SHANGHAI_OFFSET_MS;
  const number = Math.floor(shifted / DAY_MS);
  if (number !== last.number) last = { number, text: new Date(shifted).toISOString().slice(0, 10) };
  return last.text;
}
