import type { ClaimCondition, Condition, ConditionKind } from './condition.js';
import type { RequirementSet } from './requirement-set.js';

const KINDS = [
  'allOf',
  'anyOf',
  'ladder',
  'atLeast',
  'not',
  'some',
  'every',
  'use',
  'stated',
  'addressWithin',
  'dayBetween',
  'forEntryYears',
  'enoughPoints',
] as const satisfies readonly ConditionKind[];

/** Which kind of condition it is, by the word that it has. */
export function kindOf(condition: Condition): ConditionKind {
  return KINDS.find((kind) => kind in condition) ?? 'claim';
}

/** Whether it is a question to an agency. */
export const isClaim = (condition: Condition): condition is ClaimCondition => kindOf(condition) === 'claim';

/** The conditions directly inside one. */
export function partsOf(condition: Condition): readonly Condition[] {
  if ('allOf' in condition) return condition.allOf;
  if ('anyOf' in condition) return condition.anyOf;
  if ('ladder' in condition) return condition.ladder;
  if ('atLeast' in condition) return condition.atLeast.of;
  if ('not' in condition) return [condition.not];
  if ('some' in condition) return [condition.some.holds];
  if ('every' in condition) return [condition.every.holds];
  if ('forEntryYears' in condition) return [condition.forEntryYears.holds];
  return [];
}

/** A condition and all that is inside it, `use` not followed. */
export function* walk(condition: Condition): Generator<Condition> {
  yield condition;
  for (const part of partsOf(condition)) yield* walk(part);
}

/** Conditions of a set that must all hold when one does: all-of and named conditions taken apart. */
export function partsOfAll(
  condition: Condition,
  set: Pick<RequirementSet, 'conditions'>,
  above: readonly string[] = [],
): readonly Condition[] {
  if ('allOf' in condition) return condition.allOf.flatMap((part) => partsOfAll(part, set, above));
  const used = 'use' in condition && !above.includes(condition.use) ? set.conditions?.[condition.use] : undefined;
  if (!used || !('use' in condition)) return [condition];
  const parts = partsOfAll(used, set, [...above, condition.use]);
  // Where one condition stands for it the name is what people know it by.
  return parts.length === 1 ? [condition] : parts;
}
