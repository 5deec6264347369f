import { nextClaims } from '@vouch/rules';
import { type Claim, type Finding, NOT_NEEDED, unavailable } from './claim.js';
import { type Plan, toRules } from './plan.js';

/** What is asked: claims, and the rules that say which of them still matter. */
export type Askable = Pick<Plan, 'requirementSet' | 'alternatives' | 'further'> & { readonly claims: readonly Pick<Claim, 'asking'>[] };

/** How it is asked. */
export interface Asking {
  /** Asks these claims at once; a finding for each. `last`: whatever they say, there is nothing left to be asked after them. */
  ask(indexes: readonly number[], last: boolean): Promise<readonly Finding[]>;
  /** Whether there is time for another round. */
  isTime(): boolean;
}

/** Reasons of claims that were not asked, though the requirement set has them. */
export const ROUNDS = {
  not_asked_yet: { retryable: true, meaning: 'The time was over before its round; it is asked if it still matters by then' },
} as const;

const NOT_ASKED_YET: Finding = unavailable('not_asked_yet', ROUNDS.not_asked_yet.retryable);

/** Whether a finding is of a claim that waits for its round. */
export const isNotAskedYet = ({ outcome, reason }: Finding): boolean =>
  outcome === 'unavailable' && reason === ('not_asked_yet' satisfies keyof typeof ROUNDS);

/**
 * Asks what still matters, round by round, until nothing does; undefined in `known`: not asked. Of explicit claims all matter, at once. What
 * then was not asked is not needed, or had no time: then it is `unavailable`, and may be asked later.
 */
export async function askInRounds(plan: Askable, known: readonly (Finding | undefined)[], { ask, isTime }: Asking): Promise<Finding[]> {
  const findings = [...known];
  const next = nextOf(plan);
  let first = true;
  for (let round = next(findings); round.length > 0; round = next(findings)) {
    const last = round.length === findings.filter((finding) => !finding).length;
    const found = first || isTime() ? await ask(round, last) : round.map(() => NOT_ASKED_YET);
    for (const [place, index] of round.entries()) findings[index] = found[place] ?? NOT_ASKED_YET;
    first = false;
  }
  return findings.map((finding) => finding ?? NOT_NEEDED);
}

type Next = (findings: readonly (Finding | undefined)[]) => readonly number[];

function nextOf(plan: Askable): Next {
  if (plan.requirementSet === undefined) return (findings) => findings.flatMap((finding, index) => (finding ? [] : [index]));
  const rules = { ...toRules(plan), claims: plan.claims.map(({ asking }) => ({ asking: asking ?? ('fastest' as const) })) };
  return (findings) => nextClaims(rules, findings);
}
