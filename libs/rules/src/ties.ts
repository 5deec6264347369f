import type { Finding } from './finding.js';
import type { Plan, PlannedTie } from './plan.js';

/** A tie-breaker's key of a family: a day, a number, or undefined while it is not known. */
export type TieKey = string | number | undefined;

/** A family's keys, in the order of the plan's tie-breakers. Of several people the one that comes first counts. */
export function tieKeys({ ties }: Pick<Plan, 'ties'>, findings: readonly Finding[]): readonly TieKey[] {
  return ties.map((tie) => {
    const keys = tie.measures.flatMap(({ claim, disclosure }) => toKey(findings[claim]?.disclosures?.[disclosure]) ?? []);
    return keys.sort((a, b) => compareKeys(tie.first, a, b))[0];
  });
}

/**
 * Which of two families comes first by their keys: negative the one, positive the other, 0 when they stay equal. A key that is not known
 * comes last.
 */
export function compareTies(ties: readonly Pick<PlannedTie, 'first'>[], one: readonly TieKey[], other: readonly TieKey[]): number {
  for (const [index, { first }] of ties.entries()) {
    const order = compareKeys(first, one[index], other[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareKeys(first: PlannedTie['first'], one: TieKey, other: TieKey): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  const ascending = one < other ? -1 : 1;
  return first === 'earliest' || first === 'least' ? ascending : -ascending;
}

const toKey = (value: string | number | boolean | undefined): string | number | undefined =>
  typeof value === 'boolean' ? undefined : value;
