import type { Answer } from './answer.js';

/** One row that a client submits. Names no person: a family is a number. */
export interface PlannedRow {
  readonly family: number;
  /** Absent: by statutory duty. */
  readonly consent?: string;
  readonly timeBudgetMs: number;
  readonly retryForSeconds?: number;
  /** It is no JSON. */
  readonly malformed?: true;
}

/** A batch as the API shows it. */
export interface BatchSeen {
  readonly id: string;
  readonly status: string;
  readonly rows: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly pending: number;
    readonly cancelled: number;
  };
}

/** The result of one row as the API shows it. */
export interface RowSeen {
  /** From 1. */
  readonly row: number;
  readonly status: string;
  readonly verificationId?: string;
  readonly code?: string;
  readonly verification?: Answer;
}
