import { LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LookupUnderTest, SMALL_PLATFORM, startLookupUnderTest } from './lookup-under-test.js';

let lookup: LookupUnderTest;

beforeAll(async () => {
  lookup = await startLookupUnderTest();
});
afterAll(() => lookup?.[Symbol.asyncDispose]());

const ABSENT = '00000000-0000-4000-8000-000000000000';

describe('a client', () => {
  it('is told its limits and what is left of them, and past them when to come again: one budget over HTTP and gRPC', async () => {
    const token = await lookup.platformToken(SMALL_PLATFORM);
    const read = () => lookup.call(`/v1/verifications/${ABSENT}`, { token });
    await using port = dial(LookupServiceService, {
      address: lookup.grpcAddress,
      tracer: silentTracer,
      metadata: { authorization: `Bearer ${token}` },
    });
    const readOverGrpc = () =>
      port.getVerification({ id: ABSENT }, { signal: new AbortController().signal }).then(
        () => undefined,
        (failure: unknown) => failure,
      );

    const first = await read();
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([
      404,
      '"rate";q=10;w=2, "concurrency";q=4;qu="concurrent-requests"',
    ]);
    expect(first.headers.get('ratelimit')).toMatch(/^"rate";r=9;t=1, "concurrency";r=3$/);

    // Over gRPC what is left is used up.
    let refused: unknown;
    for (let n = 0; n < 200 && !refused; n++) {
      const failure = await readOverGrpc();
      if ((failure as { code?: string }).code !== 'verification_not_found') refused = failure;
    }
    expect(refused).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: expect.any(Number) });

    const limited = await read();
    expect([limited.status, limited.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(limited.headers.get('ratelimit')).toMatch(/^"rate";r=0;t=2, "concurrency";r=4$/);
    // Others are served.
    expect((await lookup.call(`/v1/verifications/${ABSENT}`)).status).toBe(404);
  });
});
