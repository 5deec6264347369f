/** Keeps to a quota in a time, so that a crowd waits a moment in the hub and is not refused by the agency. */
export interface Pace {
  /** How many of `wanted` may be sent at `now` (milliseconds); they count as sent. */
  take(wanted: number, now: number): number;
  /** Milliseconds from `now` until one more may be sent, so that no more than `most` (the quota unless said) are in the window; 0: now. */
  waitMs(now: number, most?: number): number;
}

const SECOND_MS = 1000;

/**
 * Never more than the quota in any window, however the agency cuts its seconds.
 * @param quota queries in a window; 0: without end
 * @param windowMs a second unless said
 */
export function createPace(quota: number, windowMs = SECOND_MS): Pace {
  if (quota <= 0) return { take: (wanted) => wanted, waitMs: () => 0 };
  // What was sent in the last window, oldest first; one entry an instant.
  let sent: { readonly at: number; count: number }[] = [];
  let total = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let setBackMs = 0;

  /** Forgets what is over; returns the time to go by. When the clock is set back it does not run back, and stands still for a second at most. */
  function forget(now: number): number {
    if (now + setBackMs < latest - SECOND_MS) setBackMs = latest - now;
    latest = Math.max(latest, now + setBackMs);
    if (sent[0] && sent[0].at <= latest - windowMs) {
      const first = sent.findIndex(({ at }) => at > latest - windowMs);
      const over = first < 0 ? sent : sent.slice(0, first);
      for (const { count } of over) total -= count;
      sent = sent.slice(over.length);
    }
    return latest;
  }

  return {
    take(wanted, now) {
      const at = forget(now);
      const count = Math.min(wanted, quota - total);
      if (count <= 0) return 0;
      const last = sent.at(-1);
      if (last?.at === at) last.count += count;
      else sent.push({ at, count });
      total += count;
      return count;
    },
    waitMs(now, most = quota) {
      const at = forget(now);
      let over = total - most + 1;
      if (over <= 0) return 0;
      for (const entry of sent) {
        over -= entry.count;
        if (over <= 0) return entry.at + windowMs - at;
      }
      return windowMs;
    },
  };
}
