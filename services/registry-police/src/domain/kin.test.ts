import { describe, expect, it } from 'vitest';
import { type Relative, ruleOnBirthTogether, ruleOnKinship, ruleOnOnlyChild } from './kin.js';

const person = (idNumber: string, parents: string[] = [], over: Partial<Relative> = {}): Relative => ({
  idNumber,
  birthDate: '2019-10-10',
  male: true,
  parents,
  brothers: 0,
  sisters: 0,
  ...over,
});
const father = person('father', ['grandfather']);
const mother = person('mother', ['grandmother']);
const child = person('child', ['father', 'mother']);

describe('kin-of', () => {
  const as = (kinship: 'child' | 'grandchild' | 'sibling', relative: Relative, through?: string) =>
    ruleOnKinship(child, relative, kinship, [father, mother], through).outcome;

  it('knows parents, and nobody else as them', () => {
    expect(as('child', father)).toBe('confirmed');
    expect(as('child', person('grandfather'))).toBe('refuted');
  });

  it('knows grandparents by the parents, and by the parent who is named', () => {
    expect(as('grandchild', person('grandfather'))).toBe('confirmed');
    expect(as('grandchild', person('grandfather'), 'father')).toBe('confirmed');
    expect(as('grandchild', person('grandfather'), 'mother')).toBe('refuted');
    expect(as('grandchild', father)).toBe('refuted');
  });

  it('knows siblings by one parent', () => {
    expect(as('sibling', person('sister', ['mother']))).toBe('confirmed');
    expect(as('sibling', person('cousin', ['aunt']))).toBe('refuted');
    // A person's own file, read a second time.
    expect(ruleOnKinship(child, { ...child }, 'sibling', [father, mother]).outcome).toBe('refuted');
  });
});

describe('born-together', () => {
  const twin = (birthDate: string, parents = ['mother']) => ruleOnBirthTogether(child, person('twin', parents, { birthDate })).outcome;

  it('is of one day, or over a midnight', () => {
    expect(['2019-10-09', '2019-10-10', '2019-10-11'].map((day) => twin(day))).toEqual(['confirmed', 'confirmed', 'confirmed']);
    expect(['2019-10-08', '2019-10-12'].map((day) => twin(day))).toEqual(['refuted', 'refuted']);
  });

  it('is of one mother', () => expect(twin('2019-10-10', ['aunt'])).toBe('refuted'));
});

describe('only-child', () => {
  const only = (over: Partial<Relative>, among: 'children' | 'sons' | 'daughters') =>
    ruleOnOnlyChild(person('one', [], over), among).outcome;

  it('has no brothers and sisters', () => {
    expect(only({}, 'children')).toBe('confirmed');
    expect(only({ brothers: 1 }, 'children')).toBe('refuted');
    expect(only({ sisters: 1 }, 'children')).toBe('refuted');
  });

  it('is the only son with sisters, and the only daughter with brothers', () => {
    expect(only({ sisters: 2 }, 'sons')).toBe('confirmed');
    expect(only({ brothers: 1 }, 'sons')).toBe('refuted');
    expect(only({ male: false, brothers: 2 }, 'daughters')).toBe('confirmed');
    expect(only({ male: false, sisters: 1 }, 'daughters')).toBe('refuted');
    expect(only({ male: false }, 'sons')).toBe('refuted');
    expect(only({}, 'daughters')).toBe('refuted');
  });
});
