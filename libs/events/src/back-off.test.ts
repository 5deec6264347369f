import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backOffMs } from './back-off.js';

describe('the back-off', () => {
  test('doubles up to its limit, with a fifth of jitter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 100, max: 60_000 }), (failures, longest) => {
        const wait = Math.min(100 * 2 ** (failures - 1), longest);
        const got = backOffMs(failures, longest);
        expect(got).toBeGreaterThanOrEqual(wait * 0.8);
        expect(got).toBeLessThanOrEqual(wait * 1.2);
      }),
    );
  });
});
