import { type Condition, compileRequirementSet, inherit, type RequirementSet as Rules } from '@vouch/rules';
import type { ReadSet } from './check-requirement-sets.js';
import type { Source } from './source.js';
import type { ClaimTemplate, RequirementSet } from './types.js';

/** The sets that could be read, each with what it inherits: a county from its city, that from the province. */
export function readRequirementSets(sources: readonly Source<Rules>[]): ReadSet[] {
  const byId = new Map(sources.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])));
  const whole = (set: Rules, below: ReadonlySet<string>): Rules => {
    const base = set.extends === undefined || below.has(set.extends) ? undefined : byId.get(set.extends);
    return base ? inherit(whole(base, new Set([...below, base.id])), set) : set;
  };
  return sources.flatMap((source) =>
    source.data ? [{ source, own: source.data, whole: whole(source.data, new Set([source.data.id])) }] : [],
  );
}

/** A set ready to be asked. */
export function toRequirementSet(rules: Rules, sensitive: (claimType: string) => boolean): RequirementSet {
  const { id, title, region, purpose, whatIfOnly = false } = rules;
  const always = [...(rules.requires ?? [])].flatMap((condition) => neededBy(condition, rules));
  const alternatives = (rules.categories ?? []).map((category) => ({
    id: category.id,
    title: category.title,
    allOf: [...always, ...neededBy(category.when, rules)],
  }));
  return { id, title, region, purpose, whatIfOnly, alternatives, rules, compiled: compileRequirementSet(rules, { sensitive }) };
}

/** The claims that a condition needs whatever else it lets choose from. */
function neededBy(condition: Condition, rules: Rules): ClaimTemplate[] {
  if ('type' in condition) {
    const { type, version, subject, with: involved, parameters = {} } = condition;
    return [{ type, version, subject, ...(involved ? { with: involved } : {}), parameters }];
  }
  if ('allOf' in condition) return condition.allOf.flatMap((part) => neededBy(part, rules));
  const used = 'use' in condition ? rules.conditions?.[condition.use] : undefined;
  return used ? neededBy(used, rules) : [];
}
