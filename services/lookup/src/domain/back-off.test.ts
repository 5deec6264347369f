import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryDelayMs } from './back-off.js';

it('asks again soon at first, then every 15 s, after about ten minutes every 5 min', () => {
  expect([0, 1, 2, 3, 4, 39, 40, 1000].map((attempt) => retryDelayMs(attempt, 0, 0.5))).toEqual([
    1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 300_000, 300_000,
  ]);
});

it('waits at least as long as the agency asked for, within an hour', () => {
  expect(retryDelayMs(0, 60_000, 0)).toBe(60_000);
  expect(retryDelayMs(0, 86_400_000, 0)).toBe(3_600_000);
});

it('spreads by a fifth', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const middle = retryDelayMs(attempt, 0, 0.5);
      expect(Math.abs(retryDelayMs(attempt, 0, random) - middle)).toBeLessThanOrEqual(middle * 0.1 + 1);
    }),
  );
  for (const asked of [0, 60_000]) expect(retryDelayMs(3, asked, 1) / retryDelayMs(3, asked, 0)).toBeCloseTo(asked ? 1.2 : 1.1 / 0.9, 5);
});
