import { describe, expect, it } from 'vitest';
import { createRandomBytes } from './random-bytes.js';

describe('random bytes', () => {
  it('never come twice, over several fillings of the pool, and stay as they were given', () => {
    const given = Array.from({ length: 2000 }, () => createRandomBytes(16));
    expect(new Set(given.map((bytes) => bytes.toString('hex'))).size).toBe(2000);
    expect(given.every((bytes) => bytes.length === 16 && bytes.some((byte) => byte !== 0))).toBe(true);
  });
});
