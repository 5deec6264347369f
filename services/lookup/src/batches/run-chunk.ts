import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import type { LookupStore } from '../keeping/store.js';
import type { BatchStatus, RowOutcome } from './batch.js';
import { noteEnd } from './batch-rows.js';
import { PACE } from './bounds.js';
import { sealLines, unsealLines } from './chunks.js';
import { type LeasedChunk, saveOutcomes } from './lease-rows.js';
import type { RowSlots } from './row-slots.js';
import { findOutcome, type RowParts, runRow } from './run-row.js';

/** What working on chunks needs. */
export interface ChunkParts extends RowParts {
  readonly store: LookupStore;
  readonly slots: RowSlots;
}

/** Why a chunk is put down before it is over; `full`: too many verifications of its platform are pending. */
export type Stop = 'full' | 'paused' | 'cancelled' | 'lost' | 'stopping';

/**
 * Asks the rows of a leased chunk that have no outcome yet, several at once, in order. What they come to is saved every now and then and
 * at the end; if this process dies in between, the verifications are there, and whoever takes the chunk over finds them by their keys.
 */
export async function runChunk(parts: ChunkParts, chunk: LeasedChunk, stop: AbortSignal): Promise<void> {
  const { slots } = parts;
  const { batchId, platform, firstRow, rowCount, untouchedUntil } = chunk;
  const lines = chunk.sealed ? unsealLines(parts.keyring, batchId, chunk.number, chunk.sealed) : [];
  const outcomes = outcomesOf(chunk);
  let next = 0;
  let unsaved = false;

  async function work(): Promise<void> {
    while (!stop.aborted && next < rowCount) {
      const index = next++;
      if (outcomes[index]) continue;
      if (!(await slots.enter(platform, stop))) return;
      try {
        if (stop.aborted) return;
        const outcome = await runRow(parts, { batchId, platform, row: firstRow + index, line: lines[index] ?? '', untouchedUntil }, stop);
        if (outcome) outcomes[index] = outcome;
        unsaved = true;
      } finally {
        slots.leave(platform);
      }
    }
  }

  const over = new AbortController();
  const saving = (async () => {
    while (!over.signal.aborted) {
      await pause(PACE.saveEveryMs, undefined, { signal: over.signal }).catch(() => undefined);
      if (!unsaved || over.signal.aborted) continue;
      unsaved = false;
      // What is not saved now is saved next time.
      await saveOutcomes(parts.store, chunk, { outcomes, release: false }).catch(() => undefined);
    }
  })();
  await Promise.all(Array.from({ length: Math.min(PACE.mostRowsOfAChunk, rowCount) }, work));
  over.abort();
  await saving;
  await putDown(parts, chunk, outcomes, lines, stop);
}

/** Gives a chunk back. Of its rows only those are kept that are still to be asked. */
async function putDown(
  { store, keyring, logger }: ChunkParts,
  chunk: LeasedChunk,
  outcomes: readonly (RowOutcome | null)[],
  lines: readonly string[],
  stop: AbortSignal,
): Promise<void> {
  const { batchId, number } = chunk;
  if (stop.reason === 'lost') return;
  const rest = lines.map((line, index) => (outcomes[index] ? '' : line));
  const over = outcomes.every((outcome) => outcome !== null);
  const sealed = over || stop.reason === 'cancelled' ? null : sealLines(keyring, batchId, number, rest);
  // As long as the lease is ours nobody else can write it; while the store is away there is nothing better to do than to try again.
  for (let tries = 0; ; tries += 1) {
    try {
      if (await saveOutcomes(store, chunk, { outcomes, sealed, release: true })) await noteEnd(store, batchId);
      return;
    } catch (failure) {
      logger.warn({ batchId, code: fromUnknown(failure).code, err: failure }, 'what came of rows of a batch cannot be saved');
      if (stop.aborted && tries > 0) return;
      await pause(PACE.longestRetryMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

/** Puts down a chunk of a paused or cancelled batch for an instance that died over it: nothing is asked, what was asked is found. */
export async function tidyChunk(parts: ChunkParts, chunk: LeasedChunk & { readonly status: BatchStatus }): Promise<void> {
  const { batchId, platform, firstRow } = chunk;
  const outcomes = outcomesOf(chunk);
  const lines = chunk.sealed ? unsealLines(parts.keyring, batchId, chunk.number, chunk.sealed) : [];
  await Promise.all(
    outcomes.map(async (outcome, index) => {
      outcomes[index] = outcome ?? (await findOutcome(parts, { batchId, platform, row: firstRow + index })) ?? null;
    }),
  );
  const stop: Stop = chunk.status === 'cancelled' ? 'cancelled' : 'paused';
  await putDown(parts, chunk, outcomes, lines, AbortSignal.abort(stop));
}

const outcomesOf = ({ outcomes, rowCount }: LeasedChunk): (RowOutcome | null)[] =>
  Array.from({ length: rowCount }, (_, index) => outcomes?.[index] ?? null);
