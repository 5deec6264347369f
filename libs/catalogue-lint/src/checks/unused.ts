import { type Condition, claimsOf, conditionsOf, type RequirementSet, walk } from '@vouch/rules';
import type { Check, Context } from '../context.js';

/** Claim types that no rule asks, names that nothing speaks of, parameters that conditions cannot be compared by. */
export const checkUnused: Check = (context) => {
  const { material, sets, tell } = context;
  const asked = new Set(sets.flatMap(({ set }) => [...claimsOf(set)].map(({ type }) => type)));
  if (sets.some(({ set }) => set.age)) asked.add('police.age-on');
  const newest = new Map(material.claimTypes.map((claimType) => [claimType.name, claimType]));
  for (const [name, claimType] of newest) {
    if (!asked.has(name)) tell('claim-unused', claimType, 'name', `没有规则用到 ${name}`, `no rule asks ${name}`);
    const ordered = material.relations.find(({ claim }) => claim === name)?.stronger ?? {};
    const missing = Object.keys((claimType.parametersSchema.properties ?? {}) as object).filter((parameter) => !(parameter in ordered));
    if (missing.length === 0) continue;
    const names = missing.join(', ');
    tell('relation-missing', claimType, 'name', `${name} 的参数 ${names} 没有强弱说明`, `${name}: nothing says which ${names} asks more`);
  }
  tellNames(context);
  tellProofs(context);
};

function tellNames({ sets, material, tell }: Context): void {
  for (const { own } of sets) {
    // A name may be used by whoever extends the set.
    const spoken = sets.filter(({ set, own: other }) => other === own || extendsIt(set, own, material.requirementSets));
    const words = new Set<string>();
    for (const { set } of spoken) gatherWords(set, words);
    for (const notice of material.notices) for (const { fact } of notice.now ?? []) if (fact) words.add(fact);
    const told = (holder: object, key: string | undefined, kind: string, name: string): void => {
      if (!words.has(name)) tell('name-unused', holder, key, `${name} 没有用到`, `the ${kind} ${name} is used nowhere`);
    };
    for (const name of Object.keys(own.dates ?? {})) told(own.dates as object, name, 'date', name);
    for (const name of Object.keys(own.regions ?? {})) told(own.regions as object, name, 'regions', name);
    for (const name of Object.keys(own.conditions ?? {})) told(own.conditions as object, name, 'condition', name);
    for (const fact of own.facts ?? []) told(fact, 'id', 'fact', fact.id);
  }
}

function extendsIt(set: RequirementSet, base: RequirementSet, all: readonly RequirementSet[]): boolean {
  for (let next = set.extends, steps = 0; next !== undefined && steps < all.length; steps += 1) {
    if (next === base.id) return true;
    next = all.find(({ id }) => id === next)?.extends;
  }
  return false;
}

/** Every text of a set that may name something: all values but ids, and what conditions use. */
function gatherWords(set: RequirementSet, words: Set<string>): void {
  const visit = (value: unknown): void => {
    if (typeof value === 'string') words.add(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, part] of Object.entries(value)) if (key !== 'id' && key !== 'title') visit(part);
    }
  };
  const { conditions, dates, ...rest } = set;
  visit(rest);
  // A named condition or date that only unused ones use is unused too: follow from what is used.
  const follow = (names: Readonly<Record<string, unknown>>): void => {
    for (let grown = true; grown; ) {
      const before = words.size;
      for (const [name, value] of Object.entries(names)) if (words.has(name)) visit(value);
      grown = words.size > before;
    }
  };
  follow(conditions ?? {});
  follow(dates ?? {});
}

function tellProofs({ material, tell }: Context): void {
  const named = new Set<string>();
  for (const { before, now } of material.notices) for (const { proof } of [...(before?.proofs ?? []), ...(now ?? [])]) named.add(proof);
  for (const { issuedOn = [], licence, coveredBy = [] } of material.proofs) {
    for (const name of [...issuedOn, ...coveredBy, ...(licence ? [licence] : [])]) named.add(name);
  }
  for (const proof of material.proofs) {
    // What has been done away with stands there to be known again.
    if (!named.has(proof.id) && !proof.withdrawn)
      tell('name-unused', proof, 'id', `${proof.id} 没有用到`, `the proof ${proof.id} is used nowhere`);
  }
}

/** Facts that conditions speak of. */
export const statedIn = (set: RequirementSet): ReadonlySet<string> =>
  new Set(
    [...conditionsOf(set)].flatMap((condition: Condition) =>
      [...walk(condition)].flatMap((part) => ('stated' in part ? [part.stated] : [])),
    ),
  );
