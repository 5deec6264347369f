import type { Generation } from '../data/given-names.js';
import type { Family, Kinship, Person, Sex, SubjectKey, Union } from '../family.js';
import type { Slot } from './age-profiles.js';
import { fromDay, toDay } from './calendar.js';
import { type Settlement, settlementAt } from './counties.js';
import { Draws, PART } from './draws.js';
import { drawGivenName, drawSurname } from './names.js';
import type { Birth } from './numbering.js';
import { STORY_END, type World } from './world.js';

/** A family and what its making knows beyond its public face. */
export interface Kin {
  readonly family: Family;
  readonly settlement: Settlement;
  readonly father: Person | undefined;
  readonly mother: Person | undefined;
  /** Child's birth, day number. */
  readonly childDay: number;
  /** Births of the eldest and the youngest child. */
  readonly eldestDay: number;
  readonly youngestDay: number;
}

const UNIONS: readonly (readonly [Union, number])[] = [
  ['married', 0.865],
  ['divorced', 0.085],
  ['one-parent', 0.05],
];
const ENTERING = {
  primary: [fromDay('2019-09-01'), fromDay('2020-08-31')],
  junior: [fromDay('2013-09-01'), fromDay('2014-08-31')],
} as const;
// 111.95 boys for 100 girls at birth (2020).
const BOYS = 0.528;
const MOTHER_HAS_CUSTODY = 0.58;
const MOTHER_IS_ONE_PARENT = 0.72;
const SIBLINGS: readonly (readonly [number, number])[] = [
  [0, 0.32],
  [1, 0.55],
  [2, 0.13],
];
const LAST_SIBLING_BIRTH = fromDay('2025-12-31');
const YEAR = 365.2425;

/** The people of one family. */
export function makeKin(world: World, index: number): Kin {
  const draws = new Draws(world.seed, index, PART.people);
  const names = new Draws(world.seed, index, PART.names);
  const birth = world.numbering.birthOf(index);
  const union = draws.weighted(UNIONS);
  const motherFirst = draws.chance(union === 'divorced' ? MOTHER_HAS_CUSTODY : union === 'one-parent' ? MOTHER_IS_ONE_PARENT : 0.5);
  const twin = world.numbering.birthDay(birth, 'sibling1') === birth.day;
  const siblingCount = Math.max(draws.weighted(SIBLINGS), twin ? 1 : 0);

  const paternal = drawSurname(names);
  const maternal = drawSurname(names);
  const childrensName = names.chance(union === 'one-parent' && motherFirst ? 0.35 : 0.04) ? maternal : paternal;

  const make = (slot: Slot, sex: Sex, kinship: Kinship, surname: string, generation: Generation): Person => ({
    idNumber: world.numbering.idNumber(birth, slot, sex),
    name: surname + drawGivenName(names, generation, sex),
    key: keyOf(slot, motherFirst),
    kinship,
    sex,
    birthDate: toDay(world.numbering.birthDay(birth, slot)),
    family: index,
  });
  const drawSex = (): Sex => (draws.chance(BOYS) ? 'male' : 'female');

  const childSex = drawSex();
  const child = make('child', childSex, 'child', childrensName, 'child');
  const siblings: Person[] = [];
  for (const slot of ['sibling1', 'sibling2'] as const) {
    const sex = drawSex();
    if (siblings.length < siblingCount && bears(world, birth, slot)) {
      siblings.push(make(slot, sex, sex === 'male' ? 'brother' : 'sister', childrensName, 'child'));
    }
  }
  const hasFather = union !== 'one-parent' || !motherFirst;
  const hasMother = union !== 'one-parent' || motherFirst;
  const father = hasFather ? make('father', 'male', 'father', paternal, 'parent') : undefined;
  const mother = hasMother ? make('mother', 'female', 'mother', maternal, 'parent') : undefined;
  const guardians = [motherFirst ? mother : father, motherFirst ? father : mother].filter((person) => person !== undefined);

  const grandparents: Person[] = [];
  const addGrandparent = (slot: Slot, sex: Sex, kinship: Kinship, surname: string, parentThere: boolean) => {
    const age = (STORY_END - world.numbering.birthDay(birth, slot)) / YEAR;
    const there = draws.next() < survival(age, sex) * (parentThere ? 0.97 : 0.3);
    if (there) grandparents.push(make(slot, sex, kinship, surname, 'grandparent'));
  };
  addGrandparent('grandparent1', 'male', 'paternal-grandfather', paternal, hasFather);
  addGrandparent('grandparent2', 'female', 'paternal-grandmother', drawSurname(names), hasFather);
  addGrandparent('grandparent3', 'male', 'maternal-grandfather', maternal, hasMother);
  addGrandparent('grandparent4', 'female', 'maternal-grandmother', drawSurname(names), hasMother);

  const settlement = settlementAt(world.settlements, world.regionShuffle.forward(index));
  const births = [birth.day, ...siblings.map((sibling) => fromDay(sibling.birthDate))];
  return {
    family: {
      index,
      region: settlement.county.code,
      union,
      entering: enteringOf(birth.day),
      child,
      guardians,
      siblings,
      grandparents,
      people: [child, ...guardians, ...siblings, ...grandparents],
    },
    settlement,
    father,
    mother,
    childDay: birth.day,
    eldestDay: Math.min(...births),
    youngestDay: Math.max(...births),
  };
}

function keyOf(slot: Slot, motherFirst: boolean): SubjectKey {
  if (slot === 'father') return motherFirst ? 'guardian2' : 'guardian';
  if (slot === 'mother') return motherFirst ? 'guardian' : 'guardian2';
  return slot;
}

function enteringOf(childDay: number): Family['entering'] {
  if (childDay >= ENTERING.primary[0] && childDay <= ENTERING.primary[1]) return 'primary';
  return childDay >= ENTERING.junior[0] && childDay <= ENTERING.junior[1] ? 'junior' : undefined;
}

/** Whether a sibling can be: born by now, of a mother of an age to bear. */
function bears(world: World, birth: Birth, slot: Slot): boolean {
  const day = world.numbering.birthDay(birth, slot);
  const motherAge = (day - world.numbering.birthDay(birth, 'mother')) / YEAR;
  return day <= LAST_SIBLING_BIRTH && motherAge >= 18.5 && motherAge <= 48;
}

/** Chance to be alive at an age, roughly as in China's life table. */
function survival(age: number, sex: Sex): number {
  const perYear = sex === 'male' ? 0.0155 : 0.0105;
  return age < 50 ? 0.97 : Math.max(0.04, 0.97 - perYear * (age - 50) - 0.0006 * Math.max(0, age - 68) ** 2);
}
