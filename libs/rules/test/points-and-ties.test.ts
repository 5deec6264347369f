import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareTies,
  countPoints,
  createReader,
  evaluate,
  type Finding,
  type PointsItem,
  type RequirementSet,
  type TieKey,
  tieKeys,
} from '../src/index.js';
import { anyFinding, aSet, categoriesOf, claim, found, planOf, text } from './arbitrary.js';

const months = (count: number) => found('confirmed', { months: count });
const permit: PointsItem = {
  id: 'permit',
  title: text('permit'),
  measured: {
    measure: { claim: claim('permit', { subject: 'anyGuardian' }), disclosure: 'months' },
    perMonth: 1,
    mostMonths: 72,
    over: 'sum',
  },
};
const withItems = (items: PointsItem[], over: Partial<RequirementSet> = {}) =>
  aSet({ categories: categoriesOf({ allOf: [] }), points: { items }, ...over });
const total = (set: RequirementSet, ...findings: Finding[]) => {
  const plan = planOf(set, ['child', 'guardian', 'guardian2']);
  return countPoints(plan, findings, createReader(findings).truth, evaluate(plan, findings).reached).total;
};
const exactly = (points: number) => ({ least: points, most: points });

describe('points', () => {
  it('of both parents are added, each up to its cap', () => {
    expect(total(withItems([permit]), months(30), months(80))).toEqual(exactly(102));
    expect(total(withItems([permit]), found('refuted'), months(71))).toEqual(exactly(71));
  });

  it('of one parent are those of the one who has most', () => {
    const most: PointsItem = { ...permit, measured: permit.measured && { ...permit.measured, over: 'most' } };
    expect(total(withItems([most]), months(30), months(80))).toEqual(exactly(72));
  });

  it('begin after some months, at a rate without rounding errors', () => {
    const insurance: PointsItem = {
      ...permit,
      measured: { measure: { claim: claim('insured'), disclosure: 'months' }, perMonth: 0.05, after: 12 },
      mostPoints: 10,
    };
    expect(total(withItems([insurance]), months(12))).toEqual(exactly(0));
    expect(total(withItems([insurance]), months(13))).toEqual(exactly(0.05));
    expect(total(withItems([insurance]), months(15))).toEqual(exactly(0.15));
    expect(total(withItems([insurance]), months(500))).toEqual(exactly(10));
  });

  it('rise in steps, at full months up to a day', () => {
    const steps = [
      { from: 0, points: 34 },
      { from: 12, points: 36 },
      { from: 24, points: 38 },
      { from: 36, points: 40 },
    ];
    const home: PointsItem = {
      ...permit,
      measured: { measure: { claim: claim('home'), disclosure: 'since', until: { monthDay: '08-31' } }, steps },
    };
    const since = (day: string) => found('confirmed', { since: day });
    expect(total(withItems([home]), since('2023-08-31'))).toEqual(exactly(40));
    expect(total(withItems([home]), since('2023-09-01'))).toEqual(exactly(38));
    expect(total(withItems([home]), since('2026-08-30'))).toEqual(exactly(34));
  });

  it('have the base of the category reached', () => {
    const set = withItems([permit], {
      categories: categoriesOf(claim('home'), { allOf: [] }).map((category, index) => ({ ...category, basePoints: 100 - index * 40 })),
    });
    expect(total(set, found('refuted'), months(1), months(0))).toEqual(exactly(61));
    expect(total(set, found('confirmed'), months(1), months(0))).toEqual(exactly(101));
  });

  it('are all lost by a veto', () => {
    const set = withItems([permit], { points: { items: [permit], vetoes: [claim('forged')] } });
    expect(total(set, months(1), months(1), found('refuted'))).toEqual(exactly(2));
    expect(total(set, months(1), months(1), found('confirmed'))).toEqual(exactly(0));
    expect(total(set, months(1), months(1), found('ambiguous'))).toEqual({ least: 0, most: 2 });
  });

  it('are a range while something is unknown, which only narrows', () => {
    fc.assert(
      fc.property(anyFinding, anyFinding, fc.nat(100), fc.nat(100), (one, two, first, second) => {
        const set = withItems([permit, { id: 'job', title: text('job'), fixed: { when: claim('job'), points: 5 } }]);
        const before = total(set, one, two, undefined);
        const after = total(
          set,
          one?.outcome === 'confirmed' ? one : months(first),
          two?.outcome === 'confirmed' ? two : months(second),
          found('confirmed'),
        );
        const learnt = [one, two].every((finding) => finding?.outcome !== 'refuted');
        if (!learnt) return;
        expect(after.least).toBeGreaterThanOrEqual(before.least);
        expect(after.most).toBeLessThanOrEqual(before.most);
        expect(after.least).toBe(after.most);
      }),
    );
  });

  it('may be a condition, of some items, with ≥ and > apart', () => {
    const enough = (threshold: object) =>
      withItems([permit], { categories: categoriesOf({ enoughPoints: { of: ['permit'], ...threshold } }) });
    const verdict = (set: RequirementSet, ...findings: Finding[]) => evaluate(planOf(set), findings).verdict;
    expect(verdict(enough({ atLeast: 10 }), months(10))).toBe('met');
    expect(verdict(enough({ moreThan: 10 }), months(10))).toBe('not_met');
    expect(verdict(enough({ moreThan: 10 }), months(11))).toBe('met');
    expect(verdict(enough({ atLeast: 73 }), undefined)).toBe('not_met');
    expect(verdict(enough({ atLeast: 72 }), undefined)).toBe('undetermined');
  });
});

describe('ties', () => {
  const plan = planOf(
    aSet({
      categories: categoriesOf({ allOf: [] }),
      ties: [
        { id: 'hukou', title: text('hukou'), measure: { claim: claim('hukou'), disclosure: 'since' }, first: 'earliest' },
        {
          id: 'months',
          title: text('months'),
          measure: { claim: claim('insured', { subject: 'anyGuardian' }), disclosure: 'months' },
          first: 'most',
        },
      ],
    }),
    ['child', 'guardian', 'guardian2'],
  );
  const keys = (since: string | undefined, ...insured: number[]) =>
    tieKeys(plan, [since ? found('confirmed', { since }) : undefined, ...insured.map((count) => months(count))]);

  it('order to the day, then by the next key, of the better parent', () => {
    expect(keys('2020-05-01', 3, 9)).toEqual(['2020-05-01', 9]);
    const order = (a: readonly TieKey[], b: readonly TieKey[]) => Math.sign(compareTies(plan.ties, a, b));
    expect(order(keys('2020-05-01', 0), keys('2020-05-02', 90))).toBe(-1);
    expect(order(keys('2020-05-01', 3, 9), keys('2020-05-01', 8, 8))).toBe(-1);
    expect(order(keys('2020-05-01', 9), keys('2020-05-01', 9))).toBe(0);
    expect(order(keys(undefined, 9), keys('2026-05-01', 9))).toBe(1);
  });

  it('are asked for only of those who may get in', () => {
    const closed = planOf(
      aSet({
        categories: categoriesOf(claim('home')),
        ties: [{ id: 'x', title: text('x'), measure: { claim: claim('hukou'), disclosure: 'since' }, first: 'earliest' }],
      }),
    );
    expect(evaluate(closed, [found('refuted')]).open.ask).toEqual([]);
    expect(evaluate(closed, [found('confirmed')]).open.ask).toEqual([1]);
  });
});
