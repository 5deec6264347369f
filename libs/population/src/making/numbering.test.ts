import { ageOn, readIdNumber, sexOf } from '@vouch/identity';
import { describe, expect, it } from 'vitest';
import { createPopulation } from '../population.js';
import { createPermutation, PERMUTED } from './permutation.js';

const TODAY = '2026-09-30';
const population = createPopulation();
// Spread over the whole population, so that every birth cohort and rank is met.
const SAMPLE = 36_000;
const STEP = 27;
const people = Array.from({ length: SAMPLE }, (_, n) => population.family((n * STEP) % population.families)).flatMap(
  (family) => family.people,
);

describe('ID numbers', { timeout: 30_000 }, () => {
  it('are all different', () => {
    expect(people.length).toBeGreaterThan(200_000);
    expect(new Set(people.map(({ idNumber }) => idNumber)).size).toBe(people.length);
  });

  it('are valid, of an unassigned division, and agree with sex and birth date', () => {
    for (const { idNumber, sex, birthDate } of people) {
      const division = Number(idNumber.slice(0, 6));
      const fine =
        readIdNumber(idNumber, TODAY).ok &&
        division >= 375_000 &&
        division <= 375_020 &&
        sexOf(idNumber) === sex &&
        ageOn(idNumber, birthDate) === 0;
      if (!fine) expect.fail(`${idNumber} is not a number for somebody ${sex} born on ${birthDate}`);
    }
  });

  it('lead back to each person of each slot', () => {
    const slots = new Set<string>();
    for (const person of people) {
      const found = population.find(person.idNumber);
      if (found?.person.idNumber !== person.idNumber || found.family.index !== person.family || found.person.key !== person.key) {
        expect.fail(`${person.idNumber} leads to another person`);
      }
      slots.add(person.kinship);
    }
    expect(slots.size).toBe(9);
  });

  it('lie in the range of ages of each role', () => {
    const ranges = { child: [2, 17], guardian: [18, 66], sibling: [0, 32], grandparent: [38, 110] } as const;
    for (const { key, idNumber } of people) {
      const [from, to] = ranges[key.replace(/\d$/, '') as keyof typeof ranges];
      const age = ageOn(idNumber, '2026-08-31');
      if (age < from || age > to) expect.fail(`A ${key} is ${age} years old`);
    }
  });

  it('lead to whoever bears exactly them, or to nobody', () => {
    const other = createPopulation({ seed: 7 });
    const strangers = Array.from({ length: 2000 }, (_, index) => other.family(index)).flatMap((family) => family.people);
    for (const { idNumber } of strangers) {
      const found = population.find(idNumber);
      if (found && found.person.idNumber !== idNumber) expect.fail('A number led to somebody with another');
    }
  });

  it.each([
    '',
    'x',
    '11010519491231002X',
    '375000202001010016',
    '375001202013320011',
    '37500120200101001',
    '3750012020010100100',
    '37500１20200101001X',
  ])('%j leads to nobody', (text) => expect(population.find(text)).toBeUndefined());

  it('beyond the population lead to nobody', () => {
    const small = createPopulation({ families: 100 });
    expect(small.find(population.family(99).child.idNumber)).toBeDefined();
    expect(small.find(population.family(100).child.idNumber)).toBeUndefined();
  });
});

it('a permutation reaches every value once and can be undone', () => {
  const permutation = createPermutation(42);
  const reached = new Uint8Array(PERMUTED);
  let undone = 0;
  for (let value = 0; value < PERMUTED; value++) {
    const image = permutation.forward(value);
    reached[image] = 1;
    if (permutation.inverse(image) === value) undone += 1;
  }
  expect(undone).toBe(PERMUTED);
  expect(reached.every((flag) => flag === 1)).toBe(true);
});
