import type { ClientLimits } from '@vouch/catalogue';
import type { Allowance } from '../callers/admission.js';

// Clients are few and their limits do not change: the text of each is made once.
const policies = new WeakMap<ClientLimits, string>();

/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers (10) writes them: what a caller may ask, and what is left.
 * `rate` is a token bucket: `q` requests may come at once, and are there again after `w` seconds; `concurrency` is what may be under way.
 */
export function toRateLimitHeaders({ limits, remaining, fullInS, free }: Allowance): Record<string, string> {
  return {
    'ratelimit-policy': policyOf(limits),
    ratelimit: `"rate";r=${remaining};t=${fullInS}, "concurrency";r=${free}`,
  };
}

function policyOf(limits: ClientLimits): string {
  const known = policies.get(limits);
  if (known) return known;
  const { requestsPerSecond, burst, concurrent } = limits;
  const windowS = Math.max(1, Math.ceil(burst / requestsPerSecond));
  const policy = `"rate";q=${burst};w=${windowS}, "concurrency";q=${concurrent};qu="concurrent-requests"`;
  policies.set(limits, policy);
  return policy;
}
