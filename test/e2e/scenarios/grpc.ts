import { randomUUID } from 'node:crypto';
import { CreateVerificationRequest, LookupServiceService, VerdictResult, VerificationStatus } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import { familyThat, grantedConsent, lookupOf } from '../lookups.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

/** The same lookup over gRPC: same answers, same codes, same idempotency keys. */
export function grpcScenarios(vouch: () => VouchUnderTest): void {
  const lookup = () => dial(LookupServiceService, { address: vouch().demo.lookupGrpcAddress, tracer: silentTracer });
  const call = async (metadata: Record<string, string> = {}) => ({
    signal: AbortSignal.timeout(10_000),
    metadata: { authorization: `Bearer ${await vouch().platform().token()}`, ...metadata },
  });
  const requestOf = (consentId: string, overrides: Partial<CreateVerificationRequest> = {}) =>
    CreateVerificationRequest.create({
      purpose: 'school-enrolment',
      region: vouch().demo.region,
      requirementSet: vouch().demo.requirementSet,
      subjects: familyThat(vouch(), 'met').subjects,
      legalBasis: { basis: { $case: 'consentId', value: consentId } },
      timeBudgetMs: 5_000,
      ...overrides,
    });

  describe('over gRPC', () => {
    it('answers as HTTP does, and either finds what the other made by the same key', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const idempotencyKey = randomUUID();
      await using port = lookup();
      const { verification } = await port.createVerification(requestOf(consent), await call({ 'idempotency-key': idempotencyKey }));
      expect(verification).toMatchObject({
        status: VerificationStatus.COMPLETE,
        verdict: VerdictResult.MET,
        legalBasis: 'consent',
        consentId: consent,
      });
      const overHttp = await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent), { idempotencyKey });
      expect(overHttp.body.id).toBe(verification?.id);
      expect(overHttp.body.claims.map((claim) => claim.outcome)).toEqual(verification?.claims.map((claim) => claim.outcome));
      const again = await port.getVerification({ id: overHttp.body.id }, await call());
      expect(again.verification).toEqual(verification);
      expect((await vouch().platform().consent(consent)).body.uses).toBe(1);
    });

    it('refuses with the same codes', async () => {
      await using port = lookup();
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family, { claimTypes: ['police.guardian-of'] });
      await expect(port.createVerification(requestOf(consent), await call())).rejects.toMatchObject({ code: 'claim_type_not_covered' });
      await expect(port.createVerification(requestOf(consent, { region: '370202' }), await call())).rejects.toMatchObject({
        code: 'region_not_allowed',
      });
      await expect(port.createVerification(requestOf(consent), { signal: AbortSignal.timeout(5_000) })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
      await expect(port.getVerification({ id: randomUUID() }, await call())).rejects.toMatchObject({ code: 'verification_not_found' });
    });

    it('names every fault at once', async () => {
      await using port = lookup();
      const faulty = requestOf('no-uuid', { purpose: '', subjects: { child: { idNumber: '1', name: '' } } });
      const failure = await port.createVerification(faulty, await call()).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'request_invalid' });
      const pointers = (failure as { faults: { pointer: string }[] }).faults.map(({ pointer }) => pointer);
      expect(pointers).toEqual(
        expect.arrayContaining(['/purpose', '/subjects/child/idNumber', '/subjects/child/name', '/legalBasis/consentId']),
      );
    });
  });
}
