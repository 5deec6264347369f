import { mix } from './draws.js';

/** A shuffle of 0 … 2^20 - 1 that can be undone, computed and not stored. */
export interface Permutation {
  forward(value: number): number;
  inverse(value: number): number;
}

/** How many values are shuffled. */
export const PERMUTED = 1 << 20;

const HALF_BITS = 10;
const HALF_MASK = (1 << HALF_BITS) - 1;
const ROUNDS = 6;

/** A Feistel network over two halves of ten bits; each round's function is a table of 1,024 keyed values. */
export function createPermutation(key: number): Permutation {
  const rounds = Array.from({ length: ROUNDS }, (_, round) =>
    Uint16Array.from({ length: HALF_MASK + 1 }, (_unused, half) => mix(key, half, round + 101) & HALF_MASK),
  );
  const backwards = rounds.toReversed();
  return {
    forward(value) {
      let left = value >> HALF_BITS;
      let right = value & HALF_MASK;
      for (const table of rounds) [left, right] = [right, left ^ (table[right] as number)];
      return (left << HALF_BITS) | right;
    },
    inverse(value) {
      let left = value >> HALF_BITS;
      let right = value & HALF_MASK;
      for (const table of backwards) [left, right] = [right ^ (table[left] as number), left];
      return (left << HALF_BITS) | right;
    },
  };
}
