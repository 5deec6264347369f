import { expect, it } from 'vitest';
import { median, percentile, spreadOf } from './statistics.js';

it.each([
  [[3], 3],
  [[1, 9, 2], 2],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (values, expected) => expect(median(values)).toBe(expected));

it('interpolates between the values beside a percentile', () => {
  const values = Array.from({ length: 101 }, (_, index) => index);
  expect(percentile(values, 99)).toBe(99);
  expect(percentile([0, 10], 25)).toBe(2.5);
  expect(percentile([], 99)).toBeNaN();
});

it('the spread is the whole range as a share of the median', () => expect(spreadOf([90, 100, 110])).toBeCloseTo(0.2));
