import { type BindOptions, bind } from './bind.js';
import type { Condition } from './condition.js';
import type { Plan } from './plan.js';
import type { Category, RequirementSet } from './requirement-set.js';
import type { Inputs } from './values.js';

/** A requirement set that is ready to be asked for families. */
export interface CompiledSet {
  readonly set: RequirementSet;
  /** Inputs beside dates and people that its rules depend on; of others nothing need be known. */
  readonly dependsOn: { readonly addressCode: boolean; readonly childBirthDate: boolean };
  /** What to ask for a family, and how to read the answers. */
  plan(inputs: Inputs): Plan;
}

/** How sets are compiled. */
export interface CompileOptions {
  /** Whether a claim type's facts are sensitive: then they are asked last and one by one, unless the set says otherwise. None unless said. */
  readonly sensitive?: ((claimType: string) => boolean) | undefined;
}

const MOST_PLANS = 256;

/**
 * Makes a requirement set ready, once: exceptions, locks, age and what all require become part of its categories' conditions. The set must be
 * without faults (`checkRequirementSet`), and with what it inherits (`inherit`).
 */
export function compileRequirementSet(set: RequirementSet, options: CompileOptions = {}): CompiledSet {
  const categories = (set.categories ?? []).map((category) => ({ ...category, when: whole(category, set) }));
  const ready: BindOptions = { set, categories, waivers: waiversOf(set), sensitive: options.sensitive ?? (() => false) };
  // An address and a birth date are a family's own: a plan that depends on them is not kept.
  const text = JSON.stringify([set, categories]);
  const dependsOn = {
    addressCode: text.includes('"addressCode"') || text.includes('"addressWithin"'),
    childBirthDate: text.includes('"childBirthDate"'),
  };
  const personal = dependsOn.addressCode || dependsOn.childBirthDate;
  const dated = text.includes('"applicationDate"');
  const kept = new Map<string, Plan>();

  return {
    set,
    dependsOn,
    plan(inputs) {
      if (personal || inputs.facts) return bind(ready, inputs);
      const key = `${inputs.entryYear} ${dated ? inputs.applicationDate : ''} ${[...inputs.people].sort().join(' ')}`;
      const known = kept.get(key);
      if (known) return known;
      const plan = bind(ready, inputs);
      if (kept.size >= MOST_PLANS) kept.clear();
      kept.set(key, plan);
      return plan;
    },
  };
}

/** A category's condition with everything that bears on it. */
function whole(category: Category, set: RequirementSet): Condition {
  const admitted = (set.exceptions ?? []).filter(({ admits }) => admits === category.id).map(({ when }) => when);
  const own: Condition = admitted.length === 0 ? category.when : { anyOf: [category.when, ...admitted] };
  const all: Condition[] = [...(set.requires ?? []), ...ageOf(set), own];
  for (const lock of set.locks ?? []) {
    if (lock.bars && !lock.bars.includes(category.id)) continue;
    const free: Condition = { not: lock.when };
    all.push(lock.exempt ? { anyOf: [free, lock.exempt] } : free);
  }
  return all.length === 1 ? (all[0] as Condition) : { allOf: all };
}

function ageOf({ age }: RequirementSet): Condition[] {
  if (!age) return [];
  const { years, on, ...notes } = age;
  return [{ ...notes, type: 'police.age-on', version: 1, subject: 'child', parameters: { at: { date: on }, years } }];
}

/** Conditions that waive others, by the id of what they waive. */
function waiversOf(set: RequirementSet): ReadonlyMap<string, readonly Condition[]> {
  const waivers = new Map<string, Condition[]>();
  for (const { when, waives } of set.exceptions ?? []) {
    for (const id of waives ?? []) waivers.set(id, [...(waivers.get(id) ?? []), when]);
  }
  return waivers;
}
