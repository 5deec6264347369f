import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { counties } from '@vouch/identity';
import { describe, expect, it } from 'vitest';
import type { Family, Population } from './family.js';
import { createPopulation } from './population.js';

/** All facts of a family as text; people in order, or last to first and their agencies too. */
function everything(population: Population, family: Family, backwards = false): string[] {
  const ask = [population.police, population.housing, population.tax, population.socialSecurity];
  const facts = (backwards ? family.people.toReversed() : family.people).map((person) => {
    const answers = (backwards ? ask.toReversed() : ask).map((of) => of(person));
    return JSON.stringify([person, ...(backwards ? answers.toReversed() : answers)]);
  });
  return backwards ? facts.toReversed() : facts;
}

describe('a population', { timeout: 30_000 }, () => {
  it('is the same for the same seed, in whatever order it is asked', () => {
    const [one, other] = [createPopulation({ seed: 5 }), createPopulation({ seed: 5 })];
    const indexes = Array.from({ length: 100 }, (_, n) => n * 9601);
    const forwards = indexes.map((index) => everything(one, one.family(index)));
    const backwards = indexes.toReversed().map((index) => everything(other, other.family(index), true));
    expect(backwards.toReversed()).toEqual(forwards);
  });

  it('knows people whom it made at another time', () => {
    const population = createPopulation({ families: 1000 });
    const early = Array.from({ length: 200 }, (_, index) => population.family(index));
    for (const family of early) expect(everything(population, family)).toEqual(everything(population, population.family(family.index)));
  });

  it('is another one for another seed', () => {
    const [one, other] = [createPopulation({ seed: 5 }), createPopulation({ seed: 6 })];
    const same = Array.from({ length: 500 }, (_, index) => one.family(index).child.idNumber === other.family(index).child.idNumber);
    expect(same.filter(Boolean)).toHaveLength(0);
  });

  it('is part of a larger one of the same seed', () => {
    const [small, large] = [createPopulation({ families: 50 }), createPopulation({ families: 500 })];
    for (let index = 0; index < 50; index++) expect(everything(small, small.family(index))).toEqual(everything(large, large.family(index)));
  });

  it.each([
    { seed: -1 },
    { seed: 0.5 },
    { families: 0 },
    { families: 2 ** 20 + 1 },
    { today: '2026-02-30' },
    { today: '2025-12-31' },
    { today: '2026-10-01' },
  ])('refuses %j', (options) => {
    expect(() => createPopulation(options)).toThrow(RangeError);
  });

  it.each([-1, 100, 1.5, Number.NaN])('has no family %d', (index) => {
    expect(() => createPopulation({ families: 100 }).family(index)).toThrow(RangeError);
  });

  it('lives in the counties: each family in one, and all found there', () => {
    const population = createPopulation({ families: 5000 });
    const seen = counties.flatMap(({ code }) => [...population.familiesOf(code)].map((family) => ({ code, family })));
    expect(seen.every(({ code, family }) => family.region === code)).toBe(true);
    expect(seen.map(({ family }) => family.index).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 5000 }, (_, index) => index),
    );
    expect([...population.familiesOf('3701')]).toHaveLength(seen.filter(({ code }) => code.startsWith('3701')).length);
    expect([...population.familiesOf('37')]).toHaveLength(5000);
    expect([...population.familiesOf('370199')]).toHaveLength(0);
    expect([...population.familiesOf('')]).toHaveLength(0);
  });

  it('takes no memory for being asked', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const population = createPopulation({ families: 1_000_000 });
    const ask = (from: number, to: number) => {
      for (let index = from; index < to; index++) population.housing(population.family(index).child);
    };
    ask(0, 3000);
    collect();
    const before = process.memoryUsage().heapUsed;
    ask(3000, 33_000);
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000);
  });
});
