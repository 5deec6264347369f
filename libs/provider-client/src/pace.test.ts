import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPace } from './pace.js';

it('without a quota lets everything pass', () => {
  expect(createPace(0).take(5000, 0)).toBe(5000);
  expect(createPace(0).waitMs(0)).toBe(0);
});

it('gives no more than the quota in a second, and what was not used', () => {
  const pace = createPace(10);
  expect(pace.take(6, 1000)).toBe(6);
  expect(pace.take(25, 1400)).toBe(4);
  expect(pace.take(25, 1999)).toBe(0);
  expect(pace.waitMs(1999)).toBe(1);
  expect(pace.take(25, 2000)).toBe(6);
  expect(pace.waitMs(2000)).toBe(400);
});

it('is not confused by a clock that is set back', () => {
  const pace = createPace(10);
  expect(pace.take(10, 5000)).toBe(10);
  expect(pace.take(1, 1000)).toBe(0);
  expect(pace.waitMs(1000)).toBe(1000);
  expect(pace.take(1, 1999)).toBe(0);
  expect(pace.take(10, 2000)).toBe(10);
  expect(pace.waitMs(500)).toBe(1000);
  expect(pace.take(5, 6000)).toBe(5);
});

it('keeps to the quota in every second, and its wait is exactly long enough', () => {
  const wishes = fc.array(fc.tuple(fc.nat(400), fc.nat(80)), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), wishes, (quota, steps) => {
      const pace = createPace(quota);
      const sent: { at: number; count: number }[] = [];
      let now = 0;
      for (const [passed, wanted] of steps) {
        now += passed;
        sent.push({ at: now, count: pace.take(wanted, now) });
        const lastSecond = sent.filter(({ at }) => at > now - 1000).reduce((sum, { count }) => sum + count, 0);
        expect(lastSecond).toBeLessThanOrEqual(quota);
      }
      const wait = pace.waitMs(now);
      if (wait > 0) expect(pace.take(1, now + wait - 1)).toBe(0);
      expect(pace.take(1, now + wait)).toBe(1);
    }),
  );
});
