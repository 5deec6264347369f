/** Pauses that double up to a limit, with jitter so that many hubs do not come back at once. */
export interface Backoff {
  /** The next pause, milliseconds: between half and all of what doubling gives. */
  next(): number;
  /** Starts again from the first pause. */
  reset(): void;
}

/** @param first first pause, milliseconds; @param longest limit, milliseconds; @param random from 0 up to 1 */
export function createBackoff(first: number, longest: number, random: () => number = Math.random): Backoff {
  let pause = first;
  return {
    next() {
      const jittered = pause * (0.5 + random() / 2);
      pause = Math.min(pause * 2, longest);
      return jittered;
    },
    reset() {
      pause = first;
    },
  };
}
