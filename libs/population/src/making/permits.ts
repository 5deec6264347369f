import type { PermitPeriod, Person, ResidencePermit } from '../family.js';
import type { Books } from './books.js';
import { toDay } from './calendar.js';
import { neighboursOf } from './counties.js';
import { Draws, mix, PART } from './draws.js';
import type { Housing } from './homes.js';
import { type Life, sameCity } from './life.js';
import { addressOf, digitsOf, PLACE, recordedAfter, STORY_END } from './world.js';

const TERM = 365;
const REGISTERED_FIRST = 180;

/** Keys get a number each, so that everyone's permit is drawn apart. */
const KEYS = ['child', 'guardian', 'guardian2', 'sibling1', 'sibling2'];

/**
 * A migrant's residence permit, if there is one. Whoever is registered in the same city cannot get one; half a year of registration
 * comes first; each year is renewed in time, late, or no more.
 */
export function makePermits(life: Life, housing: Housing, books: Books, person: Person): ResidencePermit[] {
  const nth = KEYS.indexOf(person.key);
  const registeredIn = books.pages.get(person.idNumber)?.[0]?.region ?? life.originRegion;
  if (life.origin !== 'migrant' || sameCity(registeredIn, life.region) || nth < 0) return [];
  const draws = new Draws(life.world.seed, mix(life.index, nth), PART.permits);
  const issuedOn = life.arrivedOn + REGISTERED_FIRST + draws.int(0, draws.chance(0.75) ? 60 : 900);
  if (!draws.chance(person.key.startsWith('guardian') ? 0.88 : 0.4) || issuedOn > STORY_END - 3) return [];

  const lapses = draws.chance(0.1);
  const periods: PermitPeriod[] = [];
  for (let from = issuedOn; from <= STORY_END; ) {
    const until = from + TERM - 1;
    periods.push({ from: toDay(from), until: toDay(until), recordedOn: toDay(recordedAfter(draws, from, [0, 3])) });
    if (lapses && draws.chance(0.25)) break;
    from = until + 1 + (draws.chance(0.88) ? 0 : draws.int(3, 130));
  }
  const region = draws.chance(0.95) ? life.region : draws.pick(neighboursOf(life.region));
  const rented = addressOf(life.world, life.index, PLACE.rental, region);
  const home = housing.dwelling?.region === region ? { region, addressCode: housing.dwelling.addressCode } : rented;
  return [
    {
      permitNumber: `合成JZ${digitsOf(life.world, life.index, PLACE.rental)}${nth}`,
      ...home,
      // From a stream of its own, so that the permits of a seed stay as they were.
      appliedOn: toDay(issuedOn - new Draws(life.world.seed, mix(life.index, nth), PART.applications).int(8, 30)),
      periods,
      happenedOn: toDay(issuedOn),
      recordedOn: periods[0]?.recordedOn ?? toDay(issuedOn),
    },
  ];
}
