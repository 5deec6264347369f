import type { ErrorCode } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import { retryDelayMs } from '../domain/back-off.js';
import type { Claim, Finding } from '../domain/claim.js';
import { type Assessed, assess } from '../domain/progress.js';
import { seal } from '../keeping/sealed.js';
import { toStoredClaim, type Verification } from '../keeping/verification.js';
import type { Person } from '../requests/people.js';

/** What the findings make of a verification; the rest of it stays as it is. */
export type Outcome = Pick<Verification, 'status' | 'verdict' | 'claims' | 'alternatives'> &
  Pick<Partial<Verification>, 'code' | 'sealed' | 'completedAt' | 'retryAt'>;

/** Why verifications are closed. */
export const CLOSING_CODES = {
  claims_unanswerable: 'A claim that matters will be answered by nobody',
  retry_time_over: 'The time for which it was to be retried is over',
  retries_full: 'Too many verifications are pending already, so it is not retried',
  consent_ended: 'Its consent ended while it was pending',
  consent_withdrawn: 'Its consent was withdrawn while it was pending',
  basis_ended: 'The catalogue took its statutory basis away while it was pending',
  retention_over: 'Its retention was over while it was pending',
} as const;

/** Code of a closed verification. */
export type ClosingCode = keyof typeof CLOSING_CODES;

const UNANSWERABLE: ClosingCode = 'claims_unanswerable';
const TIME_OVER: ClosingCode = 'retry_time_over';
const FULL: ClosingCode = 'retries_full';

/** Why a pending verification is closed whose basis refuses to be renewed. */
export function toClosingCode(refusal: ErrorCode, legalBasis: Verification['legalBasis']): ClosingCode {
  if (refusal === 'consent_withdrawn') return refusal;
  return legalBasis.type === 'consent' ? 'consent_ended' : 'basis_ended';
}

/** When agencies are asked again; never later than the end of the retrying, when the verification is closed. */
export function toRetryAt(options: {
  /** Retries made so far. */
  readonly attempts: number;
  /** Longest wait that an agency asked for, milliseconds. */
  readonly askedMs: number;
  readonly giveUpAt: Date;
  readonly now: Date;
}): Date {
  const { attempts, askedMs, giveUpAt, now } = options;
  return new Date(Math.min(now.getTime() + retryDelayMs(attempts, askedMs, Math.random()), giveUpAt.getTime()));
}

/** Makes the state to commit out of what the agencies said. */
export function toOutcome(options: {
  readonly id: string;
  readonly keyring: Keyring;
  readonly plan: Assessed;
  readonly claims: readonly Claim[];
  readonly findings: readonly Finding[];
  readonly people: Readonly<Record<string, Person>>;
  /** Retries made so far. */
  readonly attempts: number;
  /** Nobody is asked again from then on. */
  readonly giveUpAt: Date;
  /** Whether it may be kept pending. */
  readonly room: boolean;
  readonly now: Date;
}): Outcome {
  const { id, keyring, plan, claims, findings, people, attempts, giveUpAt, room, now } = options;
  const { status, verdict, retryable } = assess(plan, findings);
  const common = {
    status,
    verdict: verdict.result,
    alternatives: verdict.alternatives,
    claims: claims.map((claim, index) => toStoredClaim(claim, findings[index] as Finding)),
  };
  if (status !== 'pending') return { ...common, completedAt: now, ...(status === 'closed' ? { code: UNANSWERABLE } : {}) };
  if (giveUpAt <= now || !room) return { ...common, status: 'closed', completedAt: now, code: giveUpAt <= now ? TIME_OVER : FULL };
  const askedMs = Math.max(0, ...retryable.map((index) => findings[index]?.retryAfterMs ?? 0));
  return {
    ...common,
    sealed: seal(keyring, id, people, claims),
    retryAt: toRetryAt({ attempts, askedMs, giveUpAt, now }),
  };
}
