import type { EvaluatedCategory, PlannedClaim } from '@vouch/rules';
import { keyOf } from './ask-registries.js';
import type { Decided } from './decide.js';

/** A rule by which a family moves: the one that keeps it out of a category, or leaves it open, by the set that is stricter on it. */
export interface Cause {
  readonly set: 'before' | 'after';
  /** Id of the category. */
  readonly category: string;
  /** The other set has no such category. */
  readonly only?: true;
  /** Claim type, and its parameters by this set. */
  readonly type?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Parameters that differ, first before, then after; empty when both ask the same in another connection. Absent: only this set asks it. */
  readonly changed?: Readonly<Record<string, readonly [before: unknown, after: unknown]>>;
  /** Id of a fact that a person must see. */
  readonly fact?: string;
}

/** What makes the sets decide otherwise on a family. Undefined: every category comes out the same, so their order has changed. */
export function causeOf(before: Decided, after: Decided): Cause | undefined {
  const all = [before.place, after.place, ...idsOf(after), ...idsOf(before)];
  for (const category of new Set(all)) {
    const [was, is] = [categoryOf(before, category), categoryOf(after, category)];
    if (was?.result === is?.result) continue;
    if (!was) return { set: 'after', category, only: true };
    if (!is) return { set: 'before', category, only: true };
    return STRICTNESS[is.result] > STRICTNESS[was.result] ? ruleIn(is, 'after', after, before) : ruleIn(was, 'before', before, after);
  }
  return undefined;
}

const STRICTNESS = { met: 0, undetermined: 1, not_met: 2 } as const;

const idsOf = ({ evaluation }: Decided): string[] => evaluation.categories.map(({ id }) => id);
const categoryOf = ({ evaluation }: Decided, category: string) => evaluation.categories.find(({ id }) => id === category);

function ruleIn({ id, claims, facts }: EvaluatedCategory, set: Cause['set'], one: Decided, other: Decided): Cause {
  const known = new Set(other.plan.claims.map(keyOf));
  const deciding = claims.map((index) => one.plan.claims[index] as PlannedClaim);
  // What the other set asks just so hardly made the difference.
  const claim = deciding.find((candidate) => !known.has(keyOf(candidate))) ?? deciding[0];
  if (!claim) return { set, category: id, ...(facts[0] === undefined ? {} : { fact: facts[0] }) };
  const { type, parameters } = claim;
  const changed = changedIn(claim, set, other);
  return { set, category: id, type, parameters, ...(changed ? { changed } : {}) };
}

/** Parameters that differ from the likest claim of the same type in the other set; undefined when it has none. */
function changedIn({ type, subject, parameters }: PlannedClaim, set: Cause['set'], other: Decided): Cause['changed'] {
  const differing = (candidate: PlannedClaim): string[] =>
    [...new Set([...Object.keys(parameters), ...Object.keys(candidate.parameters)])].filter(
      (name) => JSON.stringify(parameters[name]) !== JSON.stringify(candidate.parameters[name]),
    );
  const [likest] = other.plan.claims
    .filter((candidate) => candidate.type === type && candidate.subject === subject)
    .sort((a, b) => differing(a).length - differing(b).length);
  if (!likest) return undefined;
  const named = differing(likest).map((name): [string, [unknown, unknown]] => {
    const [own, others] = [parameters[name] ?? null, likest.parameters[name] ?? null];
    return [name, set === 'after' ? [others, own] : [own, others]];
  });
  return Object.fromEntries(named);
}
