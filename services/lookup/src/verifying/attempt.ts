import { setTimeout as pause } from 'node:timers/promises';
import { RetryableError } from '@vouch/errors';
import { createUuid, type Keyring } from '@vouch/identity';
import type { Priority } from '@vouch/provider-client';
import type { TraceContext } from '@vouch/telemetry';
import type { Claim } from '../domain/claim.js';
import type { Plan } from '../domain/plan.js';
import { askInRounds } from '../domain/rounds.js';
import { type Committer, keepTrace, mayAnswer } from '../keeping/commit.js';
import type { FindVerification } from '../keeping/find-verification.js';
import type { Parking } from '../keeping/parking.js';
import { sealPersonal } from '../keeping/sealed.js';
import type { Verification } from '../keeping/verification.js';
import { toAuditedPersons, toEvents } from '../keeping/verification-events.js';
import type { VerificationRequest } from '../requests/verification-request.js';
import { toOutcome } from './answering.js';
import type { Basis, Lease } from './basis.js';
import type { AskContext, FanOut } from './fan-out.js';
import { NEVER } from './never.js';
import { refuse } from './refuse.js';

/** What one attempt at a lookup needs. */
export interface AttemptParts {
  readonly keyring: Keyring;
  readonly find: FindVerification;
  readonly basis: Basis;
  readonly fanOut: FanOut;
  readonly committer: Committer;
  readonly parking: Pick<Parking, 'hasRoom'>;
  /** How long a pending verification is retried at most, milliseconds. */
  readonly giveUpAfterMs: number;
  /** Aborts when the service stops: what is still open is then answered as unavailable and stays pending. */
  readonly stopping: AbortSignal;
}

/** One attempt at a lookup. */
export interface AttemptOptions {
  readonly clientId: string;
  readonly request: VerificationRequest;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  readonly budgetEnd: number;
  /** Whether the id comes from an idempotency key. */
  readonly keyed: boolean;
  /** Id of the verification that a refusal becomes, so that a repeat records it once; a new one unless said. */
  readonly refusalId?: string;
  readonly priority?: Priority;
  readonly trace?: TraceContext;
}

/**
 * What an attempt came to: a verification of its own, one of its own whose consent was withdrawn before it could be answered, one that
 * another attempt at the same id committed, or an id whose redemption is too old to be this lookup's.
 */
export type Attempted = { readonly kind: 'own' | 'gone' | 'other'; readonly verification: Verification } | { readonly kind: 'forgotten' };

/** How long an idempotency key is remembered, milliseconds. */
export const KEY_KEPT_MS = 7 * 24 * 3_600_000;

// In place of a fingerprint: no other request can have an id that was made for this one alone.
const UNKEYED = 'unkeyed';
// Part of the budget that is kept for the commit and the way back.
const MOST_RESERVE_MS = 250;
const RESERVE_SHARE = 0.1;
const SHORTEST_LEASE_MS = 100;
// A commit that took longer than the first lease gets one that a slow disk keeps: else the agencies would be asked again for nothing.
const COMMIT_LEASE_MS = 5_000;
const LOOK_AGAIN_MS = 50;
const DAY_MS = 24 * 3_600_000;

/**
 * The story of a lookup whose rights are checked and whose id is fixed: redeem the basis, ask the agencies, evaluate, commit. Rejects with
 * the refusal (which is committed as a verification of its own), or with what is in the way.
 */
export async function attempt(parts: AttemptParts, id: string, options: AttemptOptions): Promise<Attempted> {
  const { basis, find } = parts;
  const { clientId, request, budgetEnd, keyed } = options;
  const fingerprint = keyed ? parts.keyring.fingerprint(request.canonical) : UNKEYED;
  const redeemed = await basis.redeem({ id, platform: clientId, request, fingerprint, leaseMs: left(budgetEnd), ...callOf(options) });
  if (redeemed.kind === 'refusal') return refuse(parts.committer, parts.keyring, refused(id, redeemed.code, options));
  let { lease } = redeemed;
  if (keyed && lease.repeated) {
    if (lease.redeemedAt.getTime() < options.startedAt - KEY_KEPT_MS) return { kind: 'forgotten' };
    if (lease.heldByAnother) {
      const other = await waitForOther(find, id, lease, budgetEnd);
      if (other) return { kind: 'other', verification: other };
      lease = await renewed(parts, id, options);
    }
  }
  return answer(parts, id, lease, fingerprint, options);
}

async function answer(parts: AttemptParts, id: string, lease: Lease, fingerprint: string, options: AttemptOptions): Promise<Attempted> {
  const { keyring, fanOut, committer, find, stopping } = parts;
  const { clientId, request, startedAt, budgetEnd, keyed, trace, priority } = options;
  const { plan, people, purpose, region, legalBasis } = request;
  const reserveMs = Math.min(MOST_RESERVE_MS, request.timeBudgetMs * RESERVE_SHARE);
  const context: AskContext = {
    catalogue: request.catalogue,
    platform: clientId,
    purpose,
    region,
    people,
    basisRef: lease.basisRef,
    leaseEnd: lease.endsAt,
    deadline: new Date(Math.min(budgetEnd, lease.endsAt.getTime()) - reserveMs),
    signal: stopping,
    trace,
    priority,
  };
  const findings = await askInRounds(
    plan,
    plan.claims.map(() => undefined),
    {
      ask: (indexes) =>
        fanOut.ask(
          indexes.map((index) => plan.claims[index] as Claim),
          context,
        ),
      isTime: () => Date.now() < context.deadline.getTime() && !stopping.aborted,
    },
  );
  const now = new Date();
  const createdAt = lease.repeated ? lease.redeemedAt : new Date(startedAt);
  const giveUpAt = new Date(createdAt.getTime() + Math.min(request.retryForMs ?? parts.giveUpAfterMs, parts.giveUpAfterMs));
  const verification: Verification = {
    id,
    platform: clientId,
    purpose,
    region,
    legalBasis,
    catalogueVersion: request.catalogue.version,
    ...ofItsSet(plan, keyring, id),
    ...toOutcome({
      id,
      keyring,
      plan,
      claims: plan.claims,
      findings,
      people,
      attempts: 0,
      giveUpAt,
      // A batch's row was begun because there was room, and is not asked a second time.
      room: priority === 'batch' || parts.parking.hasRoom(clientId),
      now,
    }),
    ...(keyed ? { fingerprint } : {}),
    sequence: 1,
    attempts: 0,
    createdAt,
    eraseAt: new Date(createdAt.getTime() + lease.retentionDays * DAY_MS),
    giveUpAt,
    ...keepTrace(trace),
  };
  const persons = toAuditedPersons(keyring, people, plan.claims);
  const events = toEvents(verification, { action: 'answered', persons }, now, trace);
  for (let leaseEnd = lease.endsAt, tries = 0; tries < 2; tries += 1) {
    if (await committer.commit({ kind: 'insert', verification, leaseEnd, events, trace })) {
      return { kind: (await mayAnswer(parts, { verification, leaseEnd }, trace)) ? 'own' : 'gone', verification };
    }
    const other = await find(id);
    if (other) return { kind: 'other', verification: other };
    // The lease ended before the commit: what the agencies said may be kept only if the basis still holds.
    if (tries === 0) leaseEnd = (await renewed(parts, id, options, COMMIT_LEASE_MS)).endsAt;
  }
  throw new RetryableError('unavailable', { cause: new Error('the commit took longer than a renewed lease') });
}

/** What is kept of a requirement set, so that its verification can be assessed and explained later. */
function ofItsSet({ requirementSet, application, further }: Plan, keyring: Keyring, id: string) {
  if (requirementSet === undefined) return {};
  const { personal, ...rest } = application ?? {};
  return {
    requirementSet,
    ...(application ? { application: rest as Verification['application'] } : {}),
    ...(personal ? { personal: sealPersonal(keyring, id, personal) } : {}),
    ...(further ? { further } : {}),
  };
}

/** The lease of a verification, extended. Rejects with the refusal when the basis is gone. */
async function renewed(parts: AttemptParts, id: string, options: AttemptOptions, leastMs = 0): Promise<Lease> {
  // A lease that is renewed at the very end of the budget must still be long enough for a commit.
  const leaseMs = Math.max(left(options.budgetEnd), options.request.timeBudgetMs, leastMs);
  const { startedAt, trace } = options;
  const deadline = new Date(Math.max(options.budgetEnd, Date.now() + 1_000));
  const result = await parts.basis.renew(id, leaseMs, { signal: NEVER, deadline, trace });
  if (result.kind === 'refusal') return refuse(parts.committer, parts.keyring, refused(id, result.code, options));
  return { ...result.lease, repeated: true, redeemedAt: options.keyed ? result.lease.redeemedAt : new Date(startedAt) };
}

/**
 * What another attempt at the same id committed. Waits while its lease runs, since it may be under way in another process; once the
 * lease has ended it can commit no more, and this attempt may take over. Throws `idempotency_in_progress` when the budget ends first.
 */
async function waitForOther(find: FindVerification, id: string, lease: Lease, budgetEnd: number): Promise<Verification | undefined> {
  for (;;) {
    const other = await find(id);
    if (other || lease.endsAt.getTime() <= Date.now()) return other;
    if (budgetEnd <= Date.now()) throw inProgress(lease.endsAt.getTime() - Date.now());
    await pause(Math.min(LOOK_AGAIN_MS, budgetEnd - Date.now()));
  }
}

/** The error of a repeat whose first request is still under way. */
export const inProgress = (retryAfterMs: number): RetryableError =>
  new RetryableError('idempotency_in_progress', { retryAfterMs: Math.max(retryAfterMs, SHORTEST_LEASE_MS) });

const left = (end: number): number => Math.max(end - Date.now(), SHORTEST_LEASE_MS);

const callOf = ({ budgetEnd, trace }: AttemptOptions) => ({ deadline: new Date(budgetEnd), trace });

const refused = (id: string, code: Parameters<typeof refuse>[2]['code'], options: AttemptOptions) => {
  const { clientId: platform, request, startedAt, keyed, refusalId, trace } = options;
  // A refusal binds nothing: the id that the key stands for stays free.
  return {
    id: refusalId ?? (keyed ? createUuid() : id),
    platform,
    request,
    code,
    at: new Date(startedAt),
    repeatable: refusalId !== undefined,
    trace,
  };
};
