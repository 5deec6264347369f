import { createWriteStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Answer } from './answer.js';
import type { BatchSeen, PlannedRow, RowSeen } from './batch.js';

/** What a client can do. */
export type Operation =
  | 'request-consent'
  | 'grant'
  | 'refuse'
  | 'withdraw'
  | 'read-consent'
  | 'verify'
  | 'read-verification'
  | 'watch-verification'
  | 'submit-batch'
  | 'pause-batch'
  | 'resume-batch'
  | 'cancel-batch'
  | 'read-batch'
  | 'read-results';

/**
 * What is known about a call: it was sent; it was acknowledged; it was turned down; nobody knows whether it was done. A watch is
 * acknowledged with each state that it is told.
 */
export type Phase = 'sent' | 'answered' | 'refused' | 'unknown';

/** A consent as far as a history needs it. */
export interface ConsentSeen {
  readonly id: string;
  readonly status: string;
  readonly uses?: number;
}

/** One line of a history. Names no person: a family is a number. */
export interface Entry {
  /** Place in the history. */
  readonly n: number;
  /** Milliseconds since 1970 by a clock that never steps. */
  readonly at: number;
  readonly client: string;
  /** Joins what was sent with what came of it. */
  readonly call: number;
  readonly phase: Phase;
  readonly operation: Operation;
  /** Edge that was asked. */
  readonly edge: string;
  /** Of a call over gRPC; absent: over HTTP. */
  readonly over?: 'grpc';
  readonly platform?: string;
  /** Idempotency key. */
  readonly key?: string;
  readonly family?: number;
  readonly consent?: string;
  readonly maxUses?: number;
  readonly timeBudgetMs?: number;
  readonly retryForSeconds?: number;
  readonly verification?: string;
  /** How long a read waits for the end, seconds. */
  readonly waitSeconds?: number;
  /** Sequence of a state that a watch was told. */
  readonly sequence?: number;
  /** Batch of which the call is. */
  readonly batch?: string;
  /** What a batch is made of; told when it is sent. */
  readonly rows?: readonly PlannedRow[];
  readonly batchSeen?: BatchSeen;
  /** Row behind which results were asked for. */
  readonly after?: number;
  readonly results?: readonly RowSeen[];
  /** Trace id of the call. */
  readonly trace?: string;
  /** HTTP status. */
  readonly status?: number;
  /** Code of a problem, or what went wrong on the way. */
  readonly code?: string;
  readonly answer?: Answer;
  readonly seen?: ConsentSeen;
  /** Asked in the quiet at the end. */
  readonly final?: true;
}

/** What a client writes down; place and time are added. */
export type Note = Omit<Entry, 'n' | 'at'>;

/** A history that is written while it happens. */
export interface History extends AsyncDisposable {
  /** Every line so far. */
  readonly entries: readonly Entry[];
  nextCall(): number;
  note(note: Note): void;
}

/** Starts a history in a file of JSON lines, append only. */
export function startHistory(file: string): History {
  const entries: Entry[] = [];
  const lines = createWriteStream(file, { flags: 'ax', mode: 0o600 });
  let calls = 0;
  return {
    entries,
    nextCall: () => ++calls,
    note(note) {
      const entry: Entry = { n: entries.length, at: performance.timeOrigin + performance.now(), ...note };
      entries.push(entry);
      lines.write(`${JSON.stringify(entry)}\n`);
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => lines.end(resolve));
    },
  };
}
