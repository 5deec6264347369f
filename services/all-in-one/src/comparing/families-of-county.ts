import { createPopulation, type Family, type Population } from '@vouch/population';

/** Families of a synthetic county. */
export interface County {
  /** Region that they live in, 2 to 6 digits. */
  readonly region: string;
  /** `primary`, `junior`: children of that age alone; any other: all. */
  readonly stage: string;
  readonly entryYear: number;
  /** The first seed; where its population has too few families, those of the next seeds follow. */
  readonly seed: number;
  /** How many. */
  readonly families: number;
}

/** A family, and the population that it is of: numbers of different seeds' people may be the same. */
export interface Resident {
  readonly family: Family;
  readonly population: Population;
}

/** Age that a child has when it enters. */
const AGES: Readonly<Record<string, number>> = { primary: 6, junior: 12 };

/** Invented families of a county whose child enters a stage in a year, the same for the same seed. Fewer where nobody lives there. */
export function* familiesOfCounty({ region, stage, entryYear, seed, families }: County): Generator<Resident> {
  const age = AGES[stage];
  const [youngest, oldest] = age === undefined ? ['9999', ''] : [`${entryYear - age}-08-31`, `${entryYear - age - 1}-09-01`];
  let left = families;
  for (let next = seed; left > 0; next = (next + 1) % 2 ** 32) {
    const population = createPopulation({ seed: next });
    const before = left;
    for (const family of population.familiesOf(region)) {
      if (family.child.birthDate > youngest || family.child.birthDate < oldest) continue;
      yield { family, population };
      left -= 1;
      if (left === 0) return;
    }
    // A region that nobody lives in has no families with any seed.
    if (left === before) return;
  }
}
