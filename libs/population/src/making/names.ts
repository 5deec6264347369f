import { type Generation, GIVEN_NAMES } from '../data/given-names.js';
import { SURNAMES } from '../data/surnames.js';
import type { Sex } from '../family.js';
import type { Draws } from './draws.js';

// One draw and a search instead of a walk over 150 weights: names are drawn for every person.
let total = 0;
const BOUNDS = SURNAMES.map(([, weight]) => {
  total += weight;
  return total;
});

/** A surname by its share. */
export function drawSurname(draws: Draws): string {
  const at = draws.next() * total;
  let low = 0;
  let high = BOUNDS.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at < (BOUNDS[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return (SURNAMES[low] as readonly [string, number])[0];
}

/** A given name in the style of a generation. */
export function drawGivenName(draws: Draws, generation: Generation, sex: Sex): string {
  const names = GIVEN_NAMES[generation][sex];
  if (draws.chance(names.frequentShare)) return draws.pick(names.frequent);
  const second = draws.pick(names.second);
  if (draws.chance(names.oneCharacter)) return second;
  const first = draws.pick(names.first);
  return first === second ? second : first + second;
}
