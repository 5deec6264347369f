import { describe, expect, it } from 'vitest';
import { compileRequirementSet, explain, type Finding, type RequirementSet, type WordsOf } from '../src/index.js';
import { aSet, categoriesOf, claim, found, text } from './arbitrary.js';

const TITLES: Record<string, readonly [string, string, string, string]> = {
  'test.insured': ['养老保险', 'pension insurance', '社保经办机构', 'the social security office'],
  'test.home': ['自有住房', 'own home', '不动产登记中心', 'the housing register'],
};
const words: WordsOf = ({ type }) => {
  const [chinese, english, office, officeEnglish] = TITLES[type] ?? [type, type, type, type];
  return { title: { 'zh-CN': chinese, en: english }, office: { 'zh-CN': office, en: officeEnglish } };
};
const insured = claim('insured', { subject: 'guardian', parameters: { atLeast: 6, endingAt: { date: { input: 'applicationDate' } } } });
const untilAugust = claim('insured', { subject: 'guardian', parameters: { atLeast: 6, endingAt: { date: { monthDay: '08-31' } } } });
const home = claim('home', { subject: 'guardian' });

const explained = (set: RequirementSet, findings: Finding[], people = ['child', 'guardian']) =>
  explain(compileRequirementSet(set).plan({ entryYear: 2026, applicationDate: '2026-08-15', people: new Set(people) }), findings, {
    words,
    facts: set.facts,
  });
const short = found('refuted', { months: 5, shortBy: 1, earliestIfUnchanged: '2026-09-01' });

describe('explain', () => {
  const set = aSet({ categories: categoriesOf({ allOf: [home, insured] }) });

  it('tells by how much a count is short, and from when it is not', () => {
    const { categories, assumption } = explained(set, [found('confirmed'), short]);
    expect(categories[0]).toMatchObject({ result: 'not_met', from: '2026-09-01' });
    expect(categories[0]?.lines).toMatchObject([
      {
        code: 'short',
        claim: 1,
        have: 5,
        need: 6,
        shortBy: 1,
        from: '2026-09-01',
        text: {
          'zh-CN': '养老保险 5 个月，还差 1 个月；2026-09 起满足',
          en: 'pension insurance: 5 months, 1 month short; met from 2026-09',
        },
      },
      { code: 'as_wanted', claim: 0 },
    ]);
    expect(categories[0]?.text.en).toBe('a category: not met. pension insurance: 5 months, 1 month short; met from 2026-09');
    expect(assumption?.['zh-CN']).toContain('现状保持不变');
  });

  it('does not promise what comes after the day up to which the rule counts', () => {
    const [category] = explained(aSet({ categories: categoriesOf(untilAugust) }), [short]).categories;
    expect(category).toMatchObject({ from: undefined, lines: [{ tooLate: true, by: '2026-08-31' }] });
    expect(category?.lines[0]?.text['zh-CN']).toBe('养老保险 5 个月，还差 1 个月；截至 2026-08-31 无法满足');
    const inTime = found('refuted', { months: 5, shortBy: 1, earliestIfUnchanged: '2026-08-31' });
    expect(explained(aSet({ categories: categoriesOf(untilAugust) }), [inTime]).categories[0]).toMatchObject({ from: '2026-08-31' });
  });

  it('a category is met from when the last of all is, or the first of any', () => {
    const two = [short, found('refuted', { earliestIfUnchanged: '2026-11-15' })];
    const from = (condition: object) => explained(aSet({ categories: categoriesOf(condition as never) }), two).categories[0]?.from;
    const moving = claim('lease', { parameters: { coversDate: { date: { input: 'applicationDate' } } } });
    expect(from({ allOf: [insured, moving] })).toBe('2026-11-15');
    expect(from({ anyOf: [insured, moving] })).toBe('2026-09-01');
    expect(from({ not: insured })).toBeUndefined();
  });

  it('a category that waiting does not mend has no day', () => {
    expect(explained(set, [found('refuted'), short]).categories[0]).toMatchObject({ from: undefined });
  });

  it('says what a day takes for granted also where it stands inside of alternatives', () => {
    const alternatives = aSet({ categories: categoriesOf({ anyOf: [{ allOf: [insured, claim('job')] }, home] }) });
    const { categories, assumption } = explained(alternatives, [short, undefined, found('refuted')]);
    expect(categories[0]).toMatchObject({ result: 'not_met', from: undefined });
    expect(assumption?.en).toContain('things go on as they are');
  });

  it('says whom to see about what cannot be found, or is ambiguous', () => {
    const lines = explained(set, [found('ambiguous'), found('not_found')]).categories[0]?.lines;
    expect(lines).toMatchObject([
      {
        code: 'ambiguous',
        office: { 'zh-CN': '不动产登记中心' },
        text: { 'zh-CN': '自有住房 记录不能确定是否为本人（如同名），请到不动产登记中心当面核实' },
      },
      { code: 'not_found', text: { en: 'pension insurance: not on record: please ask at the social security office' } },
    ]);
  });

  it('says what a person must see, and who is not named', () => {
    const facts = [{ id: 'seen', title: { 'zh-CN': '入住', en: 'moved in' }, office: { 'zh-CN': '学校', en: 'the school' } }];
    const open = aSet({ facts, categories: categoriesOf({ allOf: [{ stated: 'seen' }, claim('home', { subject: 'bothGuardians' })] }) });
    expect(explained(open, [found('confirmed')]).categories[0]?.lines.map(({ code, text: said }) => [code, said['zh-CN']])).toEqual([
      ['person_needed', '入住：须由学校当面核实'],
      ['person_missing', '申请中没有另一监护人'],
      ['as_wanted', '自有住房 符合'],
    ]);
  });

  it('tells alternatives together, or the one that is as wanted', () => {
    const either = aSet({ categories: categoriesOf({ anyOf: [insured, { allOf: [home, claim('x')] }] }) });
    const line = (...findings: Finding[]) => explained(either, findings).categories[0]?.lines[0];
    expect(line(short, found('confirmed'), found('refuted'))).toMatchObject({
      code: 'one_of',
      parts: [{ code: 'short' }, { code: 'all_of' }],
    });
    expect(line(short, found('confirmed'), found('confirmed'))).toMatchObject({ code: 'as_wanted' });
  });

  it('tells what must not hold', () => {
    const none = aSet({ categories: categoriesOf({ not: { anyOf: [home, claim('x')] } }) });
    const lines = (...findings: Finding[]) => explained(none, findings).categories[0]?.lines.map(({ code }) => code);
    expect(lines(found('confirmed'), found('refuted'))).toEqual(['must_not_hold', 'as_wanted']);
    expect(lines(found('refuted'), found('not_found'))).toEqual(['not_found', 'as_wanted']);
  });

  it('tells people apart when the same is asked of several', () => {
    const any = aSet({ categories: categoriesOf(claim('home', { subject: 'anyGuardian' })) });
    const { categories } = explained(any, [found('refuted'), found('refuted')], ['child', 'guardian', 'guardian2']);
    expect(categories[0]?.lines[0]?.text.en).toBe(
      'one of these (the guardian: own home: is not so; or the other guardian: own home: is not so)',
    );
  });

  it('sums up: reached, still possible, not asked', () => {
    const two = aSet({ categories: [...categoriesOf(home), { id: 'lease', title: { 'zh-CN': '租房', en: 'lease' }, when: insured }] });
    expect(explained(two, [found('confirmed')])).toMatchObject({ text: { en: 'Met: a category.' }, notAsked: [1] });
    expect(explained(two, [found('unavailable'), found('confirmed')]).text.en).toBe(
      'Met: lease; of those before it these may still be met: a category.',
    );
    expect(explained(two, [found('refuted'), found('refuted')]).text).toMatchObject({ 'zh-CN': '各类别均不符合。' });
  });
});

describe('languages', () => {
  it('both are always there', () => {
    const set = aSet({
      facts: [{ id: 'f', title: text('f'), office: text('o') }],
      categories: categoriesOf({ atLeast: { count: 2, of: [home, insured, { stated: 'f' }, { enoughPoints: { atLeast: 3 } }] } }),
      points: { items: [] },
    });
    const said = JSON.stringify(explained(set, [found('refuted'), short]));
    expect(said).toContain('须符合其中 2 项');
    expect(said).toContain('2 of these');
    expect(said).not.toContain('undefined');
  });
});
