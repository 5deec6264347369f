/** Keeps to a quota a second, so that a crowd waits a moment in the hub and is not refused by the agency. */
export interface Pace {
  /** How many of `wanted` may be sent at `now` (milliseconds); they count as sent. */
  take(wanted: number, now: number): number;
  /** Milliseconds from `now` until one more may be sent; 0: now. */
  waitMs(now: number): number;
}

const SECOND_MS = 1000;

/**
 * Never more than the quota in any second, however the agency cuts its seconds.
 * @param perSecond the quota; 0: none
 */
export function createPace(perSecond: number): Pace {
  if (perSecond <= 0) return { take: (wanted) => wanted, waitMs: () => 0 };
  // What was sent in the last second, oldest first; one entry a batch.
  let sent: { readonly at: number; readonly count: number }[] = [];
  let total = 0;
  let latest = Number.NEGATIVE_INFINITY;

  /** Forgets what is over; returns the time to go by, which does not run back when the clock is set back. */
  function forget(now: number): number {
    latest = Math.max(latest, now);
    const first = sent.findIndex(({ at }) => at > latest - SECOND_MS);
    const over = first < 0 ? sent : sent.slice(0, first);
    if (over.length > 0) {
      for (const { count } of over) total -= count;
      sent = sent.slice(over.length);
    }
    return latest;
  }

  return {
    take(wanted, now) {
      const at = forget(now);
      const count = Math.min(wanted, perSecond - total);
      if (count > 0) {
        sent.push({ at, count });
        total += count;
      }
      return count;
    },
    waitMs(now) {
      const at = forget(now);
      const [oldest] = sent;
      return total < perSecond || !oldest ? 0 : oldest.at + SECOND_MS - at;
    },
  };
}
