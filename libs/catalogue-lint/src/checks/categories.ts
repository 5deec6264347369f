import { type Category, type Condition, partsOfAll, type RequirementSet } from '@vouch/rules';
import type { Check, Context } from '../context.js';
import { both, createFormulas, type Formula, not } from '../reason/formula.js';
import { isSatisfiable } from '../reason/satisfiable.js';
import { planConditions, planSet, type Scenario, scenariosOf } from '../reason/scenario.js';

/** Categories that nobody can be in, and such whose families are all in a higher one. */
export const checkCategories: Check = (context) => {
  for (const { set } of context.sets) {
    const scenarios = scenariosOf(set);
    const ask = (make: (formulas: readonly Formula[]) => Formula) => scenarios.every((scenario) => isNever(scenario, make, context));
    for (const [index, category] of (set.categories ?? []).entries()) {
      if (ask((all) => all[index] as Formula)) {
        tellImpossible(category, set, scenarios, context);
        continue;
      }
      const beside = (higher: readonly number[]) =>
        ask((all) => both(all[index] as Formula, ...higher.map((one) => not(all[one] as Formula))));
      const higher = [...Array(index).keys()];
      if (index === 0 || !beside(higher)) continue;
      const one = higher.find((at) => beside([at]));
      const names = (one === undefined ? higher : [one]).map((at) => set.categories?.[at]?.id).join(', ');
      context.tell(
        'category-pointless',
        category,
        undefined,
        `类别 ${category.id} 的家庭都已符合 ${names}`,
        `whoever is in the category ${category.id} is already in ${names}`,
      );
    }
  }
};

function isNever(scenario: Scenario, make: (formulas: readonly Formula[]) => Formula, { facts }: Context): boolean {
  const plan = planSet(scenario);
  const formulas = createFormulas(plan, facts, scenario.addresses);
  const all = plan.categories.map(({ when }) => formulas.of(when));
  return isSatisfiable(make(all), formulas.constraints()) === false;
}

function tellImpossible(category: Category, set: RequirementSet, scenarios: readonly Scenario[], context: Context): void {
  const parts = [...(set.requires ?? []), category.when].flatMap((part) => partsOfAll(part, set));
  const never = (...some: readonly Condition[]) =>
    scenarios.every((scenario) => {
      const { plan, terms } = planConditions(scenario, some);
      const formulas = createFormulas(plan, context.facts, scenario.addresses);
      const whole = both(...terms.map((term) => formulas.of(term)));
      return isSatisfiable(whole, formulas.constraints()) === false;
    });
  const culprits =
    parts.filter((part) => never(part)).slice(0, 1).length > 0
      ? parts.filter((part) => never(part)).slice(0, 1)
      : parts.flatMap((one, at) => parts.slice(at + 1).map((other) => [one, other])).find((pair) => never(...pair));
  const words = (culprits ?? []).map((part) => context.words(part, set));
  context.tell(
    'category-impossible',
    culprits?.at(-1) ?? category,
    undefined,
    words.length === 0
      ? `类别 ${category.id} 的条件相互矛盾`
      : `类别 ${category.id}：${words.map((text) => `“${text['zh-CN']}”`).join('与')}不能${words.length > 1 ? '同时' : ''}成立`,
    words.length === 0
      ? `the conditions of the category ${category.id} contradict each other`
      : `the category ${category.id}: ${words.map(({ en }) => `"${en}"`).join(' and ')} can never hold${words.length > 1 ? ' together' : ''}`,
  );
}
