import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Finding, nextClaims, type Plan } from '../src/index.js';
import { allKnown, anySet, aSet, categoriesOf, claim, found, inPlan, planOf, text } from './arbitrary.js';

const [yes, no] = [found('confirmed'), found('refuted')];
const [one, two, three] = [claim('one'), claim('two'), claim('three')];

/** Asks in rounds until nothing more is to be asked; what each round asked, and the findings in the end. */
function askInRounds(plan: Plan, answers: readonly Finding[]): { rounds: (readonly number[])[]; findings: Finding[] } {
  const findings: Finding[] = plan.claims.map(() => undefined);
  const rounds: (readonly number[])[] = [];
  for (;;) {
    const asked = nextClaims(plan, findings);
    if (asked.length === 0) return { rounds, findings };
    rounds.push(asked);
    for (const index of asked) findings[index] = answers[index];
    if (rounds.length > plan.claims.length) throw new Error('it never ends');
  }
}

describe('nextClaims', () => {
  const categories = categoriesOf({ allOf: [one, two] }, { allOf: [one, three] });

  it('fastest asks all that matter at once', () => {
    expect(askInRounds(planOf(aSet({ categories })), [yes, no, yes]).rounds).toEqual([[0, 1, 2]]);
  });

  it('least asks one at a time, and stops when it is decided', () => {
    const plan = planOf(aSet({ asking: 'least', categories }));
    expect(askInRounds(plan, [no, yes, yes]).rounds).toEqual([[0]]);
    expect(askInRounds(plan, [yes, yes, yes]).rounds).toEqual([[0], [1]]);
    expect(askInRounds(plan, [yes, no, yes]).rounds).toEqual([[0], [1], [2]]);
  });

  it('asks what is sensitive only when the rest leaves it open', () => {
    const sensitive = [claim('one', { asking: 'least' }), two, three] as const;
    const plan = planOf(aSet({ categories: categoriesOf({ allOf: [sensitive[0], two] }, three) }));
    expect(askInRounds(plan, [yes, no, yes]).rounds).toEqual([[1, 2]]);
    expect(askInRounds(plan, [yes, yes, yes]).rounds).toEqual([[1, 2], [0]]);
  });

  it('goes down a ladder', () => {
    const plan = planOf(aSet({ asking: 'least', categories: categoriesOf({ ladder: [one, two, three] }) }));
    expect(askInRounds(plan, [no, yes, yes]).rounds).toEqual([[0], [1]]);
  });

  it('asks what only ranks those who are let in together, and of alternatives in it the first', () => {
    const measured = (type: string) => ({
      id: type,
      title: text(type),
      measured: { measure: { claim: claim(type), disclosure: 'months' }, perMonth: 1 },
    });
    const fixed = { id: 'y', title: text('y'), fixed: { when: { anyOf: [claim('six'), claim('seven')] }, points: 1 } };
    const points = { items: [measured('four'), measured('five'), fixed] };
    const plan = planOf(aSet({ asking: 'least', categories: categoriesOf(one), points }));
    const { rounds } = askInRounds(
      plan,
      plan.claims.map(({ type }) => (type === 'test.six' ? no : yes)),
    );
    expect(rounds.map((round) => round.map((index) => plan.claims[index]?.type))).toEqual([
      ['test.one'],
      ['test.four', 'test.five', 'test.six'],
      ['test.seven'],
    ]);
    expect(
      askInRounds(
        plan,
        plan.claims.map(() => no),
      ).rounds,
    ).toEqual([[0]]);
  });

  it('reads points inside a rule while the rule is read', () => {
    const points = { items: [{ id: 'x', title: text('x'), fixed: { when: claim('four'), points: 1 } }] };
    const when = { anyOf: [{ allOf: [one, { allOf: [two, { enoughPoints: { atLeast: 99 } }] }] }, three] };
    const plan = planOf(aSet({ asking: 'least', categories: categoriesOf(when), points }));
    expect(nextClaims(plan, [yes, yes, undefined, yes])).toEqual([2]);
  });

  it('least comes to the same as fastest, and asks no more, whatever is true', () => {
    fc.assert(
      fc.property(anySet, allKnown, (set, truth) => {
        const least = planOf({ ...set, asking: 'least' });
        const fastest = planOf({ ...set, asking: 'fastest' });
        const [slow, fast] = [askInRounds(least, inPlan(least, truth)), askInRounds(fastest, inPlan(fastest, truth))];
        const [mine, theirs] = [evaluate(least, slow.findings), evaluate(fastest, fast.findings)];
        expect(mine.verdict).toBe(theirs.verdict);
        if (set.decides === 'category') expect(mine.reached).toBe(theirs.reached);
        expect(slow.rounds.flat().length).toBeLessThanOrEqual(fast.rounds.flat().length);
      }),
    );
  });

  it('comes to the same as knowing everything', () => {
    fc.assert(
      fc.property(anySet, allKnown, (set, truth) => {
        const plan = planOf(set);
        const all = evaluate(plan, inPlan(plan, truth));
        const asked = evaluate(plan, askInRounds(plan, inPlan(plan, truth)).findings);
        expect(asked.verdict).toBe(all.verdict);
        if (set.decides === 'category') expect(asked.reached).toBe(all.reached);
      }),
    );
  });

  it('never asks for what is answered, nor when everything is decided', () => {
    fc.assert(
      fc.property(anySet, allKnown, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (set, truth, asked) => {
        const plan = planOf({ ...set, points: { items: [] } });
        const findings = inPlan(plan, truth).map((finding, index) => (asked[index] ? finding : undefined));
        const next = nextClaims(plan, findings);
        for (const index of next) expect(findings[index]).toBeUndefined();
        const { verdict, possible } = evaluate(plan, findings);
        if (verdict !== 'undetermined' && (possible.length === 0 || set.decides === 'verdict')) expect(next).toEqual([]);
      }),
    );
  });

  it('of rules that name each claim once, every question can still change the outcome', () => {
    const names = ['one', 'two', 'three', 'four', 'five', 'six'];
    const shapes = fc.array(fc.constantFrom('allOf', 'anyOf', 'ladder'), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(shapes, allKnown, (shape, truth) => {
        const [outer, left, right] = shape as [string, string, string];
        const half = (from: number) => names.slice(from, from + 3).map((name) => claim(name));
        const when = { [outer]: [{ [left]: half(0) }, { not: { [right]: half(3) } }] } as never;
        const plan = planOf(aSet({ asking: 'least', categories: categoriesOf(when) }));
        const answers = inPlan(plan, truth);
        const findings: Finding[] = plan.claims.map(() => undefined);
        for (let next = nextClaims(plan, findings); next.length > 0; next = nextClaims(plan, findings)) {
          const [index = -1] = next;
          expect(canChange(plan, findings, index)).toBe(true);
          findings[index] = answers[index];
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Whether, for some way in which the other claims turn out, this one decides. */
function canChange(plan: Plan, findings: readonly Finding[], index: number): boolean {
  const others = plan.claims.flatMap((_, at) => (findings[at] === undefined && at !== index ? [at] : []));
  for (let bits = 0; bits < 2 ** others.length; bits += 1) {
    const full = findings.slice();
    for (const [place, at] of others.entries()) full[at] = (bits >> place) & 1 ? yes : no;
    const verdicts = [yes, no].map((finding) => evaluate(plan, full.with(index, finding)).verdict);
    if (verdicts[0] !== verdicts[1]) return true;
  }
  return false;
}
