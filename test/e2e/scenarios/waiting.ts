import { LookupServiceService, VerificationStatus } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import { setFaults, withFaults } from '../faults.js';
import { familyThat, grantedConsent, lookupOf } from '../lookups.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

/** A pending answer that the platform waits for. */
export function waitingScenarios(vouch: () => VouchUnderTest): void {
  /** A verification that waits for an agency that hangs. */
  async function pending(overrides: { retryForSeconds?: number } = {}): Promise<string> {
    const family = familyThat(vouch(), 'met');
    const consent = await grantedConsent(vouch(), family);
    const { body } = await vouch()
      .platform()
      .verify(lookupOf(vouch(), family, consent, { timeBudgetMs: 1_000, ...overrides }));
    expect(body.status).toBe('pending');
    return body.id;
  }

  describe('waiting for a pending answer', () => {
    it('by one call, by events and over gRPC brings the same end, without asking again', async () => {
      await withFaults(vouch(), 'housing', { hang: true }, async () => {
        const id = await pending();
        const platform = vouch().platform();
        await using port = dial(LookupServiceService, { address: vouch().demo.lookupGrpcAddress, tracer: silentTracer });
        const metadata = { authorization: `Bearer ${await platform.token()}` };
        const states: VerificationStatus[] = [];
        const overGrpc = (async () => {
          const call = { signal: AbortSignal.timeout(60_000), metadata };
          for await (const { verification } of port.watchVerification({ id, afterSequence: 0 }, call)) {
            states.push(verification?.status ?? VerificationStatus.UNSPECIFIED);
          }
        })();
        const waiting = platform.verification(id, { waitSeconds: 60 });
        const seen: [number, string][] = [];
        for await (const { sequence, verification } of platform.watch(id)) {
          seen.push([sequence, verification.status]);
          if (seen.length > 1) continue;
          await eventually('it is told over gRPC', async () => states.length > 0);
          await setFaults(vouch(), 'housing', {});
        }
        const { body, headers } = await waiting;
        expect(headers.get('preference-applied')).toBe('wait=60');
        expect(body).toMatchObject({ id, status: 'complete', verdict: 'met' });
        expect(body).toEqual((await platform.verification(id)).body);
        expect(seen[0]).toEqual([1, 'pending']);
        expect(seen.at(-1)).toEqual([seen.length, 'complete']);
        await overGrpc;
        expect([states[0], states.at(-1)]).toEqual([VerificationStatus.PENDING, VerificationStatus.COMPLETE]);
        const rest = [];
        for await (const { sequence } of platform.watch(id, { after: seen.length })) rest.push(sequence);
        expect(rest).toEqual([]);
      });
    });

    it('ends when its time is over, with the reason', async () => {
      await withFaults(vouch(), 'housing', { hang: true }, async () => {
        const { body } = await vouch()
          .platform()
          .verification(await pending({ retryForSeconds: 3 }), { waitSeconds: 60 });
        expect(body).toMatchObject({ status: 'closed', code: 'retry_time_over', verdict: 'undetermined' });
      });
    });

    it('goes on over the death of every process', async () => {
      await setFaults(vouch(), 'housing', { hang: true });
      const id = await pending();
      await vouch().kill9();
      await vouch().start();
      // The mock registry is healthy again, as it started anew.
      const last = await eventually('it can be waited for', async () => {
        const { body } = await vouch().platform().verification(id, { waitSeconds: 30 });
        return body.status !== 'pending' && body;
      });
      expect(last).toMatchObject({ status: 'complete', verdict: 'met' });
    });
  });
}
