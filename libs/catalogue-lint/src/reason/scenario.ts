import {
  type Category,
  type Condition,
  compileRequirementSet,
  entryYearsOf,
  type Inputs,
  isClaim,
  type Plan,
  type PlannedClaim,
  type RequirementSet,
  type Term,
} from '@vouch/rules';

/** Everybody whom a rule may speak of; `them` stands for one of several where a condition is looked at by itself. */
const PEOPLE = new Set(['child', 'guardian', 'guardian2', 'grandparent1', 'grandparent2', 'sibling1', 'them']);
const CODE_DIGITS = 12;

/** A set, worked out for one year of entry and one day of application. What depends on the family's address stays open. */
export interface Scenario {
  readonly inputs: Inputs;
  readonly set: RequirementSet;
  /** Regions by the fact that stands for "the address lies in them". */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
}

/** The scenarios of a set: its years of entry, at the beginning and the end of its validity. */
export function scenariosOf(set: RequirementSet): Scenario[] {
  const addresses = new Map<string, readonly string[]>();
  const open = openSet(set, addresses);
  return entryYearsOf(set).flatMap((entryYear) => {
    const { from, until } = set.validity ?? {};
    const days = from || until ? [from ?? until, until ?? from] : [`${entryYear}-06-15`];
    return [...new Set(days)].map((applicationDate) => ({
      set: open,
      addresses,
      inputs: {
        entryYear,
        applicationDate: applicationDate as string,
        addressCode: set.region.padEnd(CODE_DIGITS, '0'),
        childBirthDate: `${entryYear - 6}-03-01`,
        people: PEOPLE,
      },
    }));
  });
}

/** The whole set's plan. */
export const planSet = ({ set, inputs }: Scenario): Plan => compileRequirementSet(set).plan(inputs);

/** Conditions by themselves, in one plan: the term of each. What the set requires of every category is left out. */
export function planConditions(
  scenario: Scenario,
  conditions: readonly Condition[],
): { readonly plan: Plan; readonly claims: readonly PlannedClaim[]; readonly terms: readonly Term[] } {
  const { set, addresses, inputs } = scenario;
  const known = new Map(addresses);
  const categories = conditions.map(
    (condition, index): Category => ({
      id: String(index),
      title: { 'zh-CN': String(index), en: String(index) },
      when: openCondition(condition, set, known),
    }),
  );
  const exceptions = (set.exceptions ?? []).map((exception) => ({ ...exception, admits: undefined, places: undefined }));
  const alone = { ...set, requires: undefined, age: undefined, locks: undefined, ties: undefined, exceptions, categories };
  const plan = compileRequirementSet(alone).plan(inputs);
  return { plan, claims: plan.claims, terms: plan.categories.map(({ when }) => when) };
}

// A family's address and the day that it applies are not known: conditions on them become facts that may hold or not.
function openSet(set: RequirementSet, addresses: Map<string, readonly string[]>): RequirementSet {
  const open = (condition: Condition): Condition => openCondition(condition, set, addresses);
  const opened = <T extends { readonly when: Condition }>(rule: T): T => ({ ...rule, when: open(rule.when) });
  return {
    ...set,
    requires: set.requires?.map(open),
    categories: set.categories?.map(opened),
    conditions: Object.fromEntries(Object.entries(set.conditions ?? {}).map(([name, condition]) => [name, open(condition)])),
    exceptions: set.exceptions?.map(opened),
    locks: set.locks?.map((lock) => ({ ...opened(lock), exempt: lock.exempt && open(lock.exempt) })),
    points: set.points && {
      ...set.points,
      vetoes: set.points.vetoes?.map(open),
      items: set.points.items.map((item) => ({ ...item, fixed: item.fixed && opened(item.fixed) })),
    },
  };
}

function openCondition(condition: Condition, set: RequirementSet, addresses: Map<string, readonly string[]>): Condition {
  const open = (part: Condition): Condition => openCondition(part, set, addresses);
  const { id } = condition;
  if (isClaim(condition)) return condition;
  if ('allOf' in condition) return { ...condition, allOf: condition.allOf.map(open) };
  if ('anyOf' in condition) return { ...condition, anyOf: condition.anyOf.map(open) };
  if ('ladder' in condition) return { ...condition, ladder: condition.ladder.map(open) };
  if ('atLeast' in condition) return { ...condition, atLeast: { ...condition.atLeast, of: condition.atLeast.of.map(open) } };
  if ('not' in condition) return { ...condition, not: open(condition.not) };
  if ('some' in condition) return { ...condition, some: { ...condition.some, holds: open(condition.some.holds) } };
  if ('every' in condition) return { ...condition, every: { ...condition.every, holds: open(condition.every.holds) } };
  if ('forEntryYears' in condition)
    return { ...condition, forEntryYears: { ...condition.forEntryYears, holds: open(condition.forEntryYears.holds) } };
  if ('addressWithin' in condition) {
    const { addressWithin } = condition;
    const regions = typeof addressWithin === 'string' ? (set.regions?.[addressWithin] ?? []) : addressWithin;
    const stated = `address in ${regions.join(' ')}`;
    addresses.set(stated, regions);
    return { id, stated };
  }
  if ('dayBetween' in condition) return { id, stated: `day ${JSON.stringify(condition.dayBetween)}` };
  return condition;
}
