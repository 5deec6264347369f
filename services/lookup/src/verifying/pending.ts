import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import { type Logger, readTraceparent, type TraceContext, type Tracer } from '@vouch/telemetry';
import { retryDelayMs } from '../domain/back-off.js';
import type { Claim, Finding } from '../domain/claim.js';
import { assess } from '../domain/progress.js';
import { type Committer, mayAnswer } from '../keeping/commit.js';
import { putOff, takeDue, wakeWaitingFor } from '../keeping/due.js';
import { unseal } from '../keeping/sealed.js';
import type { LookupStore } from '../keeping/store.js';
import type { Verification } from '../keeping/verification.js';
import { type AuditAction, toAuditedPersons, toEvents } from '../keeping/verification-events.js';
import { type ClosingCode, toOutcome } from './answering.js';
import { type Basis, type Lease, LONGEST_LEASE_MS } from './basis.js';
import type { FanOut } from './fan-out.js';

/** What retrying needs. */
export interface RetryParts {
  readonly store: LookupStore;
  readonly keyring: Keyring;
  readonly basis: Basis;
  readonly fanOut: FanOut;
  readonly committer: Committer;
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** How often the store is looked at, milliseconds. */
  readonly pollMs: number;
}

/** Retries pending verifications until closed. */
export interface Retries extends AsyncDisposable {
  /** Asks at once again what waits for an agency. */
  wake(agency: string): void;
}

const GIVEN_UP: ClosingCode = 'retry_limit_reached';
const MOST_AT_ONCE = 64;
const ASK_MS = 5_000;
// Longer than asking and committing can take: else another process would take the row in the meantime.
const ROW_LEASE_MS = 30_000;
const MARGIN_MS = 500;

/**
 * Starts asking again what pending verifications still wait for. The rows are the queue: any number of processes may take from it, and
 * what a process had taken when it died comes back when the lease on the row ends.
 */
export function startRetries(parts: RetryParts): Retries {
  const { store, logger, pollMs } = parts;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  let bell = new AbortController();

  const underWay = new Set<Promise<void>>();

  async function takeMore(): Promise<boolean> {
    const free = MOST_AT_ONCE - underWay.size;
    const due = free > 0 ? await takeDue(store, { now: new Date(), leaseMs: ROW_LEASE_MS, limit: free }) : [];
    for (const verification of due) {
      const retrying = retrySafely(parts, verification, stopping.signal).finally(() => underWay.delete(retrying));
      underWay.add(retrying);
    }
    return due.length === free;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      let mayBeMore = false;
      try {
        mayBeMore = await takeMore();
      } catch (failure) {
        logger.warn({ code: fromUnknown(failure).code, err: failure }, 'pending verifications cannot be retried');
      }
      // One agency that hangs holds up its own verifications, not the others'.
      await (mayBeMore && underWay.size > 0 ? Promise.race(underWay) : sleep());
    }
    await Promise.all(underWay);
  }

  async function sleep(): Promise<void> {
    if (stopping.signal.aborted) return;
    await pause(pollMs, undefined, { signal: bell.signal }).catch(() => undefined);
    bell = new AbortController();
  }

  const running = loop();
  return {
    wake(agency) {
      wakeWaitingFor(store, agency, new Date()).then(
        () => bell.abort(),
        (failure: unknown) =>
          logger.warn({ agency, code: fromUnknown(failure).code }, 'what waits for an agency cannot be brought forward'),
      );
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      bell.abort();
      await running;
    },
  };
}

async function retrySafely(parts: RetryParts, verification: Verification, stopping: AbortSignal): Promise<void> {
  const link = readTraceparent(verification.traceparent);
  // A retry can come days later: it is a trace of its own, linked to the lookup's.
  const span = parts.tracer.startSpan('retry verification', {
    links: link ? [link] : [],
    attributes: { 'vouch.verification_id': verification.id, 'vouch.attempt': verification.attempts },
  });
  try {
    span.set({ 'vouch.outcome': await retry(parts, verification, span.context, stopping) });
  } catch (failure) {
    const { code } = fromUnknown(failure);
    span.fail(code);
    if (!stopping.aborted) {
      const fields = { trace: span.context.traceId, verificationId: verification.id, code, err: failure };
      parts.logger.warn(fields, 'a retry failed and is repeated');
    }
    await putOff(parts.store, verification.id, verification.sequence, later(verification, 0)).catch(() => undefined);
  } finally {
    span.end();
  }
}

const later = ({ attempts }: Verification, askedMs: number): Date => new Date(Date.now() + retryDelayMs(attempts, askedMs, Math.random()));

async function retry(parts: RetryParts, verification: Verification, trace: TraceContext, stopping: AbortSignal): Promise<string> {
  const { keyring, basis } = parts;
  const opened = unseal(keyring, verification);
  if (!opened || (verification.giveUpAt && verification.giveUpAt <= new Date())) return close(parts, verification, opened, GIVEN_UP, trace);
  const deadline = new Date(Date.now() + ASK_MS);
  const result = await basis.renew(verification.id, LONGEST_LEASE_MS, { signal: stopping, deadline, trace });
  if (result.kind === 'refusal') return close(parts, verification, opened, result.code, trace);
  return askAgain(parts, verification, opened, result.lease, trace, stopping);
}

type Opened = NonNullable<ReturnType<typeof unseal>>;

async function askAgain(
  parts: RetryParts,
  verification: Verification,
  { people, claims }: Opened,
  lease: Lease,
  trace: TraceContext,
  stopping: AbortSignal,
): Promise<string> {
  const { id, platform, purpose, region, attempts } = verification;
  const { retryable } = assess(verification, verification.claims);
  const asked = await parts.fanOut.ask(
    retryable.map((index) => claims[index] as Claim),
    {
      platform,
      purpose,
      region,
      people,
      basisRef: lease.basisRef,
      leaseEnd: lease.endsAt,
      deadline: new Date(Math.min(Date.now() + ASK_MS, lease.endsAt.getTime() - MARGIN_MS)),
      signal: stopping,
      trace,
      // Nobody is on the line: who asks for the first time goes first.
      priority: 'batch',
    },
  );
  const findings: Finding[] = verification.claims.map((claim, index) => asked[retryable.indexOf(index)] ?? claim);
  if (asked.every(({ outcome, retryable: again }) => outcome === 'unavailable' && again)) {
    const askedMs = Math.max(0, ...asked.map(({ retryAfterMs }) => retryAfterMs ?? 0));
    await putOff(parts.store, id, verification.sequence, later(verification, askedMs));
    return 'unavailable';
  }
  const now = new Date();
  const { sealed: _opened, retryAt: _past, ...kept } = verification;
  const next: Verification = {
    ...kept,
    ...toOutcome({ id, keyring: parts.keyring, plan: verification, claims, findings, people, attempts, now }),
    sequence: verification.sequence + 1,
  };
  const action = next.status === 'complete' ? 'completed' : next.status === 'closed' ? 'closed' : 'answered';
  return write(parts, next, { people, claims }, action, trace, lease.endsAt);
}

async function close(
  parts: RetryParts,
  verification: Verification,
  opened: Opened | undefined,
  code: string,
  trace: TraceContext,
): Promise<string> {
  const { sealed: _gone, retryAt: _past, ...kept } = verification;
  const next: Verification = { ...kept, status: 'closed', code, completedAt: new Date(), sequence: verification.sequence + 1 };
  return write(parts, next, opened ?? { people: {}, claims: [] }, 'closed', trace);
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
