import type { RequirementSet } from './requirement-set.js';

/**
 * A set with what it inherits: where it says nothing, its base's word holds. Of names (`dates`, `regions`, `conditions`) and of things with an id
 * (`facts`, `sources`, `ties`, `exceptions`, `locks`, `categories`) its own replace the base's of the same name, in the base's place; its others
 * follow. `requires` adds up. What says who the set is (id, region, title, abstract, predecessor, validity, ...) is never inherited.
 */
export function inherit(base: RequirementSet, own: RequirementSet): RequirementSet {
  return {
    ...pick(base, ['legalBasis', 'asking', 'decides', 'age', 'points']),
    ...own,
    sources: byId(base.sources, own.sources),
    facts: byId(base.facts, own.facts),
    categories: byId(base.categories, own.categories),
    ties: byId(base.ties, own.ties),
    exceptions: byId(base.exceptions, own.exceptions),
    locks: byId(base.locks, own.locks),
    requires: [...(base.requires ?? []), ...(own.requires ?? [])],
    dates: { ...base.dates, ...own.dates },
    regions: { ...base.regions, ...own.regions },
    conditions: { ...base.conditions, ...own.conditions },
  };
}

function byId<T extends { readonly id: string }>(base: readonly T[] = [], own: readonly T[] = []): readonly T[] {
  const replaced = base.map((item) => own.find(({ id }) => id === item.id) ?? item);
  const added = own.filter(({ id }) => !base.some((item) => item.id === id));
  return [...replaced, ...added];
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]]))) as Partial<Pick<T, K>>;
}
