/** How many requests may be under way at once, as it stands: fewer while this process is late with its work. */
export interface LoadLimit {
  readonly limit: number;
  /** What was seen since the last time: how late work was begun, milliseconds, and the most requests under way. */
  observe(delayMs: number, busiest: number): void;
}

/** Later than this, work waits behind work that nobody may wait for any more. */
const TOO_LATE_MS = 100;
const FAR_TOO_LATE_MS = 2 * TOO_LATE_MS;
const CUT = 0.9;
const LARGE_CUT = 0.7;
const GROWTH = 0.05;
/** With no more than this under way nobody is turned away, however late the process is: it is late of something else. */
export const FEWEST_LET_IN = 128;

/**
 * A limit between few and `max` that shrinks in proportion while the event loop is late and grows again by a twentieth when it is not. What is
 * turned away is turned away at once and cheaply, so what is let in is served about as fast as ever, however much is asked.
 */
export function createLoadLimit(max: number): LoadLimit {
  const min = Math.min(FEWEST_LET_IN, max);
  let limit = max;
  return {
    get limit() {
      return limit;
    },
    observe(delayMs, busiest) {
      if (delayMs > TOO_LATE_MS) {
        if (busiest <= min) return;
        const cut = delayMs > FAR_TOO_LATE_MS ? LARGE_CUT : CUT;
        limit = Math.max(min, Math.floor(Math.min(limit, busiest) * cut));
      } else if (delayMs < TOO_LATE_MS / 2) limit = Math.min(max, limit + Math.ceil(limit * GROWTH));
    },
  };
}

const LOOK_EVERY_MS = 50;
// Weight of the newest look: one collection of garbage is not yet load.
const NEWEST = 0.4;

/**
 * Tells a limit how late this process's event loop is, until disposed, by how late its own timer is. (perf_hooks' histogram misses a loop that is
 * blocked again and again: after each reset it wants one more turn before it counts.) `underWay`: requests under way now.
 */
export function watchEventLoop(limit: Pick<LoadLimit, 'observe'>, underWay: () => number): AsyncDisposable {
  let due = performance.now() + LOOK_EVERY_MS;
  let delayMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    delayMs += (Math.max(0, now - due) - delayMs) * NEWEST;
    due = now + LOOK_EVERY_MS;
    limit.observe(delayMs, underWay());
  }, LOOK_EVERY_MS).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
    },
  };
}
