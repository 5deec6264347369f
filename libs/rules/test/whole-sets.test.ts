import { describe, expect, it } from 'vitest';
import { checkRequirementSet, compileRequirementSet, evaluate, inherit, notInForce, type RequirementSet } from '../src/index.js';
import { aSet, categoriesOf, claim, found, planOf, text } from './arbitrary.js';

const [yes, no] = [found('confirmed'), found('refuted')];
const verdicts = (set: RequirementSet, ...findings: Parameters<typeof evaluate>[1]) =>
  evaluate(planOf(set), findings).categories.map(({ result }) => result);

describe('what bears on a category', () => {
  it('is the age, and what all require', () => {
    const set = aSet({
      dates: { cutoff: { monthDay: '08-31' } },
      age: { years: 6, on: 'cutoff' },
      requires: [claim('child')],
      categories: categoriesOf(claim('home'), claim('lease')),
    });
    const plan = planOf(set);
    expect(plan.claims.map(({ type }) => type)).toEqual(['test.child', 'police.age-on', 'test.home', 'test.lease']);
    expect(plan.claims[1]).toMatchObject({ subject: 'child', parameters: { at: '2026-08-31', years: 6 } });
    expect(verdicts(set, yes, no, yes, yes)).toEqual(['not_met', 'not_met']);
    expect(verdicts(set, yes, yes, no, yes)).toEqual(['not_met', 'met']);
  });

  it('is an exception that admits, or waives', () => {
    const exception = { id: 'twins', title: text('twins'), when: claim('twin') };
    const categories = categoriesOf({ allOf: [claim('home'), claim('long', { id: 'long-enough' })] });
    expect(verdicts(aSet({ categories }), yes, no)).toEqual(['not_met']);
    expect(verdicts(aSet({ categories, exceptions: [{ ...exception, waives: ['long-enough'] }] }), yes, no, yes)).toEqual(['met']);
    expect(verdicts(aSet({ categories, exceptions: [{ ...exception, waives: ['long-enough'] }] }), no, no, yes)).toEqual(['not_met']);
    expect(verdicts(aSet({ categories, exceptions: [{ ...exception, admits: 'a' }] }), no, no, yes)).toEqual(['met']);
  });

  it('is a lock, save for whom it exempts', () => {
    const lock = {
      id: 'dwelling',
      title: text('five years'),
      per: 'dwelling',
      years: 5,
      when: claim('used'),
      exempt: claim('sibling'),
      bars: ['a'],
    } as const;
    const set = aSet({ categories: categoriesOf(claim('home'), claim('home')), locks: [lock] });
    expect(planOf(set).claims.map(({ type }) => type)).toEqual(['test.home', 'test.used', 'test.sibling']);
    expect(verdicts(set, yes, yes, no)).toEqual(['not_met', 'met']);
    expect(verdicts(set, yes, yes, yes)).toEqual(['met', 'met']);
    expect(verdicts(set, yes, no, no)).toEqual(['met', 'met']);
    expect(verdicts(set, yes, found('not_found'), no)).toEqual(['undetermined', 'met']);
  });
});

describe('a compiled set', () => {
  it('works the same family out once, and one with an address anew', () => {
    const compiled = compileRequirementSet(aSet({ categories: categoriesOf(claim('one')) }));
    const inputs = (applicationDate: string, addressCode?: string) => ({
      entryYear: 2026,
      applicationDate,
      addressCode,
      people: new Set(['child']),
    });
    expect(compiled.plan(inputs('2026-06-15'))).toBe(compiled.plan(inputs('2026-06-16')));
    const local = compileRequirementSet(aSet({ categories: categoriesOf({ addressWithin: ['370102'] }) }));
    expect(local.plan(inputs('2026-06-15', '370102')).categories).not.toEqual(local.plan(inputs('2026-06-15', '370103')).categories);
  });

  it('asks what is sensitive sparingly, unless the set says otherwise', () => {
    const sensitive = (type: string) => type === 'test.one';
    const asking = (set: RequirementSet) =>
      compileRequirementSet(set, { sensitive })
        .plan({ entryYear: 2026, applicationDate: '2026-06-15', people: new Set(['child']) })
        .claims.map((asked) => asked.asking);
    const categories = categoriesOf({ allOf: [claim('one'), claim('two')] });
    expect(asking(aSet({ categories }))).toEqual(['least', 'fastest']);
    expect(asking(aSet({ categories, asking: 'fastest' }))).toEqual(['fastest', 'fastest']);
  });
});

describe('inherit', () => {
  const base = aSet({
    id: '3701/primary/2026',
    region: '3701',
    dates: { cutoff: { monthDay: '08-31' }, notice: '2026-05-20' },
    asking: 'least',
    requires: [claim('child')],
    categories: categoriesOf(claim('home'), claim('lease')),
  });

  it('lets what a county says replace its city, in its place', () => {
    const own = aSet({
      dates: { notice: '2026-06-01' },
      categories: [
        { id: 'b', title: text('own'), when: claim('own') },
        { id: 'c', title: text('new'), when: claim('new') },
      ],
    });
    const whole = inherit(base, own);
    expect(whole).toMatchObject({
      id: '370102/primary/2026',
      region: '370102',
      asking: 'least',
      dates: { cutoff: { monthDay: '08-31' }, notice: '2026-06-01' },
    });
    expect(whole.categories?.map(({ id, title }) => `${id} ${title.en}`)).toEqual(['a a category', 'b own', 'c new']);
    expect(planOf(whole).claims.map(({ type }) => type)).toEqual(['test.child', 'test.home', 'test.own', 'test.new']);
  });
});

describe('notInForce', () => {
  const set = { id: '370102/primary/2026', validity: { from: '2026-06-09', until: '2026-06-29' } };

  it.each([
    [2026, '2026-06-08', 'not_yet'],
    [2026, '2026-06-09', undefined],
    [2026, '2026-06-29', undefined],
    [2026, '2026-06-30', 'no_longer'],
    [2027, '2026-06-15', 'other_entry_year'],
  ])('entry %i, applied %s: %s', (entryYear, applicationDate, why) => {
    expect(notInForce(set, { entryYear, applicationDate })).toBe(why);
  });
});

describe('checkRequirementSet', () => {
  const one = categoriesOf(claim('one'));
  const faultsOf = (over: Partial<RequirementSet>) => checkRequirementSet(aSet({ categories: one, ...over })).map((fault) => fault.text);

  it('finds nothing in what is whole', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each<[Partial<RequirementSet>, string]>([
    [{ categories: [] }, 'no category'],
    [{ categories: [...one, ...one] }, 'a is defined twice'],
    [{ categories: categoriesOf({ use: 'home' }) }, 'there is no condition home'],
    [{ conditions: { a: { use: 'b' }, b: { allOf: [{ use: 'a' }] } } }, 'the condition a uses itself'],
    [{ categories: categoriesOf({ stated: 'seen' }) }, 'there is no fact seen'],
    [{ categories: categoriesOf({ addressWithin: 'urban' }) }, 'there are no regions urban'],
    [{ categories: categoriesOf(claim('one', { parameters: { region: { regions: 'urban' } } })) }, 'there are no regions urban'],
    [{ categories: categoriesOf(claim('one', { parameters: { at: { date: 'cutoff' } } })) }, 'there is no date cutoff'],
    [
      { categories: categoriesOf(claim('one', { parameters: { at: { date: { monthDay: '08-31', of: 'x' } } } })) },
      'a date begins with one of',
    ],
    [{ dates: { a: 'b', b: { of: 'a' } } }, 'worked out from itself'],
    [{ dates: { a: { byEntryYear: { '2025': '2023-08-01' } } } }, 'no day for entry in 2026'],
    [{ categories: categoriesOf({ atLeast: { count: 2, of: [claim('one')] } }) }, '2 of 1 can never hold'],
    [{ categories: categoriesOf(claim('one', { subject: 'them' })) }, 'them means nobody'],
    [{ categories: categoriesOf({ use: 'job' }), conditions: { job: claim('one', { subject: 'them' }) } }, 'them means nobody'],
    [{ categories: categoriesOf({ enoughPoints: { atLeast: 10 } }) }, 'the set has no points'],
    [{ categories: categoriesOf({ ...claim('one'), source: 'nowhere' }) }, 'there is no source nowhere'],
    [{ exceptions: [{ id: 'x', title: text('x'), when: claim('x'), admits: 'z' }] }, 'there is no category z'],
    [{ exceptions: [{ id: 'x', title: text('x'), when: claim('x'), waives: ['z'] }] }, 'there is no condition z'],
    [{ exceptions: [{ id: 'x', title: text('x'), when: claim('x') }] }, 'x changes nothing'],
    [{ locks: [{ id: 'x', title: text('x'), per: 'dwelling', years: 5, when: claim('x'), bars: ['z'] }] }, 'there is no category z'],
    [{ points: { items: [{ id: 'x', title: text('x') }] } }, 'x must have fixed or measured'],
    [
      { points: { items: [{ id: 'x', title: text('x'), fixed: { when: { enoughPoints: { atLeast: 1 } }, points: 1 } }] } },
      'points cannot depend on points',
    ],
    [{ validity: { from: '2026-06-02', until: '2026-06-01' } }, 'until lies before from'],
    [{ predecessor: '370102/primary/2026' }, 'cannot follow itself'],
    [{ extends: '3702/primary/2026' }, 'not of a region around'],
    [{ extends: '3701/junior/2026' }, 'of another stage'],
  ])('%j', (over, expected) => {
    expect(faultsOf(over).join('\n')).toContain(expected);
  });

  it('lets a named condition speak of them inside some', () => {
    const some = { some: { of: 'guardians', holds: { use: 'job' } } } as const;
    expect(faultsOf({ categories: categoriesOf(some), conditions: { job: claim('one', { subject: 'them' }) } })).toEqual([]);
  });
});
