const FIRST_MS = 100;
const JITTER = 0.2;

/** How long to wait after the n-th failure in a row (from 1), milliseconds: doubling, with jitter, so that many don't come back as one. */
export function backOffMs(failures: number, longestMs = 30_000): number {
  const wait = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 20), longestMs);
  return wait * (1 - JITTER + 2 * JITTER * Math.random());
}
