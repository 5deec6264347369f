import type { Keyring } from '@vouch/identity';
import { retryDelayMs } from '../domain/back-off.js';
import type { Claim, Finding } from '../domain/claim.js';
import type { Plan } from '../domain/plan.js';
import { assess } from '../domain/progress.js';
import { seal } from '../keeping/sealed.js';
import { toStoredClaim, type Verification } from '../keeping/verification.js';
import type { Person } from '../requests/people.js';

/** What the findings make of a verification; the rest of it stays as it is. */
export type Outcome = Pick<Verification, 'status' | 'verdict' | 'claims' | 'alternatives'> &
  Pick<Partial<Verification>, 'code' | 'sealed' | 'completedAt' | 'retryAt'>;

/** Why verifications are closed, beside the codes of a basis that refuses. */
export const CLOSING_CODES = {
  claims_unanswerable: 'A claim that matters will be answered by nobody',
  retry_limit_reached: 'It was retried for as long as the service is told to (72 hours)',
  consent_withdrawn: 'Its consent was withdrawn while it was pending',
  retention_over: 'Its time was over while it was pending',
} as const;

/** Code of a closed verification. */
export type ClosingCode = keyof typeof CLOSING_CODES;

const UNANSWERABLE: ClosingCode = 'claims_unanswerable';

/** Makes the state to commit out of what the agencies said. */
export function toOutcome(options: {
  readonly id: string;
  readonly keyring: Keyring;
  readonly plan: Pick<Plan, 'requirementSet' | 'alternatives'>;
  readonly claims: readonly Claim[];
  readonly findings: readonly Finding[];
  readonly people: Readonly<Record<string, Person>>;
  /** Retries made so far. */
  readonly attempts: number;
  readonly now: Date;
}): Outcome {
  const { id, keyring, plan, claims, findings, people, attempts, now } = options;
  const { status, verdict, retryable } = assess(plan, findings);
  const common = {
    status,
    verdict: verdict.result,
    alternatives: verdict.alternatives,
    claims: claims.map((claim, index) => toStoredClaim(claim, findings[index] as Finding)),
  };
  if (status !== 'pending') return { ...common, completedAt: now, ...(status === 'closed' ? { code: UNANSWERABLE } : {}) };
  const askedMs = Math.max(0, ...retryable.map((index) => findings[index]?.retryAfterMs ?? 0));
  return {
    ...common,
    sealed: seal(keyring, id, people, claims),
    retryAt: new Date(now.getTime() + retryDelayMs(attempts, askedMs, Math.random())),
  };
}
