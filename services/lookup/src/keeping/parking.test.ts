import { expect, it } from 'vitest';
import { mayPark } from './parking.js';

/** Platforms that each park as long as they may, in turn; how many each has in the end. */
function fill(platforms: number, most: number): number[] {
  const counts = Array.from({ length: platforms }, () => 0);
  for (let moved = true; moved; ) {
    moved = false;
    for (const [index, mine] of counts.entries()) {
      const taken = counts.reduce((sum, one) => sum + one, 0);
      if (!mayPark(mine, taken, most)) continue;
      counts[index] = mine + 1;
      moved = true;
    }
  }
  return counts;
}

it.each([
  [1, 600, [300]],
  [2, 600, [200, 200]],
  [5, 600, [100, 100, 100, 100, 100]],
])('%i platforms share %i places, and leave as many as each has', (platforms, most, expected) => {
  expect(fill(platforms, most)).toEqual(expected);
});

it('has room for one that comes when another has taken all it may', () => {
  expect(mayPark(300, 300, 600)).toBe(false);
  expect(mayPark(0, 300, 600)).toBe(true);
});

it('has a place for one alone, however few there are, and none when all are taken', () => {
  expect(mayPark(0, 0, 1)).toBe(true);
  expect(mayPark(0, 1, 1)).toBe(false);
});

it('leaves people a part of what a platform may have', () => {
  expect([399, 400].map((mine) => mayPark(mine, mine, 1_000, 0.8))).toEqual([true, false]);
  expect([499, 500].map((mine) => mayPark(mine, mine, 1_000))).toEqual([true, false]);
  expect(mayPark(0, 0, 1, 0.8)).toBe(true);
});
