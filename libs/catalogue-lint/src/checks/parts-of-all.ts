import type { Condition, RequirementSet } from '@vouch/rules';

/** Conditions that must all hold when one does: all-of and named conditions taken apart. */
export function partsOfAll(condition: Condition, set: RequirementSet, above: readonly string[] = []): readonly Condition[] {
  if ('allOf' in condition) return condition.allOf.flatMap((part) => partsOfAll(part, set, above));
  const used = 'use' in condition && !above.includes(condition.use) ? set.conditions?.[condition.use] : undefined;
  if (!used || !('use' in condition)) return [condition];
  const parts = partsOfAll(used, set, [...above, condition.use]);
  // Where one condition stands for it the name is what people know it by.
  return parts.length === 1 ? [condition] : parts;
}
