import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayBefore, daysLater, fullMonths, unbrokenSince } from './calendar.js';
import { firstDayLasting, monthsLasted } from './lasting.js';

const anyDay = fc.integer({ min: 0, max: 1500 }).map((days) => daysLater('2023-01-01', days));
const somePeriods = fc.array(
  fc.tuple(anyDay, fc.integer({ min: 0, max: 600 })).map(([from, length]) => ({ from, until: daysLater(from, length) })),
  { maxLength: 5 },
);
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

  it('comes sooner when earlier runs add up', () => {
    const gap = [
      { from: '2025-01-01', until: '2025-06-30' },
      { from: '2026-03-10', until: '2026-12-31' },
    ];
    expect(firstDayLasting(gap, { ...year, addUp: true })).toBe('2026-09-10');
    expect(firstDayLasting(gap, year)).toBe('2027-03-10');
  });

  it('is right where things do go on, and the day before is not', () => {
    const asked = fc.record({ months: fc.integer({ min: 0, max: 24 }), after: anyDay, today: anyDay, addUp: fc.boolean() });
    fc.assert(
      fc.property(somePeriods, asked, (periods, query) => {
        const { months, after, today, addUp } = query;
        const from = firstDayLasting(periods, query);
        // What happens: everything that runs today is prolonged for years.
        const later = periods.map((one) => (one.from <= today && one.until >= today ? { from: one.from, until: '2035-12-31' } : one));
        if (from === undefined) return;
        expect(from > after && (monthsLasted(later, from, addUp) ?? -1) >= months).toBe(true);
        expect((monthsLasted(later, dayBefore(from), addUp) ?? -1) >= months).toBe(false);
      }),
    );
  });
});

describe('the months for which something has lasted', () => {
  it('are counted back to the gap, or over it', () => {
    const gap = [
      { from: '2025-01-01', until: '2025-06-30' },
      { from: '2025-07-02', until: '2026-12-31' },
    ];
    expect(monthsLasted(gap, '2026-07-02')).toBe(12);
    expect(monthsLasted(gap, '2026-07-01')).toBe(11);
    expect(monthsLasted(gap, '2026-07-02', true)).toBe(18);
    expect(monthsLasted(gap, '2025-07-01', true)).toBeUndefined();
  });

  it('are those since the unbroken run began', () => {
    fc.assert(
      fc.property(somePeriods, anyDay, (periods, day) => {
        const since = unbrokenSince(periods, day);
        expect(monthsLasted(periods, day)).toBe(since === undefined ? undefined : fullMonths(since, day));
      }),
    );
  });
});
