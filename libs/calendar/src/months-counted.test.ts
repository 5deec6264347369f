import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Month, monthsEarlier } from './calendar.js';
import { countMonths } from './months-counted.js';

const LAST = '2026-08';
/** Months back from one, the latest first. */
const back = (from: Month, count: number): Month[] => Array.from({ length: count }, (_, earlier) => monthsEarlier(from, earlier));
const count = (months: Month[], over: Partial<Parameters<typeof countMonths>[1]> = {}) =>
  countMonths(new Set(months), { atLeast: 6, endingAt: '2026-08-31', consecutive: true, ...over }, LAST);

describe('counting months', () => {
  it('has enough at the threshold, and is one short below it', () => {
    expect(count(back(LAST, 6))).toEqual({ months: 6, shortBy: 0 });
    expect(count(back(LAST, 5))).toEqual({ months: 5, shortBy: 1, earliest: '2026-09' });
  });

  it('counts over gaps when told so', () => {
    const gap = [...back(LAST, 3), ...back('2026-04', 3)];
    expect(count(gap)).toEqual({ months: 3, shortBy: 3, earliest: '2026-11' });
    expect(count(gap, { consecutive: false })).toEqual({ months: 6, shortBy: 0 });
  });

  it('leaves out what lies before the window', () => {
    const year = back(LAST, 12);
    expect(count(year, { startingAt: '2026-03', consecutive: false })).toEqual({ months: 6, shortBy: 0 });
    expect(count(year, { startingAt: '2026-04-15', consecutive: false })).toEqual({ months: 5, shortBy: 1, earliest: '2026-09' });
    expect(count(year, { startingAt: '2026-04' })).toMatchObject({ months: 5 });
    expect(count(year, { startingAt: '2026-11', endingAt: '2027-10' })).toEqual({ months: 0, shortBy: 6, earliest: '2027-04' });
  });

  it('foretells nothing when nothing goes on', () => {
    expect(count(back('2026-07', 5), { atLeast: 7 })).toEqual({ months: 0, shortBy: 7 });
    expect(count([], { startingAt: '2026-11' })).toEqual({ months: 0, shortBy: 6 });
  });

  it('is right where things do go on, and the month before is not', () => {
    const month = fc.integer({ min: 0, max: 30 }).map((earlier) => monthsEarlier('2026-10', earlier));
    const query = fc.record({
      atLeast: fc.integer({ min: 1, max: 40 }),
      endingAt: month,
      startingAt: fc.option(month, { nil: '2000-01' }),
      consecutive: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.uniqueArray(month), query, (recorded, wanted) => {
        const { earliest } = countMonths(new Set(recorded), wanted, LAST);
        if (earliest === undefined) return;
        const known = recorded.filter((one) => one <= LAST);
        const goneOn = new Set([...known, ...back('2032-12', 76)]);
        const shortBy = (endingAt: Month) => countMonths(goneOn, { ...wanted, endingAt }, '2032-12').shortBy;
        expect(shortBy(earliest)).toBe(0);
        expect(shortBy(monthsEarlier(earliest, 1))).toBeGreaterThan(0);
      }),
    );
  });
});
