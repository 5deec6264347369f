import type { RequestFault } from '@vouch/errors';

/**
 * Where a batch stands. `receiving`: its upload is not over, nobody sees it. `running`: its rows are asked, or all were and some wait
 * for an agency.
 */
export type BatchStatus = 'receiving' | 'queued' | 'running' | 'paused' | 'complete' | 'cancelled';

/** A batch as it is stored, without its rows. */
export interface Batch {
  readonly id: string;
  readonly platform: string;
  readonly status: BatchStatus;
  /** Why it was cancelled, when that was not its platform's wish. */
  readonly code?: string;
  /** Rows. */
  readonly total: number;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
}

/** What came of one row. Holds nothing personal: it is stored in clear. */
export type RowOutcome =
  | {
      readonly kind: 'verification';
      readonly id: string;
      /** `pending`: an agency is still to answer. `failed`: refused, or closed. */
      readonly state: 'pending' | 'done' | 'failed';
    }
  | { readonly kind: 'fault'; readonly code: string; readonly errors?: readonly RequestFault[] };

/** Outcomes of a chunk by place in it; null: none yet. */
export type Outcomes = readonly (RowOutcome | null)[];

/** How many rows of a chunk came to what. */
export interface Counts {
  readonly done: number;
  readonly failed: number;
  readonly pending: number;
}

/** Counts outcomes. */
export function countOutcomes(outcomes: Outcomes): Counts {
  const counts = { done: 0, failed: 0, pending: 0 };
  for (const outcome of outcomes) {
    if (outcome) counts[outcome.kind === 'fault' ? 'failed' : outcome.state] += 1;
  }
  return counts;
}
