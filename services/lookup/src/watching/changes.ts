import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import type { Logger } from '@vouch/telemetry';
import type { Mark } from '../keeping/read-marks.js';

/** Tells those who wait that a verification has changed, whichever process committed it. */
export interface Changes extends AsyncDisposable {
  /** Resolves with true once the verification does not stand as `known` any more, with false when the signal aborts or this process stops. */
  next(id: string, known: Mark, signal: AbortSignal): Promise<boolean>;
  /** This process has committed a change: who waits for it need not wait for the next look. */
  committed(id: string): void;
  /** True once nothing is told any more. */
  readonly stopped: boolean;
}

interface Waiter {
  readonly known: Mark;
  settle(changed: boolean): void;
}

/**
 * Looks after verifications that somebody waits for: one look at the store for all of them together, however many wait, and none while
 * nobody does. What this process commits itself is told at once.
 */
export function createChanges(options: {
  /** Marks of verifications by id, as committed. */
  readonly look: (ids: readonly string[]) => Promise<ReadonlyMap<string, Mark>>;
  readonly logger: Logger;
  /** Pause between two looks, milliseconds. */
  readonly everyMs: number;
}): Changes {
  const { look, logger, everyMs } = options;
  const stopping = new AbortController();
  const waiting = new Map<string, Set<Waiter>>();
  let running: Promise<void> | undefined;
  let failing = false;

  async function lookOnce(): Promise<void> {
    try {
      const marks = await look([...waiting.keys()]);
      failing = false;
      for (const [id, mark] of marks) {
        for (const waiter of [...(waiting.get(id) ?? [])]) if (waiter.known !== mark) waiter.settle(true);
      }
    } catch (failure) {
      // Once an outage, not four times a second.
      if (!failing) logger.warn({ code: fromUnknown(failure).code }, 'changes of verifications cannot be seen');
      failing = true;
    }
  }

  async function loop(): Promise<void> {
    while (waiting.size > 0 && !stopping.signal.aborted) {
      await lookOnce();
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    running = undefined;
  }

  return {
    next(id, known, signal) {
      if (signal.aborted || stopping.signal.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const mine = waiting.get(id) ?? new Set();
        const abort = () => waiter.settle(false);
        const waiter: Waiter = {
          known,
          settle(changed) {
            signal.removeEventListener('abort', abort);
            mine.delete(waiter);
            if (mine.size === 0) waiting.delete(id);
            resolve(changed);
          },
        };
        waiting.set(id, mine.add(waiter));
        signal.addEventListener('abort', abort, { once: true });
        running ??= loop();
      });
    },
    committed(id) {
      for (const waiter of [...(waiting.get(id) ?? [])]) waiter.settle(true);
    },
    get stopped() {
      return stopping.signal.aborted;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const mine of [...waiting.values()]) for (const waiter of [...mine]) waiter.settle(false);
      await running;
    },
  };
}
