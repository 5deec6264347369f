import type { ClientLimits, ClientRights } from '@vouch/catalogue';
import { RetryableError, type VouchError } from '@vouch/errors';
import { LRUCache } from 'lru-cache';

/** How much may go on at once and how fast. */
export interface AdmissionLimits {
  /** Requests under way at once over all callers, as it stands; one more gets `overloaded`. */
  readonly maxInFlight: number;
  /** Requests a second of one signed-in person. */
  readonly personRequestsPerSecond: number;
  /** Failed sign-ins a minute from one address before the next is told to wait. */
  readonly failuresPerMinute: number;
}

/** What a caller may ask, and what is left of it. */
export interface Allowance {
  readonly limits: ClientLimits;
  /** Whole requests that may come now. */
  readonly remaining: number;
  /** Seconds until all of `limits.burst` may come. */
  readonly fullInS: number;
  /** How many more may be under way. */
  readonly free: number;
}

/** One request: let in, or refused with `rate_limited` or `overloaded` and the time to wait. */
export interface Entry {
  readonly allowance: Allowance;
  readonly refusal?: VouchError;
  /** The request is over. */
  leave(): void;
}

/** Lets requests in. One per process, for HTTP and gRPC together. */
export interface Admission {
  /** Throws `overloaded` when no more may come in. Costs nothing: asked before anything else is done for a request. */
  assertRoom(): void;
  /** Counts a platform's request until it leaves. */
  enterClient(rights: ClientRights): Entry;
  /** Counts a person's request until it leaves. */
  enterPerson(subject: string): Entry;
  /**
   * Counts a failed sign-in; throws when too many from this address have failed lately. Only failures are held up: behind a shared address,
   * one who guesses tokens must not shut out those who have one.
   */
  failed(address: string): void;
  /** Requests under way. */
  readonly inFlight: number;
  /** Those of one platform. */
  underWayOf(clientId: string): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Callers whose pace is remembered; the ones that were quiet longest are forgotten first. */
export const MOST_BUCKETS = 20_000;
const OVERLOADED_WAIT_MS = 1_000;
const TOO_MANY_AT_ONCE = 'Too many requests of this caller are under way';

// Spread, so that those who are turned away together do not come back together.
const overloaded = (): VouchError => new RetryableError('overloaded', { retryAfterMs: OVERLOADED_WAIT_MS * (1 + 2 * Math.random()) });

const keyOf = (clientId: string): string => `client ${clientId}`;

/** Admission with token buckets. `now`: milliseconds of a clock that is never set back. */
export function createAdmission(limits: AdmissionLimits, now: () => number = () => performance.now()): Admission {
  const buckets = new LRUCache<string, Bucket>({ max: MOST_BUCKETS });
  const underWay = new Map<string, number>();
  let inFlight = 0;

  /** The bucket as it is now. */
  function fill(key: string, perSecond: number, capacity: number): Bucket {
    const time = now();
    const bucket = buckets.get(key) ?? { tokens: capacity, at: time };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((time - bucket.at) / 1_000) * perSecond);
    bucket.at = time;
    buckets.set(key, bucket);
    return bucket;
  }

  /** Takes one; 0, or milliseconds to wait. */
  function take(bucket: Bucket, perSecond: number): number {
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1_000);
    bucket.tokens -= 1;
    return 0;
  }

  function refusalOf(bucket: Bucket, mine: number, { requestsPerSecond, concurrent }: ClientLimits): VouchError | undefined {
    if (inFlight >= limits.maxInFlight) return overloaded();
    if (mine >= concurrent) return new RetryableError('rate_limited', { detail: TOO_MANY_AT_ONCE, retryAfterMs: OVERLOADED_WAIT_MS });
    const waitMs = take(bucket, requestsPerSecond);
    return waitMs > 0 ? new RetryableError('rate_limited', { retryAfterMs: waitMs }) : undefined;
  }

  function enter(key: string, mayAsk: ClientLimits): Entry {
    const { requestsPerSecond, burst, concurrent } = mayAsk;
    const mine = underWay.get(key) ?? 0;
    const bucket = fill(key, requestsPerSecond, burst);
    const refusal = refusalOf(bucket, mine, mayAsk);
    const allowance: Allowance = {
      limits: mayAsk,
      remaining: Math.floor(bucket.tokens),
      fullInS: Math.ceil((burst - bucket.tokens) / requestsPerSecond),
      free: Math.max(0, concurrent - mine - (refusal ? 0 : 1)),
    };
    if (refusal) return { allowance, refusal, leave: () => {} };
    inFlight += 1;
    underWay.set(key, mine + 1);
    let inside = true;
    return {
      allowance,
      leave() {
        if (!inside) return;
        inside = false;
        inFlight -= 1;
        const left = (underWay.get(key) ?? 1) - 1;
        if (left > 0) underWay.set(key, left);
        else underWay.delete(key);
      },
    };
  }

  const { personRequestsPerSecond: perPerson } = limits;
  const ofPersons: ClientLimits = { requestsPerSecond: perPerson, burst: perPerson, concurrent: perPerson };

  return {
    assertRoom() {
      if (inFlight >= limits.maxInFlight) throw overloaded();
    },
    enterClient: ({ id, limits: ofClient }) => enter(keyOf(id), ofClient),
    enterPerson: (subject) => enter(`person ${subject}`, ofPersons),
    failed(address) {
      const perSecond = limits.failuresPerMinute / 60;
      const waitMs = take(fill(`failures ${address}`, perSecond, limits.failuresPerMinute), perSecond);
      if (waitMs > 0) throw new RetryableError('rate_limited', { retryAfterMs: waitMs });
    },
    get inFlight() {
      return inFlight;
    },
    underWayOf: (clientId) => underWay.get(keyOf(clientId)) ?? 0,
  };
}
