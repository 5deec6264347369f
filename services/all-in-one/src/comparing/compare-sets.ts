import { setImmediate } from 'node:timers/promises';
import { compileRequirementSet, entryYearsOf, type RequirementSet } from '@vouch/rules';
import { createAsker } from './ask-registries.js';
import { type Cause, causeOf } from './cause.js';
import { type Application, decide } from './decide.js';
import { familiesOfCounty } from './families-of-county.js';

/** What is compared: two sets with what they inherit, over so many invented families of the region of the second. */
export interface Comparison {
  readonly before: RequirementSet;
  readonly after: RequirementSet;
  readonly families: number;
  /** Of the population; the next ones follow when it has too few families of the region. */
  readonly seed: number;
  /** Day of every application, `YYYY-MM-DD`; unless said the last of the second set's validity, or 31 August of its year of entry. */
  readonly applicationDate?: string;
  /** Facts that a person has seen, the same for every family. */
  readonly facts: Readonly<Record<string, boolean>>;
}

/** Families by the id of their category, `undetermined` or `not_met`. */
export interface Place {
  readonly place: string;
  before: number;
  after: number;
}

/** Families that are elsewhere by the second set, and what did it. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** Undefined: only the order of the categories changed. */
  readonly because: Cause | undefined;
  families: number;
}

/** What came of a comparison. */
export interface Compared {
  readonly families: number;
  readonly applicationDate: string;
  /** In the order of the second set's categories; then those of the first alone, then who is in none. */
  readonly places: readonly Place[];
  /** The largest first. */
  readonly moves: readonly Move[];
}

/** So many families come between two words of how far it is. */
const TELL_EVERY = 100;

/**
 * Decides on invented families by two sets, by the registries' own rulings over their records: the same families, the same day, the same year of
 * entry. `told` hears how many are done. The same comparison comes out the same.
 */
export async function compareSets(comparison: Comparison, told: (done: number) => void): Promise<Compared> {
  const [before, after] = [compileRequirementSet(comparison.before), compileRequirementSet(comparison.after)];
  const application = applicationOf(comparison);
  const places = placesOf(comparison);
  const moves = new Map<string, Move>();
  const askAbout = createAsker();
  const [, stage = ''] = comparison.after.id.split('/');
  const { families, seed } = comparison;
  let done = 0;
  for (const resident of familiesOfCounty({ region: comparison.after.region, stage, entryYear: application.entryYear, seed, families })) {
    const ask = askAbout(resident);
    const was = await decide(before, resident.family, ask, application);
    const is = await decide(after, resident.family, ask, application);
    count(places, was.place, 'before');
    count(places, is.place, 'after');
    if (was.place !== is.place) {
      const because = causeOf(was, is);
      const key = JSON.stringify([was.place, is.place, because]);
      const move = moves.get(key) ?? { from: was.place, to: is.place, because, families: 0 };
      move.families += 1;
      moves.set(key, move);
    }
    done += 1;
    if (done % TELL_EVERY !== 0) continue;
    told(done);
    await setImmediate();
  }
  return {
    families: done,
    applicationDate: application.applicationDate,
    places: [...places.values()],
    moves: [...moves.values()].sort((a, b) => b.families - a.families),
  };
}

function applicationOf({ after, applicationDate, facts }: Comparison): Application {
  const [entryYear = 0] = entryYearsOf(after).toReversed();
  return { entryYear, applicationDate: applicationDate ?? after.validity?.until ?? `${entryYear}-08-31`, facts };
}

function placesOf({ before, after }: Comparison): Map<string, Place> {
  const categories = [...(after.categories ?? []), ...(before.categories ?? [])].map(({ id }) => id);
  return new Map([...categories, 'undetermined', 'not_met'].map((place) => [place, { place, before: 0, after: 0 }]));
}

function count(places: ReadonlyMap<string, Place>, place: string, set: Cause['set']): void {
  const counted = places.get(place);
  if (counted) counted[set] += 1;
}
