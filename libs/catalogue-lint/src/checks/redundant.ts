import { type Condition, conditionsOf, partsOfAll, type RequirementSet, walk } from '@vouch/rules';
import type { Check, Context } from '../context.js';
import { both, createFormulas, not } from '../reason/formula.js';
import { isSatisfiable } from '../reason/satisfiable.js';
import { planConditions, type Scenario, scenariosOf } from '../reason/scenario.js';

/** Conditions that say nothing beside others: twice the same, one implied by another, an alternative that asks more than another. */
export const checkRedundant: Check = (context) => {
  for (const { set } of context.sets) {
    const scenarios = scenariosOf(set);
    for (const parts of allGroups(set)) tellRedundant(parts, set, scenarios, context);
    for (const parts of anyGroups(set)) tellPointless(parts, set, scenarios, context);
  }
};

function tellRedundant(parts: readonly Condition[], set: RequirementSet, scenarios: readonly Scenario[], context: Context): void {
  const said = new Set<number>();
  for (const [stronger, weaker, alsoBack] of impliedPairs(parts, scenarios, context)) {
    const at = alsoBack ? Math.max(stronger, weaker) : weaker;
    const [one, other] = [parts[at] as Condition, parts[at === weaker ? stronger : weaker] as Condition];
    if (said.has(at)) continue;
    said.add(at);
    const [a, b] = [context.words(one, set), context.words(other, set)];
    if (alsoBack) context.tell('claim-repeated', one, undefined, `“${a['zh-CN']}”已要求过`, `"${a.en}" is required already`);
    else
      context.tell('claim-implied', one, undefined, `“${b['zh-CN']}”已包含“${a['zh-CN']}”`, `"${a.en}" is implied by "${b.en}" beside it`);
  }
}

function tellPointless(parts: readonly Condition[], set: RequirementSet, scenarios: readonly Scenario[], context: Context): void {
  const said = new Set<number>();
  for (const [stronger, weaker, alsoBack] of impliedPairs(parts, scenarios, context)) {
    const at = alsoBack ? Math.max(stronger, weaker) : stronger;
    if (said.has(at)) continue;
    said.add(at);
    const [a, b] = [
      context.words(parts[at] as Condition, set),
      context.words(parts[at === stronger ? weaker : stronger] as Condition, set),
    ];
    context.tell(
      alsoBack ? 'claim-repeated' : 'alternative-pointless',
      parts[at] as Condition,
      undefined,
      `符合“${a['zh-CN']}”的都已符合“${b['zh-CN']}”`,
      `whoever satisfies "${a.en}" satisfies "${b.en}" too`,
    );
  }
}

/** Pairs of which the first one's holding says that the second holds, in every scenario; and whether it is so the other way round. */
function impliedPairs(
  parts: readonly Condition[],
  scenarios: readonly Scenario[],
  { facts }: Context,
): (readonly [stronger: number, weaker: number, alsoBack: boolean])[] {
  let pairs: string[] | undefined;
  for (const scenario of scenarios) {
    const { plan, terms } = planConditions(scenario, parts);
    const formulas = createFormulas(plan, facts, scenario.addresses);
    const all = terms.map((term) => formulas.of(term));
    const constraints = formulas.constraints();
    const holds = (formula: Parameters<typeof isSatisfiable>[0]) => isSatisfiable(formula, constraints);
    // What always holds, or never does, is not redundant because of something beside it.
    const free = all.map((formula) => holds(formula) === true && holds(not(formula)) === true);
    const found = all.flatMap((one, i) =>
      all.flatMap((other, j) => (i !== j && free[i] && free[j] && holds(both(one, not(other))) === false ? [`${i} ${j}`] : [])),
    );
    pairs = pairs ? pairs.filter((pair) => found.includes(pair)) : found;
  }
  const known = pairs ?? [];
  return known.flatMap((pair) => {
    const [i, j] = pair.split(' ').map(Number) as [number, number];
    const back = known.includes(`${j} ${i}`);
    return back && i > j ? [] : [[i, j, back] as const];
  });
}

/** Conditions that stand together, all of them required. */
function allGroups(set: RequirementSet): readonly (readonly Condition[])[] {
  const groups = (set.categories ?? []).map(({ when }) => [...(set.requires ?? []), when].flatMap((part) => partsOfAll(part, set)));
  for (const condition of conditionsOf(set)) {
    for (const part of walk(condition)) if ('allOf' in part) groups.push([...partsOfAll(part, set)]);
  }
  return groups.filter(({ length }) => length > 1);
}

/** Conditions of which one is enough. */
function anyGroups(set: RequirementSet): readonly (readonly Condition[])[] {
  return [...conditionsOf(set)].flatMap((condition) =>
    [...walk(condition)].flatMap((part) => ('anyOf' in part ? [part.anyOf] : 'ladder' in part ? [part.ladder] : [])),
  );
}
