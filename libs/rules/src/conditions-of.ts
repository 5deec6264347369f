import type { ClaimCondition, Condition } from './condition.js';
import { isClaim, walk } from './kinds.js';
import type { Measure, RequirementSet } from './requirement-set.js';

/** Every condition at the top of something in a set: its categories, named conditions, exceptions and so on. */
export function* conditionsOf(set: RequirementSet): Generator<Condition> {
  yield* set.requires ?? [];
  for (const { when } of set.categories ?? []) yield when;
  yield* Object.values(set.conditions ?? {});
  for (const { fixed } of set.points?.items ?? []) if (fixed) yield fixed.when;
  yield* set.points?.vetoes ?? [];
  for (const { when } of set.exceptions ?? []) yield when;
  for (const { when, exempt } of set.locks ?? []) yield* exempt ? [when, exempt] : [when];
}

/** What a set's points and ties count. */
export function* measuresOf(set: RequirementSet): Generator<Measure> {
  for (const { measured } of set.points?.items ?? []) if (measured) yield measured.measure;
  for (const { measure } of set.ties ?? []) yield measure;
}

/** Every question of a set, as it is written. */
export function* claimsOf(set: RequirementSet): Generator<ClaimCondition> {
  for (const condition of conditionsOf(set)) for (const part of walk(condition)) if (isClaim(part)) yield part;
  for (const { claim } of measuresOf(set)) yield claim;
}
