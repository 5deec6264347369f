import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combineOutcomes } from './combine.js';
import type { Combine, Outcome } from './types.js';

const OUTCOMES = ['confirmed', 'refuted', 'not_found', 'ambiguous', 'unavailable'] as const satisfies readonly Outcome[];
const anOutcome = fc.constantFrom(...OUTCOMES);
const aCombine = fc.constantFrom<Combine>('any', 'all');
const someOutcomes = fc.array(anOutcome, { minLength: 1, maxLength: 8 });

const negate = (outcome: Outcome): Outcome => (outcome === 'confirmed' ? 'refuted' : outcome === 'refuted' ? 'confirmed' : outcome);
const isKnown = (outcome: Outcome) => outcome === 'confirmed' || outcome === 'refuted';

it.each([
  ['any', ['refuted', 'confirmed'], 'confirmed'],
  ['any', ['refuted', 'refuted'], 'refuted'],
  ['any', ['refuted', 'not_found'], 'not_found'],
  ['any', ['confirmed', 'unavailable'], 'confirmed'],
  ['all', ['confirmed', 'refuted'], 'refuted'],
  ['all', ['confirmed', 'confirmed'], 'confirmed'],
  ['all', ['confirmed', 'not_found', 'unavailable'], 'unavailable'],
  ['all', ['ambiguous', 'not_found'], 'ambiguous'],
  ['any', [], 'unavailable'],
  ['all', [], 'unavailable'],
] as const)('%s of %j is %s', (combine, outcomes, expected) => {
  expect(combineOutcomes(combine, outcomes)).toBe(expected);
});

it('is the outcome itself for a single provider', () => {
  fc.assert(fc.property(aCombine, anOutcome, (combine, outcome) => combineOutcomes(combine, [outcome]) === outcome));
});

it('does not depend on the order of the providers, nor on repeats', () => {
  fc.assert(
    fc.property(aCombine, someOutcomes, fc.infiniteStream(fc.nat()), (combine, outcomes, random) => {
      const shuffled = outcomes.map((outcome) => ({ outcome, by: random.next().value })).sort((a, b) => a.by - b.by);
      const combined = combineOutcomes(combine, outcomes);
      expect(combineOutcomes(combine, [...shuffled.map(({ outcome }) => outcome), ...outcomes])).toBe(combined);
    }),
  );
});

it('may be combined in groups', () => {
  fc.assert(
    fc.property(aCombine, someOutcomes, someOutcomes, (combine, left, right) => {
      const grouped = combineOutcomes(combine, [combineOutcomes(combine, left), combineOutcomes(combine, right)]);
      expect(grouped).toBe(combineOutcomes(combine, [...left, ...right]));
    }),
  );
});

it('makes `all` the negation of `any` of the negations', () => {
  fc.assert(
    fc.property(someOutcomes, (outcomes) => {
      expect(combineOutcomes('all', outcomes)).toBe(negate(combineOutcomes('any', outcomes.map(negate))));
    }),
  );
});

it('never changes a known result when an unknown provider answers after all', () => {
  fc.assert(
    fc.property(aCombine, someOutcomes, fc.nat(), anOutcome, (combine, outcomes, at, later) => {
      const index = at % outcomes.length;
      fc.pre(!isKnown(outcomes[index] as Outcome));
      const before = combineOutcomes(combine, outcomes);
      fc.pre(isKnown(before));
      expect(combineOutcomes(combine, outcomes.with(index, later))).toBe(before);
    }),
  );
});
