import { Draws, PART } from './draws.js';

/** Places in a family, in the order of their numbers. */
const SLOTS = [
  'child',
  'sibling1',
  'sibling2',
  'father',
  'mother',
  'grandparent1',
  'grandparent2',
  'grandparent3',
  'grandparent4',
] as const;
export type Slot = (typeof SLOTS)[number];

/** How many age profiles there are. */
export const PROFILES = 1663;

const YEAR = 365.2425;
// One profile in 67 has twins: 1.5 %.
const TWIN_EVERY = 67;
const OLDER_SIBLING_SHARE = 0.55;
const CHILDBIRTH = { from: 19, to: 47 };

const clamp = (value: number, from: number, to: number): number => Math.min(Math.max(value, from), to);
const days = (years: number): number => Math.round(years * YEAR);

/**
 * Days between the child's birth and each kinsman's (negative: born before), for each profile. A person's birth date and profile thus give
 * the child's birth date, which is how an ID number is read back to a family.
 */
export function createAgeProfiles(seed: number): Readonly<Record<Slot, Int32Array>> {
  const table = Object.fromEntries(SLOTS.map((slot) => [slot, new Int32Array(PROFILES)])) as Record<Slot, Int32Array>;
  for (let profile = 0; profile < PROFILES; profile++) {
    const ages = drawAges(new Draws(seed, profile, PART.profile), profile % TWIN_EVERY === seed % TWIN_EVERY);
    for (const slot of SLOTS) table[slot][profile] = ages[slot];
  }
  return table;
}

function drawAges(draws: Draws, twins: boolean): Record<Slot, number> {
  const motherAge = clamp(draws.normal(29.5, 4.6), 20, 44);
  const fatherAge = clamp(motherAge + draws.normal(1.6, 2.6), 21, 55);
  const parentAtBirth = (mean: number) => clamp(draws.normal(mean, 3.6), 19, 44);
  const grandmother1 = fatherAge + parentAtBirth(25.5);
  const grandmother2 = motherAge + parentAtBirth(25.5);
  const [sibling1, sibling2] = drawSiblings(draws, motherAge, twins);
  return {
    child: 0,
    sibling1,
    sibling2,
    father: -days(fatherAge),
    mother: -days(motherAge),
    grandparent1: -days(grandmother1 + draws.normal(1.3, 2)),
    grandparent2: -days(grandmother1),
    grandparent3: -days(grandmother2 + draws.normal(1.3, 2)),
    grandparent4: -days(grandmother2),
  };
}

/** The first sibling may be a twin; all others are at least eleven months apart, and the mother of an age to bear. */
function drawSiblings(draws: Draws, motherAge: number, twins: boolean): [number, number] {
  const gap = () => 0.95 + 8 * draws.next() ** 1.6;
  const bears = (offset: number) => motherAge + offset >= CHILDBIRTH.from && motherAge + offset <= CHILDBIRTH.to;
  const firstGap = gap();
  const direction = (draws.chance(OLDER_SIBLING_SHARE) ? bears(-firstGap) : !bears(firstGap)) ? -1 : 1;
  const first = twins ? 0 : direction * firstGap;
  // The second sibling is further out on the same side, or on the other side of the child.
  const secondGap = gap();
  const beyond = first + direction * secondGap;
  const second = draws.chance(0.6) && bears(beyond) ? beyond : -direction * secondGap;
  return [days(first), days(second)];
}
