import { LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LookupUnderTest, lookupBody, SMALL_PLATFORM, startLookupUnderTest } from './lookup-under-test.js';

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

    // A place may have come free again meanwhile; a budget of its own would let nine more in.
    let limited = await read();
    for (let more = 0; more < 3 && limited.status === 404; more++) limited = await read();
    expect([limited.status, limited.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(limited.headers.get('ratelimit')).toMatch(/^"rate";r=0;t=2, "concurrency";r=4$/);
    // Others are served.
    expect((await lookup.call(`/v1/verifications/${ABSENT}`)).status).toBe(404);
  });
});

describe('when all places are taken', () => {
  it('everybody else is turned away before the token is looked at, over HTTP and gRPC, and served again when one is free', async () => {
    await lookup.restart({ maxInFlight: 1 });
    const { housing } = lookup.providers;
    housing.answer('housing.owns-home', 'hang');
    const slow = lookup.call('/v1/verifications', { method: 'POST', body: lookupBody({ timeBudgetMs: 5_000 }) });
    while ((housing.asked.get('housing.owns-home') ?? 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    const turnedAway = await lookup.call('/v1/verifications', { method: 'POST', token: null, body: {} });
    expect([turnedAway.status, turnedAway.body.code]).toEqual([503, 'overloaded']);
    expect(Number(turnedAway.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await using stranger = dial(LookupServiceService, { address: lookup.grpcAddress, tracer: silentTracer });
    const call = { signal: new AbortController().signal };
    await expect(stranger.getVerification({ id: ABSENT }, call)).rejects.toMatchObject({
      code: 'overloaded',
      retryable: true,
      retryAfterMs: expect.any(Number),
    });
    expect((await lookup.call('/health/live', { token: null })).status).toBe(200);

    expect((await slow).status).toBe(202);
    await expect(stranger.getVerification({ id: ABSENT }, call)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await lookup.call('/v1/verifications', { method: 'POST', token: null, body: {} })).status).toBe(401);
  });
});
