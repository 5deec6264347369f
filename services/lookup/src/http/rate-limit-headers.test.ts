import { expect, it } from 'vitest';
import { toRateLimitHeaders } from './rate-limit-headers.js';

it.each([
  [{ requestsPerSecond: 5, burst: 10, concurrent: 4 }, 'q=10;w=2'],
  [{ requestsPerSecond: 0.5, burst: 1, concurrent: 4 }, 'q=1;w=2'],
  [{ requestsPerSecond: 100, burst: 10, concurrent: 4 }, 'q=10;w=1'],
])('writes the policy %j and what is left of it', (limits, rate) => {
  expect(toRateLimitHeaders({ limits, remaining: 3, fullInS: 2, free: 1 })).toEqual({
    'ratelimit-policy': `"rate";${rate}, "concurrency";q=4;qu="concurrent-requests"`,
    ratelimit: '"rate";r=3;t=2, "concurrency";r=1',
  });
});
