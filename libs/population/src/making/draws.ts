/** Mixes numbers into 32 well-spread bits. */
export function mix(a: number, b: number, c = 0): number {
  let h = (Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35) ^ Math.imul(c ^ 0x165667b1, 0x27d4eb2f)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  h ^= h >>> 15;
  h = Math.imul((h + b) ^ (h >>> 13), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Which part of a family's story draws are for; each part has its own, so that asking one agency does not change another's facts. */
export const PART = {
  people: 1,
  names: 2,
  life: 3,
  homes: 4,
  books: 5,
  permits: 6,
  tax: 7,
  work: 8,
  profile: 9,
  numbers: 10,
  lags: 11,
  kin: 12,
  applications: 13,
  building: 14,
  levies: 15,
} as const;

/** A stream of draws: the same seed, index and part give the same stream. */
export class Draws {
  #state: number;

  constructor(seed: number, index: number, part: number) {
    this.#state = mix(seed, index, part);
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Whole number, bounds inclusive. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }

  /** One of the choices by weight; weights need not add up to 1. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T {
    let total = 0;
    for (const choice of choices) total += choice[1];
    let left = this.next() * total;
    for (const choice of choices) {
      left -= choice[1];
      if (left < 0) return choice[0];
    }
    return (choices[choices.length - 1] as readonly [T, number])[0];
  }

  /** About normal (sum of four uniforms), at most 3.5 deviations from the mean. */
  normal(mean: number, deviation: number): number {
    return mean + (this.next() + this.next() + this.next() + this.next() - 2) * Math.sqrt(3) * deviation;
  }
}
