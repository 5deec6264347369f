import { expect, it } from 'vitest';
import { differences, type RequirementSet, type WordsOf } from '../src/index.js';
import { aSet, categoriesOf, claim, text } from './arbitrary.js';

const words: WordsOf = ({ type }) => ({
  title: text(type),
  office: text('office'),
  parameters: { atLeast: { 'zh-CN': '至少', en: 'at least' } },
});
const insured = (atLeast: number) => claim('insured', { subject: 'guardian', parameters: { atLeast } });
const before = aSet({
  dates: { cutoff: { monthDay: '08-31' } },
  categories: categoriesOf({ allOf: [claim('home'), insured(12)] }, claim('lease')),
});
const tell = (over: Partial<RequirementSet>) =>
  differences(before, { ...before, ...over }, words).map(({ code, at, text: said }) => [code, at, said.en]);

it('of a set and itself there are none, whatever its notes say', () => {
  expect(tell({})).toEqual([]);
  expect(tell({ categories: categoriesOf({ allOf: [claim('home'), insured(12)], title: text('renamed') }, claim('lease')) })).toEqual([]);
});

it.each<[Partial<RequirementSet>, [string, string, string][]]>([
  [
    { categories: categoriesOf({ allOf: [claim('home'), insured(6)] }, claim('lease')) },
    [['parameter_changed', 'a', 'a category: test.insured of the guardian, at least 12 → 6']],
  ],
  [
    { categories: categoriesOf({ allOf: [claim('home'), insured(12), claim('tax')] }, claim('lease')) },
    [['claim_added', 'a', 'a category: now also the child: test.tax']],
  ],
  [
    { categories: categoriesOf(claim('home'), claim('lease')) },
    [['claim_removed', 'a', 'a category: no longer the guardian: test.insured (at least 12)']],
  ],
  [
    { categories: categoriesOf({ anyOf: [claim('home'), insured(12)] }, claim('lease')) },
    [
      [
        'condition_changed',
        'a',
        'a category: (the child: test.home and the guardian: test.insured (at least 12)) → (the child: test.home or the guardian: test.insured (at least 12))',
      ],
    ],
  ],
  [{ categories: before.categories?.slice(0, 1) }, [['category_removed', 'b', 'no longer a category: a category']]],
  [
    { categories: before.categories?.toReversed() },
    [
      ['category_moved', 'b', 'another place in the order: a category'],
      ['category_moved', 'a', 'another place in the order: a category'],
    ],
  ],
  [{ dates: { cutoff: { monthDay: '05-31' } } }, [['date_changed', 'cutoff', 'the date cutoff: 08-31 → 05-31']]],
  [{ points: { items: [] } }, [['rule_changed', 'points', 'the points scheme changed']]],
])('%#', (over, expected) => {
  expect(tell(over)).toEqual(expected);
});

it('tells ≥ from >', () => {
  const share = (minimumShare: { atLeast: number } | { moreThan: number }) =>
    aSet({ categories: categoriesOf(claim('home', { parameters: { minimumShare } })) });
  expect(differences(share({ atLeast: 50 }), share({ moreThan: 50 }), words)[0]?.text.en).toContain('≥ 50 → > 50');
});
