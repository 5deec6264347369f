import { COUNTIES_BY_CITY } from './regions-data.js';

/** One county of Shandong: district, county-level city or county. */
export interface County {
  /** GB/T 2260 code, 6 digits. */
  readonly code: string;
  readonly name: string;
  /** Code of its city, 4 digits. */
  readonly city: string;
  readonly cityName: string;
}

/** Code of Shandong. */
export const PROVINCE = '37';

/** The 136 counties of Shandong, by code. Statistics-only zones are none. */
export const counties: readonly County[] = COUNTIES_BY_CITY.flatMap(([city, cityName, listed]) =>
  listed.split(' ').map((entry) => ({ code: city + entry.slice(0, 2), name: entry.slice(2), city, cityName })),
);

const countyByCode = new Map(counties.map((entry) => [entry.code, entry]));
const nameByCity = new Map(COUNTIES_BY_CITY.map(([city, cityName]) => [city, cityName] as const));
// Shandong's counties are listed; other provinces, whose counties are not, are checked by their two digits only.
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82'.split(' '),
);
const SHAPE = /^\d{2}(?:(?!00)\d{2}){0,2}$/;

/** The county with a code of 6 digits. */
export const county = (code: string): County | undefined => countyByCode.get(code);

/**
 * Whether a code is a region: province (2 digits), city (4) or county (6), without filling zeros. Inside Shandong it must be one of the 16 cities
 * or 136 counties; elsewhere only the shape and the province are checked.
 */
export function isRegion(code: string): boolean {
  if (!SHAPE.test(code) || !PROVINCES.has(code.slice(0, 2))) return false;
  if (!code.startsWith(PROVINCE) || code.length === 2) return true;
  return code.length === 4 ? nameByCity.has(code) : countyByCode.has(code);
}

/** Whether a region lies inside another, or is it. */
export const isWithin = (region: string, outer: string): boolean => region.startsWith(outer);

/** Name of a region of Shandong, such as `济南市历下区`; undefined outside and for what is no region. */
export function regionName(code: string): string | undefined {
  if (code === PROVINCE) return '山东省';
  const found = countyByCode.get(code);
  return found ? `${found.cityName}市${found.name}` : cityNameOf(code);
}

function cityNameOf(code: string): string | undefined {
  const name = nameByCity.get(code);
  return name && `${name}市`;
}
