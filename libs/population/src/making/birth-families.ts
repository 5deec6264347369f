import type { BirthFamily, Person } from '../family.js';
import { fromDay } from './calendar.js';
import { Draws, mix, PART } from './draws.js';
import type { Life } from './life.js';
import { refOf } from './titles.js';

const KEYS = ['guardian', 'guardian2', 'grandparent1', 'grandparent2', 'grandparent3', 'grandparent4'];
// The one-child rule began in the autumn of 1980; whose first child was a girl could have a second in the country.
const ONE_CHILD_RULE = fromDay('1980-09-25');
const SIBLINGS_BEFORE: readonly (readonly [number, number])[] = [
  [0, 0.08],
  [1, 0.24],
  [2, 0.3],
  [3, 0.22],
  [4, 0.16],
];
const SIBLINGS_SINCE: readonly (readonly [number, number])[] = [
  [0, 0.46],
  [1, 0.42],
  [2, 0.12],
];

/** Parents, brothers and sisters of one of the family. */
export function makeBirthFamily(life: Life, person: Person): BirthFamily {
  const { family } = life;
  const children = [family.child, ...family.siblings];
  // By key: a person may have been made at another time than this life.
  if (children.some(({ key }) => key === person.key)) {
    const others = children.filter(({ key }) => key !== person.key);
    const brothers = others.filter(({ sex }) => sex === 'male').length;
    return { parents: family.guardians.map(refOf), brothers, sisters: others.length - brothers };
  }
  const draws = new Draws(life.world.seed, mix(life.index, KEYS.indexOf(person.key)), PART.kin);
  const count = draws.weighted(fromDay(person.birthDate) < ONE_CHILD_RULE ? SIBLINGS_BEFORE : SIBLINGS_SINCE);
  const brothers = Array.from({ length: count }, () => draws.chance(0.52)).filter(Boolean).length;
  return { parents: parentsOf(life, person).map(refOf), brothers, sisters: count - brothers };
}

function parentsOf({ paternalGrandparents, maternalGrandparents }: Life, { kinship }: Person): readonly Person[] {
  if (kinship === 'father') return paternalGrandparents;
  return kinship === 'mother' ? maternalGrandparents : [];
}
