import type { Catalogues } from '@vouch/catalogue-versions';
import type { Keyring } from '@vouch/identity';
import type { TraceContext } from '@vouch/telemetry';
import { isOutage } from '../domain/back-off.js';
import type { Claim, Finding } from '../domain/claim.js';
import { assess } from '../domain/progress.js';
import { askInRounds, isNotAskedYet } from '../domain/rounds.js';
import { type Committer, mayAnswer } from '../keeping/commit.js';
import { type PutOff, putOff } from '../keeping/due.js';
import { unseal, unsealIfReadable } from '../keeping/sealed.js';
import type { LookupStore } from '../keeping/store.js';
import type { StoredClaim, Verification } from '../keeping/verification.js';
import { type AuditAction, toAuditedPersons, toEvents } from '../keeping/verification-events.js';
import type { AgencyHealth } from './agency-health.js';
import { type ClosingCode, toClosingCode, toOutcome, toRetryAt } from './answering.js';
import { type Basis, type Lease, LONGEST_LEASE_MS } from './basis.js';
import type { FanOut } from './fan-out.js';

/** What one retry needs. */
export interface RetryParts {
  readonly store: LookupStore;
  readonly keyring: Keyring;
  readonly basis: Basis;
  readonly fanOut: FanOut;
  readonly committer: Committer;
  readonly agencies: AgencyHealth;
  readonly catalogues: Catalogues;
}

/** A pending verification that this process has taken. */
export interface TakenRetry {
  readonly verification: Verification;
  readonly trace: TraceContext;
  readonly stopping: AbortSignal;
}

const TIME_OVER: ClosingCode = 'retry_time_over';
/** Longest wait for each of those that a retry asks, milliseconds. */
const ASK_MS = 5_000;
// What was taken up so often gives an agency that is slow what time the lease has, but for the commit.
const PATIENT_FROM_ATTEMPT = 4;
const PATIENT_MARGIN_MS = 1_500;
const MARGIN_MS = 500;
// What failed while its agency came back is asked again within this, and not all at once.
const SOON_MS = 1_000;

type Opened = NonNullable<ReturnType<typeof unseal>>;

/**
 * Asks once more what a pending verification waits for, if its time is not over, its basis still holds and an agency can be asked;
 * commits what came of it. Returns that in a word.
 */
export async function retry(parts: RetryParts, taken: TakenRetry): Promise<string> {
  const { verification, trace, stopping } = taken;
  if (giveUpAtOf(verification) <= new Date()) return close(parts, taken, unsealIfReadable(parts.keyring, verification), TIME_OVER);
  const opened = unseal(parts.keyring, verification);
  if (!opened) throw new Error('a pending verification has nothing sealed');
  const deadline = new Date(Date.now() + ASK_MS);
  const result = await parts.basis.renew(verification.id, LONGEST_LEASE_MS, { signal: stopping, deadline, trace });
  if (result.kind === 'refusal') return close(parts, taken, opened, toClosingCode(result.code, verification.legalBasis));
  // Only now: a consent service that does not answer keeps nobody else from the agency's trial.
  const release = parts.agencies.admit(awaitedOf(verification));
  if (!release && !isOutage(verification.attempts)) {
    await putOffAfter(parts, [verification], { askedAt: Date.now(), askedMs: 0, away: true, stopping });
    return 'agency_down';
  }
  try {
    return await askAgain(parts, taken, opened, result.lease);
  } finally {
    release?.();
  }
}

/**
 * Whether there is nothing to be done about it yet: all that it waits for are down, or tried by another. In a long outage the basis is still
 * looked at now and then, as `mayLook` says, so that what nobody may ask any more is closed.
 */
export const mustWait = (mayAdmit: ReturnType<AgencyHealth['mayAdmit']>, mayLook: () => boolean, verification: Verification): boolean =>
  giveUpAtOf(verification) > new Date() && !mayAdmit(awaitedOf(verification)) && !(isOutage(verification.attempts) && mayLook());

/** Whether an agency that it waits for has come back since then, epoch milliseconds. */
const cameBack = ({ agencies }: Pick<RetryParts, 'agencies'>, verification: Verification, since: number): boolean =>
  awaitedOf(verification).some((agency) => agencies.backAt(agency) >= since);

/** Until when it is put off, and whether with those whose agencies are away. What an agency came back for meanwhile, or what a stopping process leaves, is asked again soon. */
function toPutOff(parts: RetryParts, verification: Verification, { stopping, askedMs, askedAt, away }: InVain): PutOff {
  const now = new Date();
  const giveUpAt = giveUpAtOf(verification);
  const missed = stopping.aborted || cameBack(parts, verification, askedAt);
  const soon = new Date(now.getTime() + Math.random() * SOON_MS);
  const later = toRetryAt({ attempts: verification.attempts, askedMs, giveUpAt, now });
  // Never in the past, however often what is to be closed cannot be: others wait too.
  const isSoon = missed || later < soon;
  // What is to be closed then is not kept waiting behind the others.
  return { ...verification, until: isSoon ? soon : later, away: away && !isSoon && later < giveUpAt };
}

/** What came of asking that ended nothing. */
export interface InVain {
  /** When it began, epoch milliseconds. */
  readonly askedAt: number;
  /** Longest wait that an agency asked for, milliseconds; 0 if none did. */
  readonly askedMs: number;
  /** All agencies that they wait for are away. */
  readonly away: boolean;
  readonly stopping: AbortSignal;
}

/** Puts off what was asked in vain, all at once. */
export async function putOffAfter(parts: RetryParts, verifications: readonly Verification[], inVain: InVain): Promise<void> {
  const put = (some: readonly Verification[]) =>
    putOff(
      parts.store,
      some.map((verification) => toPutOff(parts, verification, inVain)),
    );
  await put(verifications);
  // Whoever came back while that was written did not find them.
  await put(verifications.filter((verification) => cameBack(parts, verification, inVain.askedAt)));
}

async function askAgain(parts: RetryParts, taken: TakenRetry, { people, claims }: Opened, lease: Lease): Promise<string> {
  const { verification, trace, stopping } = taken;
  const { id, platform, purpose, region, attempts } = verification;
  const { retryable } = assess(verification, verification.claims);
  const giveUpAt = giveUpAtOf(verification);
  const askedAt = Date.now();
  const isPatient = attempts >= PATIENT_FROM_ATTEMPT;
  const end = Math.min(
    isPatient ? lease.endsAt.getTime() - PATIENT_MARGIN_MS : Math.min(askedAt + ASK_MS, lease.endsAt.getTime() - MARGIN_MS),
    giveUpAt.getTime(),
  );
  // Who answers today: what it was first asked under may be days old.
  const { current: catalogue } = parts.catalogues;
  const asked: Finding[] = [];
  const found = await askInRounds(
    { ...verification, claims },
    verification.claims.map((claim, index) => (retryable.includes(index) ? undefined : claim)),
    {
      async ask(indexes, last) {
        const now = Date.now();
        const answers = await parts.fanOut.ask(
          indexes.map((index) => claims[index] as Claim),
          {
            catalogue,
            platform,
            purpose,
            region,
            people,
            basisRef: lease.basisRef,
            leaseEnd: lease.endsAt,
            // One agency that hangs leaves time for the rounds after it: they may decide without it.
            deadline: new Date(last ? end : now + Math.max(0, end - now) / 2),
            signal: stopping,
            trace,
            // Nobody is on the line: who asks for the first time goes first.
            priority: 'batch',
          },
        );
        asked.push(...answers);
        return answers;
      },
      isTime: () => Date.now() < end && !stopping.aborted,
    },
  );
  const findings = found.map((finding, index) => afterRetry(verification.claims[index] as StoredClaim, finding));
  const now = new Date();
  if (giveUpAt > now && asked.every(({ outcome, retryable: again }) => outcome === 'unavailable' && again)) {
    const askedMs = Math.max(0, ...asked.map(({ retryAfterMs }) => retryAfterMs ?? 0));
    await putOffAfter(parts, [verification], { askedAt, askedMs, away: false, stopping });
    return 'unavailable';
  }
  const { sealed: _opened, retryAt: _past, ...kept } = verification;
  const next: Verification = {
    ...kept,
    ...toOutcome({ id, keyring: parts.keyring, plan: verification, claims, findings, people, attempts, giveUpAt, room: true, now }),
    sequence: verification.sequence + 1,
  };
  const action = next.status === 'complete' ? 'completed' : next.status === 'closed' ? 'closed' : 'answered';
  return write(parts, next, { people, claims }, action, trace, lease.endsAt);
}

// What was asked once and is not needed any more keeps what came of it.
const afterRetry = (before: StoredClaim, now: Finding): Finding =>
  now.outcome === 'not_needed' && before.outcome === 'unavailable' && !isNotAskedYet(before) ? { ...before, retryable: false } : now;

async function close(parts: RetryParts, { verification, trace }: TakenRetry, opened: Opened, code: ClosingCode) {
  const { sealed: _gone, retryAt: _past, ...kept } = verification;
  const next: Verification = { ...kept, status: 'closed', code, completedAt: new Date(), sequence: verification.sequence + 1 };
  return write(parts, next, opened, 'closed', trace);
}

async function write(
  parts: RetryParts,
  verification: Verification,
  { people, claims }: Opened,
  action: AuditAction,
  trace: TraceContext,
  leaseEnd?: Date,
): Promise<string> {
  const persons = toAuditedPersons(parts.keyring, people, claims);
  const events = toEvents(verification, { action, persons }, new Date(), trace);
  const made = { verification, ...(leaseEnd ? { leaseEnd } : {}) };
  if (!(await parts.committer.commit({ kind: 'update', ...made, events, trace }))) return 'superseded';
  return (await mayAnswer(parts, made, trace)) ? verification.status : 'gone';
}

const giveUpAtOf = ({ giveUpAt, createdAt }: Verification): Date => giveUpAt ?? createdAt;

/** Agencies that a pending verification waits for. */
function awaitedOf(verification: Verification): string[] {
  const { retryable } = assess(verification, verification.claims);
  return [...new Set(retryable.flatMap((index) => verification.claims[index]?.agency ?? []))];
}
