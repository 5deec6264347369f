import type { Batch } from './batch.js';

/** What the store counts of a batch. */
export interface Tally {
  readonly done: number;
  readonly failed: number;
  /** Asked, and waiting for an agency. */
  readonly waiting: number;
  /** Rows of the chunks that were over within the last seconds. */
  readonly recent: number;
  /** Seconds that these took. */
  readonly recentSeconds: number;
  /** Seconds that the batch has been running. */
  readonly activeSeconds: number;
}

/** A batch as its platform sees it: the JSON of the HTTP API. */
export interface BatchAnswer {
  readonly id: string;
  readonly status: Batch['status'];
  readonly code?: string;
  readonly rows: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly pending: number;
    readonly cancelled: number;
  };
  readonly ratePerSecond: number;
  readonly remainingSeconds?: number;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** The answer about a batch. `pending` rows are those without a final result: not asked yet, or waiting for an agency. */
export function toBatchAnswer(batch: Batch, tally: Tally): BatchAnswer {
  const { id, status, code, total, createdAt, startedAt, endedAt } = batch;
  const { done, failed, waiting } = tally;
  const unasked = Math.max(0, total - done - failed - waiting);
  const cancelled = status === 'cancelled' ? unasked : 0;
  const rate = rateOf(batch, tally);
  const remaining = status === 'running' && unasked > 0 && rate > 0 ? Math.ceil(unasked / rate) : undefined;
  return {
    id,
    status,
    ...(code ? { code } : {}),
    rows: { total, done, failed, pending: total - done - failed - cancelled, cancelled },
    ratePerSecond: Math.round(rate * 10) / 10,
    ...(remaining === undefined ? {} : { remainingSeconds: remaining }),
    createdAt: createdAt.toISOString(),
    ...(startedAt ? { startedAt: startedAt.toISOString() } : {}),
    ...(endedAt ? { endedAt: endedAt.toISOString() } : {}),
  };
}

// While it runs, what it does now; the mean of its whole run where there is nothing recent, and once it has ended.
function rateOf({ status }: Batch, { done, failed, waiting, recent, recentSeconds, activeSeconds }: Tally): number {
  if (status === 'queued' || status === 'paused') return 0;
  if (status === 'running' && recent > 0) return recent / Math.max(recentSeconds, 0.1);
  return activeSeconds > 0 ? (done + failed + waiting) / Math.max(activeSeconds, 0.1) : 0;
}
