import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import { createUuid } from '@vouch/identity';
import { noteEnd } from './batch-rows.js';
import { PACE } from './bounds.js';
import { leaseNext, leaseOrphan, renewLeases } from './lease-rows.js';
import { createRowSlots } from './row-slots.js';
import { type ChunkParts, runChunk, type Stop, tidyChunk } from './run-chunk.js';
import { eraseCancelled, findRunning, removeOver, settlePending } from './sweep-rows.js';

/** Works on batches until closed. Any number of instances share them out, chunk by chunk. */
export interface BatchRunner extends AsyncDisposable {
  /** There may be something to do, or to be stopped. */
  wake(): void;
}

interface Held {
  readonly platform: string;
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** What working on batches needs. */
export interface RunnerParts extends Omit<ChunkParts, 'slots'> {
  /** Requests of a client's own that are under way. */
  readonly underWayOf: (clientId: string) => number;
  /** Platforms of which so many verifications are pending that no more of their rows may be asked. */
  readonly withoutRoom: () => readonly string[];
}

/** Starts working on batches. */
export function startBatchRunner({ underWayOf, withoutRoom, ...given }: RunnerParts): BatchRunner {
  const { store, catalogues, lookup, logger } = given;
  // A client's rows and requests share what it may have under way; its requests go first, and are never refused for its rows' sake.
  const mostOf = (platform: string) => (catalogues.current.client(platform)?.limits.concurrent ?? 0) - underWayOf(platform);
  const parts: ChunkParts = { ...given, slots: createRowSlots(PACE.mostRowsAtOnce, { peoplesLoad: () => lookup.peoplesLoad, mostOf }) };
  const held = new Map<string, Held>();
  const stopping = new AbortController();
  // Until the last chunk is put down its lease must last.
  const closed = new AbortController();
  let bell = new AbortController();

  const halt = ({ stop }: Held, reason: Stop): void => {
    if (!stop.signal.aborted) stop.abort(reason);
  };

  /**
   * Platforms of which no chunk is taken: enough are held here for all rows that they may have under way, and further ones would only keep
   * others out; or too much of theirs waits for an agency.
   */
  function busy(): string[] {
    const rows = new Map<string, number>();
    for (const { platform } of held.values()) rows.set(platform, (rows.get(platform) ?? 0) + PACE.mostRowsOfAChunk);
    const filled = [...rows]
      .filter(([platform, most]) => most >= (catalogues.current.client(platform)?.limits.concurrent ?? 0))
      .map(([platform]) => platform);
    return [...filled, ...withoutRoom()];
  }

  async function takeMore(): Promise<void> {
    while (held.size < PACE.mostChunks && !stopping.signal.aborted) {
      const token = createUuid();
      const chunk = await leaseNext(store, token, busy());
      if (!chunk) return;
      const stop = new AbortController();
      setMaxListeners(0, stop.signal);
      const over = runChunk(parts, chunk, stop.signal)
        .catch((failure: unknown) =>
          logger.error({ batchId: chunk.batchId, code: fromUnknown(failure).code, err: failure }, 'rows of a batch cannot be asked'),
        )
        .finally(() => {
          held.delete(token);
          bell.abort();
        });
      held.set(token, { platform: chunk.platform, stop, over });
    }
  }

  async function renew(): Promise<void> {
    const tokens = [...held.keys()];
    if (tokens.length === 0) return;
    const statuses = await renewLeases(store, tokens);
    const full = withoutRoom();
    for (const token of tokens) {
      const status = statuses.get(token);
      const one = held.get(token);
      if (!one) continue;
      if (status === undefined) halt(one, 'lost');
      else if (status === 'paused' || status === 'cancelled') halt(one, status);
      else if (full.includes(one.platform) && !one.stop.signal.aborted) {
        logger.warn({ platform: one.platform }, 'rows of a batch wait: too many verifications of their platform are pending');
        halt(one, 'full');
      }
    }
  }

  async function sweep(): Promise<void> {
    for (;;) {
      const orphan = await leaseOrphan(store, createUuid());
      if (!orphan) break;
      await tidyChunk(parts, orphan);
    }
    const settled = await settlePending(store);
    for (const id of new Set([...settled, ...(await findRunning(store))])) await noteEnd(store, id);
    await eraseCancelled(store);
    await removeOver(store);
  }

  /** Does something again and again; what stands in its way now may be gone the next time. */
  async function repeat(what: () => Promise<void>, wait: () => Promise<unknown>, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      try {
        await what();
      } catch (failure) {
        logger.warn({ code: fromUnknown(failure).code, err: failure }, 'batches cannot be worked on');
      }
      await wait();
    }
  }
  const after = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal }).catch(() => undefined);
  const untilBell = async (): Promise<void> => {
    await after(PACE.lookEveryMs, bell.signal);
    if (!stopping.signal.aborted) bell = new AbortController();
  };

  const taking = repeat(takeMore, untilBell, stopping.signal);
  const sweeping = repeat(sweep, () => after(PACE.sweepEveryMs, stopping.signal), stopping.signal);
  const renewing = repeat(renew, () => after(PACE.renewEveryMs, closed.signal), closed.signal);
  return {
    wake() {
      bell.abort();
      // What was just paused or cancelled is seen here at once; a failure is told by the next round.
      void renew().catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      bell.abort();
      await Promise.all([taking, sweeping]);
      for (const one of held.values()) halt(one, 'stopping');
      await Promise.all([...held.values()].map(({ over }) => over));
      closed.abort();
      await renewing;
    },
  };
}
