import { OUTSIDE_COUNTIES } from '../data/county-sizes.js';
import type { Family, Person } from '../family.js';
import { fromDay } from './calendar.js';
import { farCounties, neighboursOf, type Setting } from './counties.js';
import { Draws, PART } from './draws.js';
import type { Kin } from './people.js';
import { STORY_END, type World } from './world.js';

/** Where the parents come from, seen from the county where they live. */
type Origin = 'native' | 'moved-in' | 'migrant';

/** How the family dwells. */
type Dwelling = 'owned' | 'presale' | 'grandparents' | 'rented' | 'public-rental' | 'unrecorded';

/** The outline of a family's story, out of which each agency's records are told. Days are day numbers. */
export interface Life extends Kin {
  readonly world: World;
  readonly index: number;
  /** County where they live. */
  readonly region: string;
  readonly setting: Setting;
  readonly origin: Origin;
  /** County where a migrant is registered, or where those who moved in came from; a native's own county. */
  readonly originRegion: string;
  /** When a migrant family came, or the registration of those who moved in was moved. */
  readonly arrivedOn: number;
  readonly marriedOn: number | undefined;
  readonly divorcedOn: number | undefined;
  readonly dwelling: Dwelling;
  /** Owners of a home in another county who rent here. */
  readonly ownsElsewhere: boolean;
  readonly paternalGrandparents: readonly Person[];
  readonly maternalGrandparents: readonly Person[];
  /** Counties where the grandparents live. */
  readonly paternalRegion: string;
  readonly maternalRegion: string;
}

// 5 % in the country, 15 to 25 % in urban districts.
const MIGRANTS: Readonly<Record<Setting, number>> = { 'big-city': 0.24, district: 0.15, town: 0.08, rural: 0.05 };
const MOVED_IN: Readonly<Record<Setting, number>> = { 'big-city': 0.3, district: 0.2, town: 0.12, rural: 0.06 };
const DWELLINGS_OF_RESIDENTS: readonly (readonly [Dwelling, number])[] = [
  ['owned', 0.785],
  ['presale', 0.035],
  ['grandparents', 0.085],
  ['rented', 0.065],
  ['public-rental', 0.012],
  ['unrecorded', 0.018],
];
const DWELLINGS_OF_MIGRANTS: readonly (readonly [Dwelling, number])[] = [
  ['owned', 0.38],
  ['presale', 0.04],
  ['grandparents', 0.02],
  ['rented', 0.48],
  ['public-rental', 0.01],
  ['unrecorded', 0.07],
];
const YEAR = 365;

/** The outline of one family's story. */
export function makeLife(world: World, kin: Kin): Life {
  const { family, settlement } = kin;
  const index = family.index;
  const draws = new Draws(world.seed, index, PART.life);
  const region = family.region;
  const setting = settlement.setting;

  const at = draws.next();
  const origin: Origin = at < MIGRANTS[setting] ? 'migrant' : at < MIGRANTS[setting] + MOVED_IN[setting] ? 'moved-in' : 'native';
  const originRegion = origin === 'native' ? region : drawOrigin(draws, region);
  const arrivedOn = STORY_END - Math.round(YEAR * (0.15 + 12 * draws.next() ** 1.4));
  const [marriedOn, divorcedOn] = drawUnion(draws, kin);

  const paternalGrandparents = family.grandparents.filter(({ key }) => key === 'grandparent1' || key === 'grandparent2');
  const maternalGrandparents = family.grandparents.filter(({ key }) => key === 'grandparent3' || key === 'grandparent4');
  const drawn = draws.weighted(origin === 'migrant' ? DWELLINGS_OF_MIGRANTS : DWELLINGS_OF_RESIDENTS);
  const dwelling = drawn === 'grandparents' && family.grandparents.length === 0 ? 'rented' : drawn;
  const home = origin === 'native' ? region : originRegion;
  const hosts = dwelling === 'grandparents';
  const drawnPaternal = draws.chance(0.82) ? home : draws.pick(neighboursOf(home));
  const drawnMaternal = draws.chance(0.6) ? home : draws.chance(0.6) ? draws.pick(neighboursOf(region)) : draws.pick(farCounties(region));
  // Spelt out: spreading costs ten times as much here, and every question to an agency comes this way.
  return {
    family,
    settlement,
    father: kin.father,
    mother: kin.mother,
    childDay: kin.childDay,
    eldestDay: kin.eldestDay,
    youngestDay: kin.youngestDay,
    world,
    index,
    region,
    setting,
    origin,
    originRegion,
    arrivedOn,
    marriedOn,
    divorcedOn,
    dwelling,
    ownsElsewhere: dwelling === 'rented' && draws.chance(0.25),
    paternalGrandparents,
    maternalGrandparents,
    paternalRegion: hosts && paternalGrandparents.length > 0 ? region : drawnPaternal,
    maternalRegion: hosts && paternalGrandparents.length === 0 ? region : drawnMaternal,
  };
}

function drawOrigin(draws: Draws, region: string): string {
  const how = draws.next();
  if (how < 0.3) return draws.pick(neighboursOf(region));
  return draws.pick(how < 0.72 ? farCounties(region) : OUTSIDE_COUNTIES);
}

function drawUnion(draws: Draws, { family, father, mother, eldestDay, youngestDay }: Kin): [number | undefined, number | undefined] {
  const before = draws.int(300, 1500);
  const share = draws.next();
  if (family.union === 'one-parent' || !father || !mother) return [undefined, undefined];
  // Men may marry at 22, women at 20.
  const ofAge = Math.max(fromDay(father.birthDate) + 22 * YEAR + 6, fromDay(mother.birthDate) + 20 * YEAR + 6);
  const marriedOn = Math.max(eldestDay - before, ofAge);
  if (family.union === 'married') return [marriedOn, undefined];
  const from = Math.max(youngestDay + 120, marriedOn + 200);
  const until = STORY_END - 40;
  return [marriedOn, from < until ? Math.round(from + share * (until - from)) : until];
}

/** Whom the child lives with. */
export const guardianOf = (family: Family): Person => family.guardians[0] as Person;

/** Whether two regions lie in the same city. */
export const sameCity = (one: string, other: string): boolean => one.slice(0, 4) === other.slice(0, 4);
