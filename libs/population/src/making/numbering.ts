import { checkDigit } from '@vouch/identity';
import type { Sex } from '../family.js';
import { createAgeProfiles, PROFILES, type Slot } from './age-profiles.js';
import { fromDay, toCompactDay } from './calendar.js';
import { mix, PART } from './draws.js';
import { createPermutation, PERMUTED } from './permutation.js';

// How a person's number is made, so that it can be read back without a table:
//
//   family index --shuffle--> place in the birth cohorts --> child's birth day and rank among those born that day
//   (birth day, rank) --> age profile --> birth day of each kinsman
//   (slot, profile), shuffled by the birth day --> division code and sequence code; the last digit of the sequence is the sex
//
// Each step can be undone; the age profile stands in the number, so that a kinsman's birth day leads back to the child's.

/** Where a child stands among all children. */
export interface Birth {
  /** Day number. */
  readonly day: number;
  readonly profile: number;
}

/** Turns (family, slot) into ID numbers and back. */
export interface Numbering {
  /** The child's birth and the family's age profile. */
  birthOf(family: number): Birth;
  /** Birth day of a slot, as day number. */
  birthDay(birth: Birth, slot: Slot): number;
  idNumber(birth: Birth, slot: Slot, sex: Sex): string;
  /** The family and slot whose number this may be; the caller compares, since not every place is taken. */
  locate(idNumber: string): { family: number; slot: Slot } | undefined;
}

interface Cohort {
  /** First birth day and number of days. */
  readonly start: number;
  readonly days: number;
  /** Slice [from, to) of the shuffled families. */
  readonly from: number;
  readonly to: number;
}

const FIRST_DIVISION = 375_001;
const DIVISIONS = 20;
// Sequence codes 002–999 in pairs of an even (female) and an odd (male) one.
const PAIRS = 499;
const NUMBERS_A_DAY = DIVISIONS * PAIRS;
// Prime to NUMBERS_A_DAY = 2^2 · 5 · 499, and its inverse.
const SPREAD = 4217;
const UNSPREAD = inverseModulo(SPREAD, NUMBERS_A_DAY);

// Six classes share a birth day; adults of a class are told apart by sex.
const CLASS_OF: Readonly<Record<Slot, number>> = {
  child: 0,
  sibling1: 1,
  sibling2: 2,
  father: 3,
  mother: 3,
  grandparent1: 4,
  grandparent2: 4,
  grandparent3: 5,
  grandparent4: 5,
};
const SLOTS_OF_CLASS: readonly (readonly [female: Slot, male: Slot])[] = [
  ['child', 'child'],
  ['sibling1', 'sibling1'],
  ['sibling2', 'sibling2'],
  ['mother', 'father'],
  ['grandparent2', 'grandparent1'],
  ['grandparent4', 'grandparent3'],
];

/**
 * Child cohorts (born 1 September to 31 August) and their weight: most enter primary (born 2019–20) or junior school (2013–14) in 2026; the rest
 * are spread like Shandong's births, ten thousands a year, with their peak in 2016 and 2017. Those before 2015 are guesses.
 */
const COHORTS: readonly (readonly [first: string, afterLast: string, weight: number])[] = [
  ['2009-01-01', '2009-09-01', 66],
  ['2009-09-01', '2010-09-01', 105],
  ['2010-09-01', '2011-09-01', 105],
  ['2011-09-01', '2012-09-01', 112],
  ['2012-09-01', '2013-09-01', 112],
  ['2013-09-01', '2014-09-01', 1080],
  ['2014-09-01', '2015-09-01', 124],
  ['2015-09-01', '2016-09-01', 165],
  ['2016-09-01', '2017-09-01', 176],
  ['2017-09-01', '2018-09-01', 147],
  ['2018-09-01', '2019-09-01', 123],
  ['2019-09-01', '2020-09-01', 1980],
  ['2020-09-01', '2021-09-01', 79],
  ['2021-09-01', '2022-09-01', 70],
  ['2022-09-01', '2023-09-01', 63],
];

function createCohorts(): readonly Cohort[] {
  const total = COHORTS.reduce((sum, [, , weight]) => sum + weight, 0);
  let sum = 0;
  return COHORTS.map(([first, afterLast, weight]) => {
    const from = Math.round((sum / total) * PERMUTED);
    sum += weight;
    const cohort = { start: fromDay(first), days: fromDay(afterLast) - fromDay(first), from, to: Math.round((sum / total) * PERMUTED) };
    if (Math.ceil((cohort.to - cohort.from) / cohort.days) > PROFILES) throw new RangeError(`Too many children are born from ${first} on`);
    return cohort;
  });
}

function inverseModulo(value: number, modulus: number): number {
  for (let candidate = 1; candidate < modulus; candidate++) if ((value * candidate) % modulus === 1) return candidate;
  throw new RangeError(`${value} has no inverse modulo ${modulus}`);
}

const positiveRemainder = (value: number, by: number): number => ((value % by) + by) % by;

/** The numbering of a seed. */
export function createNumbering(seed: number): Numbering {
  const cohorts = createCohorts();
  const shuffle = createPermutation(mix(seed, PART.numbers));
  const offsets = createAgeProfiles(seed);
  // A day's own shift lets thin cohorts, too, use all profiles.
  const profileShift = (childDay: number) => mix(seed, childDay, PART.profile) % PROFILES;
  const numberShift = (birthDay: number) => mix(seed, birthDay, PART.numbers) % NUMBERS_A_DAY;
  const cohortWhere = (holds: (cohort: Cohort) => boolean) => cohorts.find(holds);

  return {
    birthOf(family) {
      const place = shuffle.forward(family);
      const cohort = cohortWhere(({ to }) => place < to) as Cohort;
      const within = place - cohort.from;
      const day = cohort.start + (within % cohort.days);
      return { day, profile: (Math.floor(within / cohort.days) + profileShift(day)) % PROFILES };
    },
    birthDay: (birth, slot) => birth.day + (offsets[slot][birth.profile] as number),
    idNumber(birth, slot, sex) {
      const day = birth.day + (offsets[slot][birth.profile] as number);
      const number = ((CLASS_OF[slot] * PROFILES + birth.profile) * SPREAD + numberShift(day)) % NUMBERS_A_DAY;
      const sequence = 2 + 2 * (number % PAIRS) + (sex === 'male' ? 1 : 0);
      const first17 = `${FIRST_DIVISION + Math.floor(number / PAIRS)}${toCompactDay(day)}${String(sequence).padStart(3, '0')}`;
      return first17 + checkDigit(first17);
    },
    locate(idNumber) {
      if (idNumber.length !== 18) return undefined;
      const division = Number(idNumber.slice(0, 6)) - FIRST_DIVISION;
      const sequence = Number(idNumber.slice(14, 17)) - 2;
      const birthDay = fromDay(`${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`);
      if (!(division >= 0 && division < DIVISIONS && sequence >= 0 && birthDay > -100_000)) return undefined;
      const number = division * PAIRS + (sequence >> 1);
      const unspread = (positiveRemainder(number - numberShift(birthDay), NUMBERS_A_DAY) * UNSPREAD) % NUMBERS_A_DAY;
      const slot = SLOTS_OF_CLASS[Math.floor(unspread / PROFILES)]?.[(sequence & 1) as 0 | 1];
      if (slot === undefined) return undefined;
      const profile = unspread % PROFILES;
      const childDay = birthDay - (offsets[slot][profile] as number);
      const cohort = cohortWhere(({ start, days }) => childDay >= start && childDay < start + days);
      if (!cohort) return undefined;
      const rank = positiveRemainder(profile - profileShift(childDay), PROFILES);
      const place = cohort.from + rank * cohort.days + (childDay - cohort.start);
      return place < cohort.to ? { family: shuffle.inverse(place), slot } : undefined;
    },
  };
}
