import type { DescribeResponse } from '@vouch/proto/evidence/v1/evidence';
import { type ProviderFault, toFault } from './faults.js';
import { createKnee } from './knee.js';
import { createLanes, type Turn } from './lanes.js';
import type { Holder, PendingQuery } from './pending-query.js';
import { batchShareOf, createQuota, type DayQuota } from './quota.js';
import type { ClaimFault, Priority, ProviderLimits } from './types.js';

/** Where queries wait until they may be sent: people first, within the agency's quota, no more at once than it bears. */
export interface Turnstile extends Disposable {
  /** How many wait. */
  readonly size: number;
  /** Why one more of this lane may not come in now, if it may not; `waitsMs`: how long it would wait at most. */
  refusalOf(priority: Priority, waitsMs: number, now: number): ClaimFault | undefined;
  add(pending: PendingQuery): void;
  /** A person waits for what a batch asked. */
  prefer(pending: PendingQuery): void;
  /** Up to so many to send now, no longer waiting; late ones are told so on the way. */
  take(most: number): PendingQuery[];
  /** Tells all that wait. */
  clear(fault: () => ClaimFault): void;
  /** The provider says what it bears. */
  declare(description: Pick<DescribeResponse, 'quotaPerSecond' | 'quotaPerDay' | 'largestBatch'>): void;
  /** An answer came for what was sent then, milliseconds; `fault` when it was one. */
  answered(sentAt: number, fault: ClaimFault | undefined, now: number): void;
  /** No answer came for what was sent then. */
  unanswered(sentAt: number, now: number): void;
  /** What an answer usually takes, milliseconds, once that is known. */
  readonly latencyMs: number | undefined;
  /** The agency is away: what was learnt of how much it bears is void. */
  forget(now: number): void;
}

/** What a turnstile needs to know. */
export interface TurnstileOptions {
  readonly limits: ProviderLimits;
  readonly quotaShare: number | undefined;
  readonly dayQuota: DayQuota | undefined;
  /** Queries in flight: on the session that takes more, and over all. */
  readonly inFlight: () => { readonly here: number; readonly all: number };
  /** Whether one at a time is the rule now. */
  readonly onTrial: () => boolean;
  /** Why a query may not be sent, when its turn has come. */
  readonly refusalOf: (pending: PendingQuery) => ClaimFault | undefined;
  /** There may be something to take. */
  readonly wake: () => void;
}

// By which an agency says that its quota is used up, by us or by others.
const QUOTA_SPENT: ReadonlySet<string> = new Set(['quota_exhausted', 'daily_cap_reached']);
const QUOTA_PAUSE_MS = 100;
// By which it says that it has too much to do at once.
const TOO_MUCH = 'overloaded';
// Who waited longer than this and has less time left than an answer takes is not asked for any more.
const LONG_QUEUED_MS = 100;

/** An empty turnstile. */
export function createTurnstile(options: TurnstileOptions): Turnstile {
  const { limits, inFlight, wake } = options;
  const lanes = createLanes();
  const quota = createQuota(options.quotaShare, options.dayQuota);
  const knee = createKnee({
    min: Math.min(limits.minInFlight, limits.maxInFlight),
    start: Math.min(limits.startInFlight, limits.maxInFlight),
    max: limits.maxInFlight,
  });
  let timer: NodeJS.Timeout | undefined;
  let learningSince = 0;

  const holder: Holder = {
    dropped: (pending) => lanes.delete(pending),
    lateCode: ({ priority }) => lateCode(priority),
  };
  const lateCode = (priority: Priority): ProviderFault => (quota.waitMs(priority, Date.now()) > 0 ? 'quota_exhausted' : 'agency_timeout');

  function add(pending: PendingQuery): void {
    pending.queued(holder);
    lanes.add(pending);
    wake();
  }

  function give(pending: PendingQuery, fault: ClaimFault): void {
    lanes.delete(pending);
    pending.settle(fault);
  }

  /** How many more may be in flight: as many as the agency bears, of which batches leave some to people. */
  function roomFor(priority: Priority): number {
    const { here, all } = inFlight();
    if (options.onTrial()) return 1 - here;
    const limit = priority === 'batch' ? batchShareOf(knee.limit) : knee.limit;
    return Math.min(limit - here, limits.maxInFlight - all);
  }

  function lateRefusalOf(pending: PendingQuery, now: number): ClaimFault | undefined {
    if (pending.settled) return toFault('cancelled');
    if (pending.leaseEnd <= now) return toFault('lease_ended');
    // To ask for those whom no answer can reach in time would keep the agency busy with them alone, once so many wait.
    const tooLate = now - pending.queuedAt > LONG_QUEUED_MS && pending.expires - now < (knee.latencyMs ?? 0);
    return tooLate ? toFault(lateCode(pending.priority)) : options.refusalOf(pending);
  }

  function wakeForQuota({ pending, due }: Turn, now: number): void {
    clearTimeout(timer);
    timer = setTimeout(wake, quota.waitMs(due ? 'interactive' : pending.priority, now));
  }

  /** Queries out, one that was just answered among them. */
  const outNow = (): number => inFlight().here + 1;

  return {
    get size() {
      return lanes.size;
    },
    get latencyMs() {
      return knee.latencyMs;
    },
    refusalOf(priority, waitsMs, now) {
      if (lanes.sizeOf(priority) >= limits.maxQueue) return toFault('hub_busy');
      // Whose turn comes too late is told at once.
      const waitMs = quota.waitMs(priority, now);
      return waitMs > waitsMs ? toFault('quota_exhausted', waitMs) : undefined;
    },
    add,
    prefer(pending) {
      const waits = pending.holder === holder;
      if (waits) lanes.delete(pending);
      pending.priority = 'interactive';
      if (waits) add(pending);
    },
    take(most) {
      const now = Date.now();
      const taken: PendingQuery[] = [];
      const room = Math.min(most, roomFor('interactive'));
      const roomForBatches = roomFor('batch');
      for (let turn = lanes.next(); turn && taken.length < room; turn = lanes.next()) {
        const { pending, due } = turn;
        const refusal = lateRefusalOf(pending, now);
        if (refusal) {
          give(pending, refusal);
          continue;
        }
        const priority = due ? 'interactive' : pending.priority;
        if (priority === 'batch' && taken.length >= roomForBatches) break;
        if (!quota.take(priority, now)) {
          wakeForQuota(turn, now);
          break;
        }
        lanes.delete(pending);
        taken.push(pending);
      }
      return taken;
    },
    clear(fault) {
      for (const pending of [...lanes]) give(pending, fault());
    },
    declare({ quotaPerSecond, quotaPerDay, largestBatch }) {
      knee.declare(Math.min(largestBatch, limits.maxBatch));
      quota.declare(quotaPerSecond, Number(quotaPerDay));
    },
    answered(sentAt, fault, now) {
      if (fault && QUOTA_SPENT.has(fault.code)) quota.spent(fault.retryAfterMs ?? QUOTA_PAUSE_MS, now);
      else if (sentAt < learningSince) return;
      else if (fault?.code === TOO_MUCH) knee.refused(outNow());
      else knee.observed(now - sentAt, outNow());
    },
    unanswered(sentAt, now) {
      // It would have taken longer still; when that is less than usual, it says nothing.
      if (sentAt >= learningSince && now - sentAt > (knee.latencyMs ?? Number.POSITIVE_INFINITY)) knee.observed(now - sentAt, outNow());
    },
    forget(now) {
      learningSince = now;
      knee.reset();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
