import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import { createPace } from '@vouch/provider-client';
import { type Logger, readTraceparent, type Tracer } from '@vouch/telemetry';
import { bringAllForward, bringOneForward, keepTaken, takeDue } from '../keeping/due.js';
import type { Verification } from '../keeping/verification.js';
import type { AgencyState } from './agency-health.js';
import { mustWait, putOffAfter, type RetryParts, retry, type TakenRetry } from './retry.js';

/** What retrying needs. */
export interface PendingParts extends RetryParts {
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** How often the store is looked at, milliseconds. */
  readonly pollMs: number;
  /** What a process had taken when it was killed waits for this long, milliseconds; one that lives keeps its leases up. */
  readonly leaseMs: number;
}

const MOST_AT_ONCE = 64;
// So that one that was late does not end a lease.
const KEPT_UP_PER_LEASE = 3;
// All that a retry waits for has a deadline of its own; one that is still not over by then is left to whoever takes it next.
const LONGEST_RETRY_MS = 30_000;
// Who was to try an agency gets so many looks at the store to do so, before another is sent, too.
const LOOKS_PER_TRIAL = 4;
// For whom nobody waits is looked through all that is pending.
const NOBODY_WAITS_MS = 30_000;
// However many wait for agencies that are away, putting them off again and again takes no more of a process and of the store than this.
const MOST_BUSY_PERCENT = 20;
const LONGEST_REST_MS = 5_000;
const MOST_BASES_A_SECOND = 20;

interface UnderWay {
  readonly verification: Verification;
  readonly since: number;
  readonly over: Promise<void>;
}

/**
 * Starts asking again what pending verifications still wait for. The rows are the queue: any number of processes may take from it, and
 * what a process had taken when it died comes back when the lease on the row ends.
 */
export function startRetries(parts: PendingParts): AsyncDisposable {
  const { store, logger, agencies, pollMs, leaseMs } = parts;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  let bell = new AbortController();
  const underWay = new Set<UnderWay>();
  const waking = new Set<Promise<void>>();

  const looks = createPace(MOST_BASES_A_SECOND);
  const mayLook = (): boolean => looks.take(1, performance.now()) > 0;

  // When what waits for agencies that are away is looked at again, by `performance.now()`.
  let awayAt = 0;

  /** Takes what is due; returns whether there may be more, and how large a part of it had to wait. */
  async function take(away: boolean): Promise<{ readonly mayBeMore: boolean; readonly waiting: number }> {
    const free = MOST_AT_ONCE - underWay.size;
    const takenAt = Date.now();
    const due = free > 0 ? await takeDue(store, { leaseMs, limit: free, away }) : [];
    const waiting = findWaiting(due);
    for (const verification of due) {
      if (waiting.has(verification)) continue;
      const entry: UnderWay = {
        verification,
        since: Date.now(),
        over: retrySafely(parts, verification, stopping.signal).finally(() => underWay.delete(entry)),
      };
      underWay.add(entry);
    }
    // While an agency is down, all that waits for it comes up again and again: in one go that costs people next to nothing.
    await putOffAfter(parts, [...waiting], { askedAt: takenAt, askedMs: 0, away: true, stopping: stopping.signal });
    return { mayBeMore: due.length === free, waiting: waiting.size / Math.max(1, due.length) };
  }

  /** Whether there may be more that can be taken now. */
  async function takeMore(): Promise<boolean> {
    const { mayBeMore } = await take(false);
    const begunAt = performance.now();
    if (mayBeMore || begunAt < awayAt) return mayBeMore;
    const taken = await take(true);
    const restMs = (performance.now() - begunAt) * taken.waiting * (100 / MOST_BUSY_PERCENT - 1);
    awayAt = performance.now() + Math.min(restMs, LONGEST_REST_MS);
    return taken.mayBeMore;
  }

  function findWaiting(due: readonly Verification[]): ReadonlySet<Verification> {
    const mayAdmit = agencies.mayAdmit();
    return new Set(
      due.filter((verification) => {
        try {
          return mustWait(mayAdmit, mayLook, verification);
        } catch {
          // Its own retry tells what is wrong with it.
          return false;
        }
      }),
    );
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      let mayBeMore = false;
      try {
        mayBeMore = await takeMore();
      } catch (failure) {
        logger.warn({ code: fromUnknown(failure).code, err: failure }, 'pending verifications cannot be retried');
      }
      if (!mayBeMore) await sleep();
      // One agency that hangs holds up its own verifications, not the others'.
      else if (underWay.size === MOST_AT_ONCE) await Promise.race([...underWay].map(({ over }) => over));
    }
    await Promise.all([...underWay].map(({ over }) => over));
  }

  async function sleep(): Promise<void> {
    if (stopping.signal.aborted) return;
    const restMs = awayAt - performance.now();
    await pause(restMs > 0 ? Math.min(restMs, pollMs) : pollMs, undefined, { signal: bell.signal }).catch(() => undefined);
    bell = new AbortController();
  }

  async function keepUp(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const asked = [...underWay].filter(({ since }) => Date.now() - since < LONGEST_RETRY_MS);
        await keepTaken(
          store,
          asked.map(({ verification }) => verification),
          leaseMs,
        );
      } catch (failure) {
        logger.warn({ code: fromUnknown(failure).code }, 'the leases on what is retried cannot be kept up');
      }
      await pause(leaseMs / KEPT_UP_PER_LEASE, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  /** First whoever waits for an agency that is back; for a trial one is enough. Goes on until the store has heard it. */
  async function wake(agency: string, state: AgencyState): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await (state === 'trial' ? bringOneForward : bringAllForward)(store, agency);
        awayAt = 0;
        return bell.abort();
      } catch (failure) {
        logger.warn({ agency, code: fromUnknown(failure).code }, 'what waits for an agency cannot be brought forward yet');
        await pause(pollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** Who was brought forward to try an agency may be closed, held up or taken by a process that dies; then somebody else does. */
  async function findTriers(): Promise<void> {
    const nobodyUntil = new Map<string, number>();
    while (!stopping.signal.aborted) {
      await pause(pollMs * LOOKS_PER_TRIAL, undefined, { signal: stopping.signal }).catch(() => undefined);
      const agency = agencies.untried().find((one) => (nobodyUntil.get(one) ?? 0) < performance.now());
      if (agency === undefined || stopping.signal.aborted) continue;
      try {
        if (await bringOneForward(store, agency)) bell.abort();
        else nobodyUntil.set(agency, performance.now() + NOBODY_WAITS_MS);
      } catch (failure) {
        logger.warn({ agency, code: fromUnknown(failure).code }, 'nobody can be found yet to try an agency');
      }
    }
  }

  const unlisten = agencies.onBack((agency, state) => {
    const done = wake(agency, state).finally(() => waking.delete(done));
    waking.add(done);
  });
  const running = Promise.all([loop(), keepUp(), findTriers()]);
  return {
    async [Symbol.asyncDispose]() {
      unlisten();
      stopping.abort();
      bell.abort();
      await Promise.all([running, ...waking]);
    },
  };
}

async function retrySafely(parts: PendingParts, verification: Verification, stopping: AbortSignal): Promise<void> {
  const link = readTraceparent(verification.traceparent);
  // A retry can come days later: it is a trace of its own, linked to the lookup's.
  const span = parts.tracer.startSpan('retry verification', {
    links: link ? [link] : [],
    attributes: { 'vouch.verification_id': verification.id, 'vouch.attempt': verification.attempts },
  });
  const taken: TakenRetry = { verification, trace: span.context, stopping };
  const startedAt = Date.now();
  try {
    span.set({ 'vouch.outcome': await retry(parts, taken) });
  } catch (failure) {
    const { code } = fromUnknown(failure);
    span.fail(code);
    if (!stopping.aborted) {
      const fields = { trace: span.context.traceId, verificationId: verification.id, code, err: failure };
      parts.logger.warn(fields, 'a retry failed and is repeated');
    }
    await putOffAfter(parts, [verification], { askedAt: startedAt, askedMs: 0, away: false, stopping }).catch(() => undefined);
  } finally {
    span.end();
  }
}
