import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Day, dayBefore, daysLater, monthsBefore, type Period, unbrokenSince } from './calendar.js';
import { firstDayLasting } from './lasting.js';

const year = { months: 12, after: '2026-08-31', today: '2026-09-29' };

describe('the first day on which something has lasted long enough', () => {
  it('is when the months are full, if it goes on', () => {
    expect(firstDayLasting([{ from: '2025-09-01', until: '2026-12-31' }], year)).toBe('2026-09-01');
    expect(firstDayLasting([{ from: '2025-11-15', until: '2026-09-29' }], year)).toBe('2026-11-15');
    expect(firstDayLasting([{ from: '2026-09-10', until: undefined }], year)).toBe('2027-09-10');
  });

  it('cannot be told when nothing runs', () => {
    expect(firstDayLasting([], year)).toBeUndefined();
    expect(firstDayLasting([{ from: '2025-11-15', until: '2026-09-28' }], year)).toBeUndefined();
  });

  it('may lie in the past, after the day that was asked about', () => {
    const ended = [{ from: '2024-11-15', until: '2026-02-01' }];
    expect(firstDayLasting(ended, { ...year, after: '2025-08-31' })).toBe('2025-11-15');
    expect(firstDayLasting(ended, { ...year, after: '2026-02-02' })).toBeUndefined();
  });

  it('starts anew after a gap', () => {
    const gap = [
      { from: '2025-01-01', until: '2025-12-30' },
      { from: '2026-01-01', until: '2026-12-31' },
    ];
    expect(firstDayLasting(gap, year)).toBe('2027-01-01');
  });

  it('is not told where time is not what is missing', () => {
    expect(firstDayLasting([{ from: '2024-01-01', until: '2026-10-10' }], { ...year, after: '2026-10-31' })).toBeUndefined();
  });

  it('is the day itself when no months are asked for', () => {
    expect(firstDayLasting([{ from: '2026-10-05', until: undefined }], { ...year, months: 0 })).toBe('2026-10-05');
  });

  it('is right where things do go on, and the day before is not', () => {
    const anyDay = fc.integer({ min: 0, max: 1500 }).map((days) => daysLater('2023-01-01', days));
    const period = fc.tuple(anyDay, fc.integer({ min: 0, max: 600 })).map(([from, length]) => ({ from, until: daysLater(from, length) }));
    const lasted = (periods: readonly Period[], day: Day, months: number) => {
      const since = unbrokenSince(periods, day);
      return since !== undefined && since <= monthsBefore(day, months);
    };
    fc.assert(
      fc.property(fc.array(period, { maxLength: 5 }), fc.integer({ min: 0, max: 24 }), anyDay, anyDay, (periods, months, after, today) => {
        const from = firstDayLasting(periods, { months, after, today });
        // What happens: everything that runs today is prolonged for years.
        const later = periods.map((one) => (one.from <= today && one.until >= today ? { from: one.from, until: '2035-12-31' } : one));
        if (from === undefined) return;
        expect(from > after && lasted(later, from, months)).toBe(true);
        expect(lasted(later, dayBefore(from), months)).toBe(false);
      }),
    );
  });
});
