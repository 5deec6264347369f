import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import { familyThat, grantedConsent, lookupOf } from '../lookups.js';
import type { CollectedSpan, OtlpCollector } from '../otlp-collector.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

const CLAIMS = ['police.household-registered', 'housing.owns-home', 'tax.deed-tax-paid', 'social-security.insured-months'];

/** One lookup, one trace, across all processes, as an OTLP collector receives it. */
export function traceScenarios(vouch: () => VouchUnderTest, collector: () => OtlpCollector): void {
  describe('one trace', () => {
    it('shows the whole way of a lookup, with the right parents', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const traceId = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const callerSpan = 'a1b2c3d4e5f60718';
      await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent), { traceparent: `00-${traceId}-${callerSpan}-01` });

      // Each process exports in its own time: wait for a span of each kind, and for the parents of all.
      const kinds = ['POST /v1/verifications', 'commit', 'publish vouch.verification.v1', 'process vouch.audit.v1', ...CLAIMS];
      const spans = await eventually('every process has exported its spans', async () => {
        const own = collector().spans.filter((span) => span.traceId === traceId);
        const known = new Set([callerSpan, ...own.map(({ spanId }) => spanId)]);
        return kinds.every((kind) => own.some((span) => span.name === kind)) && own.every((span) => known.has(span.parentSpanId)) && own;
      });
      const byId = new Map(spans.map((span) => [span.spanId, span]));
      const ancestors = (span: CollectedSpan): string[] => {
        const parent = byId.get(span.parentSpanId);
        return parent ? [parent.name, ...ancestors(parent)] : [];
      };

      const roots = spans.filter((span) => !byId.has(span.parentSpanId));
      expect(roots.map((span) => span.name)).toEqual(['POST /v1/verifications']);
      expect(roots[0]?.parentSpanId).toBe(callerSpan);

      for (const claim of CLAIMS) {
        const asked = spans.find((span) => span.name === `evidence ${claim}`);
        expect(asked, claim).toBeDefined();
        expect(asked?.attributes).toMatchObject({
          'vouch.agency': claim.split('.')[0],
          'vouch.claim_type': claim,
          'vouch.region': '370102',
        });
        const answered = spans.find((span) => span.parentSpanId === asked?.spanId);
        expect(answered?.name, claim).toBe(claim);
        expect(answered?.attributes['vouch.outcome'], claim).toEqual(expect.any(String));
      }
      for (const name of ['commit', 'publish vouch.verification.v1', 'publish vouch.audit.v1']) {
        const span = spans.find((one) => one.name === name);
        expect(span, name).toBeDefined();
        expect(span && ancestors(span), name).toContain('POST /v1/verifications');
      }
      const redeem = spans.find((span) => span.name === 'redeem');
      expect(redeem && ancestors(redeem)).toContain('POST /v1/verifications');
      const consumed = spans.find((span) => span.name === 'process vouch.audit.v1');
      expect(consumed && ancestors(consumed)).toContain('publish vouch.audit.v1');
      expect(consumed?.attributes['messaging.destination.name']).toBe('vouch.audit.v1');
    });

    it('is not recorded when the caller says so', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const traceId = 'd'.repeat(31);
      await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent), { traceparent: `00-${traceId}1-a1b2c3d4e5f60718-00` });
      await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent), { traceparent: `00-${traceId}2-a1b2c3d4e5f60718-01` });
      await eventually('the later trace has arrived', async () => collector().spans.some((span) => span.traceId === `${traceId}2`));
      expect(collector().spans.filter((span) => span.traceId === `${traceId}1`)).toEqual([]);
    });
  });
}
