import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RetryDelay, retryDelayMs } from './back-off.js';

const delay = (attempt: number, what: Partial<RetryDelay> = {}): number =>
  retryDelayMs(attempt, { askedMs: 0, crowd: 0, random: 0.5, ...what });

it('asks again soon at first, then every 15 s, after about ten minutes every 5 min', () => {
  expect([0, 1, 2, 3, 4, 39, 40, 1000].map((attempt) => delay(attempt))).toEqual([
    1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 300_000, 300_000,
  ]);
});

it('waits at least as long as the agency asked for, within an hour', () => {
  expect(delay(0, { askedMs: 60_000, random: 0 })).toBe(60_000);
  expect(delay(0, { askedMs: 86_400_000, random: 0 })).toBe(3_600_000);
});

it('spreads by a fifth', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const middle = delay(attempt);
      expect(Math.abs(delay(attempt, { random }) - middle)).toBeLessThanOrEqual(middle * 0.1 + 1);
    }),
  );
  for (const askedMs of [0, 60_000])
    expect(delay(3, { askedMs, random: 1 }) / delay(3, { askedMs, random: 0 })).toBeCloseTo(askedMs ? 1.2 : 1.1 / 0.9, 5);
});

it('puts off about a hundred a second, however many wait for an agency that is away', () => {
  expect([10, 1_500, 10_000, 500_000].map((crowd) => delay(5, { crowd }))).toEqual([15_000, 15_000, 100_000, 5_000_000]);
  expect([0, 1].map((random) => delay(5, { crowd: 500_000, random }))).toEqual([2_500_000, 7_500_000]);
});
