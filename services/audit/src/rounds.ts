import { setTimeout as delay } from 'node:timers/promises';

/** Lets what comes in small pieces come in larger ones. */
export interface Rounds {
  /**
   * Notes that a partition brings a piece, and returns a function that waits until the next one is wanted: whoever brings pieces calls it
   * when they have dealt with this one, so that meanwhile the others pile up where they are kept. An aborted signal ends the wait.
   */
  begin(partition: number): (signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Rounds that last `ms` from their first piece on. A round has one piece of each partition: those that could not be brought at once with the
 * others, since only some partitions are read at a time, are not kept back for another round.
 */
export function createRounds(ms: number): Rounds {
  const brought = new Set<number>();
  let startedAt = 0;
  return {
    begin(partition) {
      if (brought.size === 0 || brought.has(partition)) {
        brought.clear();
        startedAt = performance.now();
      }
      brought.add(partition);
      const end = startedAt + ms;
      return async (signal) => {
        const left = end - performance.now();
        if (left > 0) await delay(left, undefined, { signal }).catch(() => undefined);
      };
    },
  };
}
