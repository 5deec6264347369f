import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, evaluate } from '../src/index.js';
import {
  allKnown,
  anyCondition,
  anyFinding,
  anyFindings,
  anySet,
  aSet,
  categoriesOf,
  claim,
  found,
  inPlan,
  isKnown,
  planOf,
  text,
} from './arbitrary.js';

const [yes, no, lost, unclear, down] = [found('confirmed'), found('refuted'), found('not_found'), found('ambiguous'), found('unavailable')];
const verdictOf = (when: Condition, ...findings: Parameters<typeof evaluate>[1]) =>
  evaluate(planOf(aSet({ categories: categoriesOf(when), facts: [{ id: 'seen', title: text('seen'), office: text('office') }] })), findings)
    .verdict;
const [one, two, three] = [claim('one'), claim('two'), claim('three')];

describe('a condition', () => {
  it.each([
    [{ allOf: [one, two] }, [yes, yes], 'met'],
    [{ allOf: [one, two] }, [lost, no], 'not_met'],
    [{ allOf: [one, two] }, [yes, unclear], 'undetermined'],
    [{ anyOf: [one, two] }, [no, yes], 'met'],
    [{ anyOf: [one, two] }, [no, no], 'not_met'],
    [{ ladder: [one, two] }, [no, down], 'undetermined'],
    [{ atLeast: { count: 2, of: [one, two, three] } }, [yes, lost, yes], 'met'],
    [{ atLeast: { count: 2, of: [one, two, three] } }, [yes, lost, no], 'undetermined'],
    [{ atLeast: { count: 2, of: [one, two, three] } }, [no, yes, no], 'not_met'],
    [{ not: one }, [no], 'met'],
    [{ not: one }, [yes], 'not_met'],
    [{ not: one }, [lost], 'undetermined'],
    [{ not: { anyOf: [one, two] } }, [no, unclear], 'undetermined'],
    [{ stated: 'seen' }, [], 'undetermined'],
    [{ not: { stated: 'seen' } }, [], 'undetermined'],
  ] as const)('%j over %j is %s', (when, findings, verdict) => {
    expect(verdictOf(when as Condition, ...findings)).toBe(verdict);
  });
});

describe('evaluate', () => {
  const plan = planOf(aSet({ categories: categoriesOf({ allOf: [one, two] }, { allOf: [one, three] }) }));

  it('tells the category reached from those still possible', () => {
    expect(evaluate(plan, [yes, down, yes])).toMatchObject({ verdict: 'met', reached: 1, possible: [0], open: { wait: [1], ask: [] } });
    expect(evaluate(plan, [yes, no, yes])).toMatchObject({ verdict: 'met', reached: 1, possible: [], open: { wait: [] } });
    expect(evaluate(plan, [yes, yes, down])).toMatchObject({ reached: 0, possible: [], open: { wait: [] } });
  });

  it('tells of each category which claims decided it, or leave it open', () => {
    expect(evaluate(plan, [yes, no, lost]).categories).toMatchObject([
      { id: 'a', result: 'not_met', reason: 'claim_refuted', claims: [1] },
      { id: 'b', result: 'undetermined', reason: 'claim_unknown', claims: [2] },
    ]);
  });

  it('keeps apart what is to be asked, what to be waited for, and what a person must look at', () => {
    const many = planOf(aSet({ categories: categoriesOf({ allOf: [one, two, three, claim('four'), { stated: 'seen' }] }) }));
    expect(evaluate(many, [undefined, down, lost, unclear]).open).toEqual({
      ask: [0],
      wait: [1],
      look: [2, 3],
      facts: ['seen'],
      missing: [],
    });
    expect(evaluate(many, [no, down, lost, unclear]).open).toEqual({ ask: [], wait: [], look: [], facts: [], missing: [] });
  });

  it('a set that only decides whether anybody gets in asks nothing about a higher category', () => {
    const loose = planOf(aSet({ decides: 'verdict', categories: categoriesOf(one, two) }));
    expect(evaluate(loose, [undefined, yes])).toMatchObject({ verdict: 'met', possible: [0], open: { ask: [] } });
  });
});

describe('what decided a category', () => {
  const decided = (when: Condition, ...findings: Parameters<typeof evaluate>[1]) => {
    const plan = planOf(aSet({ categories: categoriesOf(when) }));
    return evaluate(plan, findings).categories[0]?.claims.map((index) => plan.claims[index]?.type.slice('test.'.length));
  };

  it.each<[Condition, Parameters<typeof evaluate>[1], string[]]>([
    [{ allOf: [one, two, three] }, [yes, no, no], ['two', 'three']],
    [{ allOf: [one, two, three] }, [lost, yes, no], ['three']],
    [{ allOf: [one, two, three] }, [yes, lost, down], ['two', 'three']],
    [{ anyOf: [one, two, three] }, [no, yes, yes], ['two']],
    [{ anyOf: [one, two, three] }, [no, lost, no], ['two']],
    [{ anyOf: [one, { allOf: [two, three] }] }, [no, yes, no], ['one', 'three']],
    [{ atLeast: { count: 2, of: [one, two, three] } }, [no, lost, no], ['one', 'three']],
    [{ allOf: [{ not: { anyOf: [one, two] } }, three] }, [yes, no, yes], ['one']],
  ])('%j over %j: %j', (when, findings, expected) => {
    expect(decided(when, ...findings)).toEqual(expected);
  });

  it('suffices: without all else it is decided the same', () => {
    fc.assert(
      fc.property(anySet, anyFindings, (set, by) => {
        const plan = planOf({ ...set, points: { items: [] } });
        const findings = inPlan(plan, by);
        for (const [index, { claims, result }] of evaluate(plan, findings).categories.entries()) {
          if (result === 'undetermined') {
            for (const claimed of claims) expect(isKnown(findings[claimed])).toBe(false);
            continue;
          }
          const alone = findings.map((finding, at) => (claims.includes(at) ? finding : undefined));
          expect(evaluate(plan, alone).categories[index]?.result).toBe(result);
        }
      }),
    );
  });
});

describe('three-valued logic', () => {
  it('learning an unknown outcome never changes what was decided, and only narrows what is open', () => {
    fc.assert(
      fc.property(anySet, anyFindings, fc.infiniteStream(anyFinding), (set, by, learnt) => {
        const plan = planOf(set);
        const before = inPlan(plan, by);
        const after = before.map((finding) => (isKnown(finding) ? finding : learnt.next().value));
        const [first, then] = [evaluate(plan, before), evaluate(plan, after)];
        if (first.verdict !== 'undetermined') expect(then.verdict).toBe(first.verdict);
        for (const [index, { result }] of first.categories.entries()) {
          if (result !== 'undetermined') expect(then.categories[index]?.result).toBe(result);
        }
        expect(first.possible).toEqual(expect.arrayContaining([...then.possible]));
      }),
    );
  });

  it('what is decided is so under every way in which the unknown can turn out', () => {
    fc.assert(
      fc.property(anySet, anyFindings, allKnown, (set, by, truth) => {
        const plan = planOf(set);
        const now = inPlan(plan, by);
        const full = inPlan(plan, truth).map((finding, index) => (isKnown(now[index]) ? now[index] : finding));
        const decided = evaluate(plan, now);
        const outcome = evaluate(plan, full);
        if (decided.verdict !== 'undetermined') expect(outcome.verdict).toBe(decided.verdict);
        if (decided.possible.length === 0) expect(outcome.reached).toBe(decided.reached);
      }),
    );
  });

  it('not never lets anybody in on what is unknown', () => {
    const unknown = fc.constantFrom(lost, unclear, down, undefined);
    fc.assert(
      fc.property(anyCondition, fc.array(unknown, { minLength: 6, maxLength: 6 }), (condition, findings) => {
        const set = aSet({ categories: categoriesOf(condition, { not: condition }), points: { items: [] } });
        const results = evaluate(planOf(set), findings).categories.map(({ result }) => result);
        // Both of them undetermined, or each the contrary of the other whatever is learnt.
        if (results[0] === 'undetermined') expect(results[1]).toBe('undetermined');
        else expect(new Set(results)).toEqual(new Set(['met', 'not_met']));
      }),
    );
  });

  it('does not depend on the order inside a condition', () => {
    const turned = (condition: Condition): Condition => {
      if ('allOf' in condition) return { allOf: condition.allOf.toReversed().map(turned) };
      if ('anyOf' in condition) return { anyOf: condition.anyOf.toReversed().map(turned) };
      if ('not' in condition) return { not: turned(condition.not) };
      return condition;
    };
    fc.assert(
      fc.property(anySet, anyFindings, (set, by) => {
        const other = { ...set, categories: set.categories?.map((category) => ({ ...category, when: turned(category.when) })) };
        const [plan, otherPlan] = [planOf(set), planOf(other)];
        const results = evaluate(plan, inPlan(plan, by)).categories.map(({ result }) => result);
        expect(evaluate(otherPlan, inPlan(otherPlan, by)).categories.map(({ result }) => result)).toEqual(results);
      }),
    );
  });
});
