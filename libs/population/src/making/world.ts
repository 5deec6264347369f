import { fromDay } from './calendar.js';
import type { Settlement } from './counties.js';
import { type Draws, mix, PART } from './draws.js';
import type { Numbering } from './numbering.js';
import type { Permutation } from './permutation.js';

/** Last day that the stories tell of. */
export const STORY_END = fromDay('2026-09-30');

/** What all families have in common. */
export interface World {
  readonly seed: number;
  readonly families: number;
  /** Day as of which agencies answer, as day number. */
  readonly today: number;
  readonly numbering: Numbering;
  readonly settlements: readonly Settlement[];
  /** Shuffles families over the places that the settlements divide. */
  readonly regionShuffle: Permutation;
}

/** Addresses that a family has to do with. */
export const PLACE = {
  dwelling: 0,
  rental: 1,
  earlierRental: 2,
  secondHome: 3,
  soldHome: 4,
  hukou: 5,
  earlierHukou: 6,
  otherParent: 7,
  paternal: 8,
  maternal: 9,
  motherOrigin: 10,
  collective: 11,
  namesake: 12,
  cancelled: 13,
  pulledDown: 14,
  resettled: 15,
} as const;
export type Place = (typeof PLACE)[keyof typeof PLACE];

const PLACES = 16;
// Prime to 10^12, so that every (family, place) has digits of its own; the product stays below 2^53.
const SPREAD = 193_877_779;
const DIGITS = 10 ** 12;

/** Twelve digits that only this place of this family has. */
export function digitsOf(world: World, family: number, place: Place): string {
  const number = ((family * PLACES + place) * SPREAD + mix(world.seed, PART.numbers, 1)) % DIGITS;
  return String(number).padStart(12, '0');
}

/** A place in a county. */
export interface Address {
  readonly region: string;
  /** 18 digits, starting with the region. */
  readonly addressCode: string;
}

/** The address of a place. */
export const addressOf = (world: World, family: number, place: Place, region: string): Address => ({
  region,
  addressCode: region + digitsOf(world, family, place),
});

/** Day on which records show what happened: usually within the agency's few days, for a small share much later. */
export function recordedAfter(draws: Draws, happened: number, usual: readonly [number, number], lateShare = 0.02): number {
  return happened + (draws.chance(lateShare) ? draws.int(7, 45) : draws.int(usual[0], usual[1]));
}
