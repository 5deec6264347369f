import type { RequestFault } from '@vouch/errors';
import { TerminalError } from '@vouch/errors';
import type { TraceContext } from '@vouch/telemetry';
import type { LookupStore } from '../keeping/store.js';
import { type Answer, type Tombstone, toAnswer, toTombstone } from '../verifying/answer.js';
import type { Lookup } from '../verifying/lookup.js';
import type { Batch, Outcomes, RowOutcome } from './batch.js';

/**
 * What came of one row, as its platform sees it now. `failed`: the row has faults; `withheld`: the platform's rights do not reach what
 * it asked any more; `gone`: the answer was erased; the rest is where its verification stands.
 */
export type RowResult = { readonly row: number } & (
  | { readonly status: 'pending' | 'complete' | 'closed'; readonly verificationId: string; readonly verification: Answer }
  | { readonly status: 'refused' | 'withheld'; readonly verificationId: string; readonly code: string }
  | ({ readonly status: 'gone'; readonly verificationId: string; readonly code: string } & Omit<Tombstone, 'id'>)
  | { readonly status: 'failed'; readonly code: string; readonly errors?: readonly RequestFault[] }
  | { readonly status: 'cancelled' }
);

/** Which results. */
export interface ResultsWanted {
  /** Only rows behind this one. */
  readonly after: number;
  /** Most rows. */
  readonly limit: number;
  readonly trace?: TraceContext;
}

/**
 * Results in the order of the rows, up to the first row that has none yet, a chunk at a time. Each verification is read anew, with the
 * platform's rights as they are now.
 */
export async function* readResults(
  { store, lookup }: { readonly store: LookupStore; readonly lookup: Lookup },
  batch: Batch,
  { after, limit, trace }: ResultsWanted,
): AsyncGenerator<RowResult[]> {
  let next = after + 1;
  let left = limit;
  while (next <= batch.total && left > 0) {
    const chunk = await chunkOf(store, batch.id, next);
    if (!chunk) return;
    const upTo = Math.min(chunk.first_row + chunk.row_count, next + left);
    const rows = Array.from({ length: upTo - next }, (_, index) => next + index);
    const outcomes = rows.map((row) => chunk.outcomes?.[row - chunk.first_row] ?? null);
    // While somebody still holds a chunk of a cancelled batch, its rows may yet have been asked.
    const known = batch.status === 'cancelled' && chunk.lease === null ? outcomes.length : untilUnknown(outcomes);
    yield await Promise.all(
      outcomes.slice(0, known).map((outcome, index) => toResult(lookup, batch, rows[index] as number, outcome, trace)),
    );
    if (known < outcomes.length) return;
    left -= known;
    next = upTo;
  }
}

const untilUnknown = (outcomes: Outcomes): number => {
  const first = outcomes.indexOf(null);
  return first === -1 ? outcomes.length : first;
};

const chunkOf = (store: LookupStore, batchId: string, row: number) =>
  store.db
    .selectFrom('batch_chunks')
    .select(['first_row', 'row_count', 'outcomes', 'lease'])
    .where('batch_id', '=', batchId)
    .where('first_row', '<=', row)
    .orderBy('first_row', 'desc')
    .limit(1)
    .executeTakeFirst();

async function toResult(
  lookup: Lookup,
  { platform }: Batch,
  row: number,
  outcome: RowOutcome | null,
  trace: TraceContext | undefined,
): Promise<RowResult> {
  if (!outcome) return { row, status: 'cancelled' };
  if (outcome.kind === 'fault') {
    const { code, errors } = outcome;
    return { row, status: 'failed', code, ...(errors ? { errors } : {}) };
  }
  const { id: verificationId } = outcome;
  try {
    const { kind, verification } = await lookup.read({ clientId: platform, id: verificationId, trace });
    if (kind === 'gone') {
      const { id: _id, ...left } = toTombstone(verification);
      return { row, status: 'gone', verificationId, code: 'verification_gone', ...left };
    }
    const { status, code = '' } = verification;
    if (status === 'refused') return { row, status, verificationId, code };
    return { row, status, verificationId, verification: toAnswer(verification) };
  } catch (failure) {
    if (failure instanceof TerminalError && failure.code !== 'internal')
      return { row, status: 'withheld', verificationId, code: failure.code };
    throw failure;
  }
}
