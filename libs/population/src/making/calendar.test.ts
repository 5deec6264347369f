import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstDayOf, fromDay, fromMonth, lastDayOf, monthOf, toCompactDay, toDay, toMonth } from './calendar.js';

const dayNumbers = fc.integer({ min: fromDay('1850-01-01'), max: fromDay('2099-12-31') });

it('days agree with the platform and can be read back', () => {
  fc.assert(
    fc.property(dayNumbers, (dayNumber) => {
      const iso = new Date(dayNumber * 86_400_000).toISOString().slice(0, 10);
      expect(toDay(dayNumber)).toBe(iso);
      expect(toCompactDay(dayNumber)).toBe(iso.replaceAll('-', ''));
      expect(fromDay(iso)).toBe(dayNumber);
    }),
  );
});

it('months hold their days', () => {
  fc.assert(
    fc.property(dayNumbers, (dayNumber) => {
      const month = monthOf(dayNumber);
      expect(toMonth(month)).toBe(toDay(dayNumber).slice(0, 7));
      expect(fromMonth(toMonth(month))).toBe(month);
      expect(firstDayOf(month)).toBeLessThanOrEqual(dayNumber);
      expect(lastDayOf(month)).toBeGreaterThanOrEqual(dayNumber);
    }),
  );
});
