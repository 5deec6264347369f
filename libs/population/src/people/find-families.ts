import type { Family, Population } from '../family.js';
import { readFilters } from './filters.js';
import { FamilyView } from './view.js';

/** The first families of a region for whom the filters of `npm run people -- --where` hold, at most `count`; for demos and tests. */
export function findFamilies(population: Population, region: string, filters: string, count: number): Family[] {
  const where = readFilters(filters);
  const found: Family[] = [];
  for (const family of population.familiesOf(region)) {
    if (!where(new FamilyView(population, family))) continue;
    found.push(family);
    if (found.length === count) break;
  }
  return found;
}
