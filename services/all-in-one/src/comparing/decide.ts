import type { Family } from '@vouch/population';
import {
  type CompiledSet,
  type Evaluation,
  evaluate,
  type Finding,
  type Inputs,
  nextClaims,
  type Plan,
  type PlannedClaim,
} from '@vouch/rules';
import type { Ask } from './ask-registries.js';

/** What an application states beside its people. */
export interface Application {
  readonly entryYear: number;
  /** Day of the application, `YYYY-MM-DD`. */
  readonly applicationDate: string;
  /** Facts that a person has seen, by id. */
  readonly facts: Readonly<Record<string, boolean>>;
}

/** A family as a set sees it. */
export interface Decided {
  readonly plan: Plan;
  readonly evaluation: Evaluation;
  /** Id of its category, or `not_met`, or `undetermined` when a person would have to look. */
  readonly place: string;
}

/** What a set is told of a family that applies. */
export const applicantOf = (family: Family, { facts, ...application }: Application): Inputs => ({
  ...application,
  childBirthDate: family.child.birthDate,
  people: new Set(family.people.map(({ key }) => key)),
  // A plan without facts is kept for the next family.
  ...(Object.keys(facts).length > 0 ? { facts } : {}),
});

/** Decides on a family by a set, asking in rounds what the set wants asked. */
export async function decide(set: CompiledSet, family: Family, ask: Ask, application: Application): Promise<Decided> {
  const plan = set.plan(applicantOf(family, application));
  const findings: Finding[] = plan.claims.map(() => undefined);
  for (let next = nextClaims(plan, findings); next.length > 0; next = nextClaims(plan, findings)) {
    for (const index of next) findings[index] = await ask(plan.claims[index] as PlannedClaim);
  }
  const evaluation = evaluate(plan, findings);
  return { plan, evaluation, place: placeOf(plan, evaluation) };
}

function placeOf(plan: Plan, { verdict, reached, possible }: Evaluation): string {
  if (verdict === 'not_met') return 'not_met';
  return reached === undefined || possible.length > 0 ? 'undetermined' : (plan.categories[reached]?.id ?? '');
}
