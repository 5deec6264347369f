import { type County, counties, isWithin } from '@vouch/identity';
import { BIG_CITY_DISTRICTS, RESIDENTS_BY_CITY } from '../data/county-sizes.js';

/** What kind of place a county is; shares of migrants, owners and insured differ by it. */
export type Setting = 'big-city' | 'district' | 'town' | 'rural';

/** A county and the slice of all families that lives in it. */
export interface Settlement {
  readonly county: County;
  readonly setting: Setting;
  /** Slice [from, to) of the family space. */
  readonly from: number;
  readonly to: number;
}

function residentsOf(code: string): number {
  const entry = RESIDENTS_BY_CITY[code.slice(0, 4)]?.split(' ').find((candidate) => candidate.startsWith(code.slice(4)));
  if (!entry) throw new RangeError(`No size is known for county ${code}`);
  return Number(entry.slice(3));
}

function settingOf({ code, name }: County): Setting {
  if (BIG_CITY_DISTRICTS.has(code)) return 'big-city';
  if (name.endsWith('区')) return 'district';
  return name.endsWith('市') ? 'town' : 'rural';
}

/** Divides a space of families among the counties by size, in order of their codes. */
export function settle(space: number): readonly Settlement[] {
  const sizes = counties.map(({ code }) => residentsOf(code));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let sum = 0;
  return counties.map((county, at) => {
    const from = Math.round((sum / total) * space);
    sum += sizes[at] as number;
    return { county, setting: settingOf(county), from, to: Math.round((sum / total) * space) };
  });
}

/** Who lives at a place of the space. */
export function settlementAt(settlements: readonly Settlement[], place: number): Settlement {
  let low = 0;
  let high = settlements.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (place < (settlements[middle] as Settlement).to) high = middle;
    else low = middle + 1;
  }
  return settlements[low] as Settlement;
}

/** Other counties of the same city; the county itself when it is the only one. */
export const neighboursOf = (region: string): readonly string[] => NEIGHBOURS.get(region) ?? [region];

/** Counties of other cities. */
export const farCounties = (region: string): readonly string[] => FAR.get(region.slice(0, 4)) ?? [region];

const NEIGHBOURS = new Map(
  counties.map(({ code, city }) => [
    code,
    counties.filter((other) => isWithin(other.code, city) && other.code !== code).map((other) => other.code),
  ]),
);
const FAR = new Map(
  [...new Set(counties.map(({ city }) => city))].map((city) => [
    city,
    counties.filter((other) => other.city !== city).map((other) => other.code),
  ]),
);
