import { type CompiledSet, entryYearsOf, nextClaims, type PlannedClaim } from '@vouch/rules';
import type { Ask } from './ask-registries.js';
import { type Application, applicantOf } from './decide.js';
import type { Resident } from './families-of-county.js';

/** What a way to ask cost, of all families together. */
export interface Questions {
  /** Claims asked. */
  asked: number;
  /** Of them, those whose facts are sensitive. */
  sensitive: number;
  rounds: number;
  /** Of one family. */
  mostRounds: number;
}

/** No family yet. */
export const noQuestions = (): Questions => ({ asked: 0, sensitive: 0, rounds: 0, mostRounds: 0 });

/** The day on which families apply to a set, by which it is counted; nobody has seen any facts. */
export function applicationTo({ set }: CompiledSet): Application {
  const [entryYear = 0] = entryYearsOf(set).toReversed();
  return { entryYear, applicationDate: set.validity?.until ?? `${entryYear}-08-31`, facts: {} };
}

/** Asks a family's claims as a set wants them asked, and adds up what it took. */
export async function countQuestions(
  set: CompiledSet,
  { family }: Resident,
  ask: Ask,
  options: { readonly isSensitive: (claimType: string) => boolean; readonly into: Questions },
): Promise<void> {
  const { isSensitive, into } = options;
  const plan = set.plan(applicantOf(family, applicationTo(set)));
  const findings: Awaited<ReturnType<Ask>>[] = plan.claims.map(() => undefined);
  let rounds = 0;
  for (let next = nextClaims(plan, findings); next.length > 0; next = nextClaims(plan, findings)) {
    rounds += 1;
    for (const index of next) {
      const claim = plan.claims[index] as PlannedClaim;
      findings[index] = await ask(claim);
      into.asked += 1;
      if (isSensitive(claim.type)) into.sensitive += 1;
    }
  }
  into.rounds += rounds;
  into.mostRounds = Math.max(into.mostRounds, rounds);
}
