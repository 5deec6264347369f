/** A token bucket that holds one second's worth. */
export interface RateLimit {
  readonly perSecond: number;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  tokens: number;
  filledAt: number;
}

/** A full bucket. */
export function createRateLimit(perSecond: number, now: () => number = () => performance.now()): RateLimit {
  return { perSecond, now, tokens: perSecond, filledAt: now() };
}

/** Takes one token; false when there is none. */
export function takeFrom(limit: RateLimit): boolean {
  const now = limit.now();
  limit.tokens = Math.min(limit.perSecond, limit.tokens + ((now - limit.filledAt) / 1000) * limit.perSecond);
  limit.filledAt = now;
  if (limit.tokens < 1) return false;
  limit.tokens -= 1;
  return true;
}
