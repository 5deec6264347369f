import { describe, expect, it } from 'vitest';
import { type Condition, compileRequirementSet, type DateValue, evaluate, type Inputs, type RequirementSet } from '../src/index.js';
import { aSet, categoriesOf, claim, found, planOf, text } from './arbitrary.js';

const [yes, no] = [found('confirmed'), found('refuted')];
const setOf = (when: Condition, over: Partial<RequirementSet> = {}) => aSet({ categories: categoriesOf(when), ...over });
const verdict = (when: Condition, people: string[], ...findings: Parameters<typeof evaluate>[1]) =>
  evaluate(planOf(setOf(when), people), findings).verdict;

describe('people', () => {
  const family = ['child', 'guardian', 'guardian2'];

  it('one of the guardians, or both', () => {
    expect(verdict(claim('job', { subject: 'anyGuardian' }), family, no, yes)).toBe('met');
    expect(verdict(claim('job', { subject: 'bothGuardians' }), family, no, yes)).toBe('not_met');
    expect(verdict(claim('job', { subject: 'bothGuardians' }), family, yes, yes)).toBe('met');
  });

  it('both guardians cannot be known of one who is not named, and one of them can', () => {
    expect(verdict(claim('job', { subject: 'bothGuardians' }), ['child', 'guardian'], yes)).toBe('undetermined');
    expect(verdict(claim('job', { subject: 'bothGuardians' }), ['child', 'guardian'], no)).toBe('not_met');
    expect(verdict(claim('job', { subject: 'anyGuardian' }), ['child', 'guardian'], no)).toBe('not_met');
    expect(verdict({ not: claim('home', { subject: 'anyGuardian' }) }, ['child', 'guardian'], no)).toBe('undetermined');
  });

  it('one and the same person must satisfy what is inside some', () => {
    const both = {
      some: { of: 'guardians', holds: { allOf: [claim('permit', { subject: 'them' }), claim('job', { subject: 'them' })] } },
    } as const;
    const plan = planOf(setOf(both), family);
    expect(plan.claims.map(({ type, subject }) => `${type} ${subject}`)).toEqual([
      'test.permit guardian',
      'test.job guardian',
      'test.permit guardian2',
      'test.job guardian2',
    ]);
    expect(evaluate(plan, [yes, no, no, yes]).verdict).toBe('not_met');
    expect(evaluate(plan, [yes, no, yes, yes]).verdict).toBe('met');
  });

  it('a family is the child, both guardians and the siblings named; grandparents are those named', () => {
    const plan = planOf(setOf(claim('none', { subject: 'family' })), [...family, 'sibling2', 'grandparent1']);
    expect(plan.claims.map(({ subject }) => subject)).toEqual(['child', 'guardian', 'guardian2', 'sibling2']);
    expect(verdict(claim('home', { subject: 'anyGrandparent' }), family)).toBe('not_met');
    expect(verdict(claim('home', { subject: 'anyGrandparent' }), [...family, 'grandparent3'], yes)).toBe('met');
  });

  it('whoever is not named is not claimed to satisfy a rule, and lets nobody in under a not', () => {
    expect(verdict(claim('book', { subject: 'grandparent1' }), family)).toBe('not_met');
    expect(verdict({ not: claim('book', { subject: 'grandparent1' }) }, family)).toBe('undetermined');
    expect(verdict(claim('book', { with: { head: 'grandparent1' } }), family)).toBe('not_met');
  });

  it('a person with a question mark is left out when nobody is named so', () => {
    const share = claim('home', { subject: 'guardian', with: { coOwner: 'guardian2?' } });
    expect(planOf(setOf(share), family).claims[0]?.with).toEqual({ coOwner: 'guardian2' });
    expect(planOf(setOf(share), ['child', 'guardian']).claims[0]?.with).toEqual({});
  });

  it('a claim that several categories share is asked once, and most sparingly', () => {
    const plan = planOf(aSet({ categories: categoriesOf(claim('one'), claim('one', { asking: 'least', title: text('again') })) }));
    expect(plan.claims).toMatchObject([{ type: 'test.one', asking: 'least' }]);
  });
});

describe('days', () => {
  const inputs: Inputs = {
    entryYear: 2026,
    applicationDate: '2026-06-15',
    childBirthDate: '2020-03-31',
    people: new Set(['child', 'guardian']),
  };
  const dates = { cutoff: { monthDay: '08-31' }, 'a-year-before': { of: 'cutoff', years: -1 } };
  const dayOf = (date: DateValue, over: Partial<Inputs> = {}) => {
    const set = setOf(claim('one', { parameters: { at: { date } } }), { dates });
    const plan = compileRequirementSet(set).plan({ ...inputs, ...over });
    return plan.claims[0]?.parameters.at ?? plan.categories[0]?.when;
  };

  it.each<[DateValue, string]>([
    ['2026-05-31', '2026-05-31'],
    ['cutoff', '2026-08-31'],
    ['a-year-before', '2025-08-31'],
    [{ of: 'cutoff', months: -6 }, '2026-02-28'],
    [{ of: 'cutoff', months: -6, days: 1 }, '2026-03-01'],
    [{ monthDay: '05-01', years: -1, endOfMonth: true }, '2025-05-31'],
    [{ monthDay: '02-29' }, '2026-02-28'],
    [{ input: 'applicationDate', months: -1, endOfMonth: true }, '2026-05-31'],
    [{ input: 'childBirthDate', months: 6 }, '2020-09-30'],
    [{ byEntryYear: { '2024': '2022-08-01', '2026': '2023-08-01' } }, '2023-08-01'],
  ])('%j is %s', (date, expected) => {
    expect(dayOf(date)).toBe(expected);
  });

  it('that need what the lookup does not state leave the rule open', () => {
    expect(dayOf({ input: 'childBirthDate' }, { childBirthDate: undefined })).toMatchObject({
      truth: 0,
      why: 'input_missing:childBirthDate',
    });
    expect(dayOf({ byEntryYear: { '2024': '2022-08-01' } })).toMatchObject({ truth: 0, why: 'input_missing:entryYear' });
  });

  it('are compared without asking anybody, bounds inclusive', () => {
    const born = (from: DateValue, to: DateValue): Condition => ({ dayBetween: { day: { input: 'childBirthDate' }, from, to } });
    const result = (when: Condition) => {
      const plan = compileRequirementSet(setOf(when, { dates })).plan(inputs);
      return evaluate(plan, []).verdict;
    };
    expect(result(born('2020-03-31', '2020-03-31'))).toBe('met');
    expect(result(born('2020-04-01', 'cutoff'))).toBe('not_met');
  });
});

describe('other values', () => {
  const bound = (condition: Condition, over: Partial<Inputs> = {}) =>
    compileRequirementSet(setOf(condition, { regions: { urban: ['370102', '370103'], county: ['370102'] } })).plan({
      entryYear: 2026,
      applicationDate: '2026-06-15',
      people: new Set(['child']),
      ...over,
    });

  it('name regions, the address, and keep ≥ and > apart', () => {
    const parameters = {
      all: { regions: 'urban' },
      one: { regions: 'county' },
      at: { input: 'addressCode' },
      from: { atLeast: 50 },
      over: { moreThan: 50 },
    } as const;
    expect(bound(claim('one', { parameters }), { addressCode: '370102001' }).claims[0]?.parameters).toEqual({
      all: ['370102', '370103'],
      one: '370102',
      at: '370102001',
      from: 50,
      over: 51,
    });
  });

  it('settle whether the address lies in a zone', () => {
    const zone: Condition = { addressWithin: ['370102001', '370102002'] };
    expect(evaluate(bound(zone, { addressCode: '370102002003' }), []).verdict).toBe('met');
    expect(evaluate(bound(zone, { addressCode: '370102003' }), [])).toMatchObject({
      verdict: 'not_met',
      categories: [{ reason: 'not_applicable' }],
    });
    expect(evaluate(bound(zone), [])).toMatchObject({ verdict: 'undetermined', open: { missing: ['input_missing:addressCode'] } });
  });

  it('bind some years of entry only', () => {
    const late: Condition = { forEntryYears: { years: [2027], holds: claim('one') } };
    expect(evaluate(bound(late), []).verdict).toBe('met');
    expect(evaluate(bound(late, { entryYear: 2027 }), [no]).verdict).toBe('not_met');
  });

  it('take a fact from who has seen it', () => {
    const set = setOf({ stated: 'seen' }, { facts: [{ id: 'seen', title: text('seen'), office: text('office') }] });
    const plan = (facts?: Record<string, boolean>) =>
      compileRequirementSet(set).plan({ entryYear: 2026, applicationDate: '2026-06-15', people: new Set(['child']), facts });
    expect(evaluate(plan(), [])).toMatchObject({
      verdict: 'undetermined',
      open: { facts: ['seen'] },
      categories: [{ reason: 'person_needed' }],
    });
    expect(evaluate(plan({ seen: true }), []).verdict).toBe('met');
    expect(evaluate(plan({ seen: false }), []).verdict).toBe('not_met');
  });
});
