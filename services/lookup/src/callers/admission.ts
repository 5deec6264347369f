import type { ClientRights } from '@vouch/catalogue';
import { RetryableError } from '@vouch/errors';
import { LRUCache } from 'lru-cache';

/** How much may go on at once and how fast. */
export interface AdmissionLimits {
  /** Requests under way at once over all callers; one more gets `overloaded`. */
  readonly maxInFlight: number;
  /** Requests a second of one signed-in person. */
  readonly personRequestsPerSecond: number;
  /** Failed sign-ins a minute from one address before the next is told to wait. */
  readonly failuresPerMinute: number;
}

/** Lets requests in, or throws `rate_limited` or `overloaded` with the time to wait. One per process, for HTTP and gRPC together. */
export interface Admission {
  /** Counts a platform's request until it is released. */
  enterClient(rights: ClientRights): () => void;
  /** Counts a person's request until it is released. */
  enterPerson(subject: string): () => void;
  /**
   * Counts a failed sign-in; throws when too many from this address have failed lately. Only failures are held up: behind a shared address,
   * one who guesses tokens must not shut out those who have one.
   */
  failed(address: string): void;
  /** Requests under way. */
  readonly inFlight: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MOST_BUCKETS = 20_000;
const OVERLOADED_WAIT_MS = 1_000;

/** Admission with token buckets that hold one second's worth. `now`: milliseconds. */
export function createAdmission(limits: AdmissionLimits, now: () => number = Date.now): Admission {
  const buckets = new LRUCache<string, Bucket>({ max: MOST_BUCKETS });
  const underWay = new Map<string, number>();
  let inFlight = 0;

  /** Takes one; 0, or milliseconds to wait. */
  function take(key: string, perSecond: number, capacity: number): number {
    const time = now();
    const bucket = buckets.get(key) ?? { tokens: capacity, at: time };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((time - bucket.at) / 1_000) * perSecond);
    bucket.at = time;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1_000);
    bucket.tokens -= 1;
    return 0;
  }

  function enter(key: string, perSecond: number, maxConcurrent: number): () => void {
    if (inFlight >= limits.maxInFlight) throw new RetryableError('overloaded', { retryAfterMs: OVERLOADED_WAIT_MS });
    const mine = underWay.get(key) ?? 0;
    if (mine >= maxConcurrent) throw new RetryableError('rate_limited', { retryAfterMs: OVERLOADED_WAIT_MS });
    const waitMs = take(key, perSecond, Math.max(1, perSecond));
    if (waitMs > 0) throw new RetryableError('rate_limited', { retryAfterMs: waitMs });
    inFlight += 1;
    underWay.set(key, mine + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      inFlight -= 1;
      const left = (underWay.get(key) ?? 1) - 1;
      if (left > 0) underWay.set(key, left);
      else underWay.delete(key);
    };
  }

  return {
    enterClient: ({ id, requestsPerSecond, maxConcurrent }) => enter(`client ${id}`, requestsPerSecond, maxConcurrent),
    enterPerson: (subject) => enter(`person ${subject}`, limits.personRequestsPerSecond, limits.personRequestsPerSecond),
    failed(address) {
      const waitMs = take(`failures ${address}`, limits.failuresPerMinute / 60, limits.failuresPerMinute);
      if (waitMs > 0) throw new RetryableError('rate_limited', { retryAfterMs: waitMs });
    },
    get inFlight() {
      return inFlight;
    },
  };
}
