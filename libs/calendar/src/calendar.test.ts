import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayBefore,
  daysLater,
  endOfMonth,
  fullMonths,
  monthsBefore,
  monthsEarlier,
  monthsReachedOn,
  runsOf,
  unbrokenSince,
  yearsBefore,
} from './calendar.js';

const anyDay = fc.integer({ min: 0, max: 4000 }).map((days) => daysLater('2018-01-01', days));

describe('months', () => {
  it('go back over years', () => {
    expect(monthsEarlier('2026-08', 12)).toBe('2025-08');
    expect(monthsEarlier('2026-01', 1)).toBe('2025-12');
    expect(monthsEarlier('2026-12', -1)).toBe('2027-01');
  });

  it('keep the day of the month, or take the last', () => {
    expect(monthsBefore('2026-08-31', 12)).toBe('2025-08-31');
    expect(monthsBefore('2026-08-31', 6)).toBe('2026-02-28');
    expect(monthsBefore('2024-08-31', 6)).toBe('2024-02-29');
    expect(yearsBefore('2024-02-29', 6)).toBe('2018-02-28');
  });

  it('are full to the day', () => {
    expect(fullMonths('2025-08-31', '2026-08-31')).toBe(12);
    expect(fullMonths('2025-09-01', '2026-08-31')).toBe(11);
    expect(fullMonths('2026-02-28', '2026-08-31')).toBe(6);
    expect(fullMonths('2026-03-01', '2026-08-31')).toBe(5);
    expect(fullMonths('2026-08-31', '2026-08-31')).toBe(0);
    expect(fullMonths('2026-09-01', '2026-08-31')).toBe(0);
  });
});

describe('the day on which months are full', () => {
  it('is the same day of a later month, or the first after a short one', () => {
    expect(monthsReachedOn('2026-03-15', 6)).toBe('2026-09-15');
    expect(monthsReachedOn('2025-08-31', 6)).toBe('2026-03-01');
    expect(monthsReachedOn('2024-02-29', 12)).toBe('2025-03-01');
    expect(monthsReachedOn('2026-02-28', 6)).toBe('2026-08-28');
  });

  it('is the first', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (from, months) => {
        const day = monthsReachedOn(from, months);
        expect(fullMonths(from, day)).toBe(months);
        expect(fullMonths(from, dayBefore(day))).toBe(months - 1);
      }),
    );
  });
});

describe('runs', () => {
  it('join what touches or overlaps, and end at a gap of a day', () => {
    expect(
      runsOf([
        { from: '2026-03-01', until: '2026-03-31' },
        { from: '2026-01-01', until: '2026-01-31' },
        { from: '2026-01-10', until: '2026-01-20' },
        { from: '2026-02-01', until: '2026-02-27' },
      ]),
    ).toEqual([
      { from: '2026-01-01', until: '2026-02-27' },
      { from: '2026-03-01', until: '2026-03-31' },
    ]);
    expect(
      runsOf([
        { from: '2026-01-01', until: undefined },
        { from: '2027-01-01', until: '2027-02-01' },
      ]),
    ).toEqual([{ from: '2026-01-01', until: undefined }]);
  });

  it('begin where an unbroken run up to any of their days begins', () => {
    const period = fc.tuple(anyDay, fc.integer({ min: 0, max: 500 })).map(([from, length]) => ({ from, until: daysLater(from, length) }));
    fc.assert(
      fc.property(fc.array(period, { maxLength: 6 }), anyDay, (periods, day) => {
        const run = runsOf(periods).find(({ from, until }) => from <= day && (until === undefined || until >= day));
        expect(run?.from).toBe(unbrokenSince(periods, day));
      }),
    );
  });
});

it('the day before crosses months and years', () => {
  expect(dayBefore('2026-01-01')).toBe('2025-12-31');
  expect(dayBefore('2024-03-01')).toBe('2024-02-29');
});

describe('an unbroken run', () => {
  const first = { from: '2024-01-01', until: '2024-12-31' };

  it('joins periods that touch or overlap', () => {
    expect(unbrokenSince([{ from: '2025-01-01', until: undefined }, first], '2026-01-01')).toBe('2024-01-01');
    expect(unbrokenSince([{ from: '2024-06-01', until: '2025-06-01' }, first], '2025-06-01')).toBe('2024-01-01');
  });

  it('ends at a gap of one day', () => {
    expect(unbrokenSince([{ from: '2025-01-02', until: undefined }, first], '2026-01-01')).toBe('2025-01-02');
  });

  it('must reach the day', () => {
    expect(unbrokenSince([first], '2025-01-01')).toBeUndefined();
    expect(unbrokenSince([first], '2024-12-31')).toBe('2024-01-01');
    expect(unbrokenSince([{ from: '2025-01-02', until: undefined }], '2025-01-01')).toBeUndefined();
  });
});

describe('days', () => {
  it('go on over months and years, and back', () => {
    expect(daysLater('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysLater('2024-03-01', -1)).toBe('2024-02-29');
  });

  it('end a month', () => {
    expect(endOfMonth('2026-02-01')).toBe('2026-02-28');
    expect(endOfMonth('2026-08-31')).toBe('2026-08-31');
  });
});
