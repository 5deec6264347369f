import { describe, expect, test } from 'vitest';
import { SLOTS, slotOf } from './slot.js';

describe('a slot', () => {
  test('never changes for a key: rows that wait carry it', () => {
    expect(['', 'a', 'c:01936d1c-0000-7000-8000-000000000001', '验证'].map((key) => slotOf(key))).toEqual([1, 0, 1, 2]);
  });

  test('is spread evenly', () => {
    const counts = new Array<number>(SLOTS).fill(0);
    for (let n = 0; n < 16_000; n++) {
      const slot = slotOf(`l:${n.toString(16).padStart(32, '0')}`);
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(500);
  });
});
