import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import { withFaults } from '../faults.js';
import { consentFor, familyThat, grantedConsent, lookupOf, problemOf } from '../lookups.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

/** No answer without a basis. */
export function basisScenarios(vouch: () => VouchUnderTest): void {
  const refusal = async (consentId: string, overrides = {}) => {
    const family = familyThat(vouch(), 'met');
    return problemOf(
      vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consentId, overrides)),
    );
  };

  describe('legal basis', () => {
    it('refuses a consent that nobody has granted, and keeps the refusal', async () => {
      const family = familyThat(vouch(), 'met');
      const { body } = await vouch().platform().requestConsent(consentFor(family));
      const problem = await refusal(body.id);
      expect(problem).toMatchObject({ status: 403, code: 'consent_not_granted', verificationId: expect.any(String) });
      const kept = await vouch()
        .platform()
        .verification(problem.verificationId ?? '');
      expect(kept.body).toMatchObject({ status: 'refused' });
    });

    it('refuses a consent that the guardian has refused', async () => {
      const family = familyThat(vouch(), 'met');
      const { body } = await vouch().platform().requestConsent(consentFor(family));
      expect((await vouch().person(family.guardian).refuse(body.id)).body.status).toBe('refused');
      expect(await refusal(body.id)).toMatchObject({ status: 403, code: 'consent_not_granted' });
    });

    it('refuses an expired consent', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family, { validUntil: new Date(Date.now() + 5_000).toISOString(), maxUses: 1_000 });
      await eventually('the consent has expired', async () => (await refusal(consent)).code === 'consent_expired');
    });

    it('refuses a consent that is not valid yet', async () => {
      const family = familyThat(vouch(), 'met');
      const validFrom = new Date(Date.now() + 3_600_000).toISOString();
      const validUntil = new Date(Date.now() + 7_200_000).toISOString();
      const consent = await grantedConsent(vouch(), family, { validFrom, validUntil });
      expect(await refusal(consent)).toMatchObject({ status: 403, code: 'consent_not_yet_valid' });
    });

    it('refuses a consent for another purpose', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family, { purpose: 'school-transfer' });
      expect(await refusal(consent)).toMatchObject({ status: 403, code: 'consent_other_purpose' });
    });

    it('refuses a claim type that the consent does not cover', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family, { claimTypes: ['police.guardian-of'] });
      expect(await refusal(consent)).toMatchObject({ status: 403, code: 'claim_type_not_covered' });
    });

    it('refuses a person whom the consent does not cover', async () => {
      const family = familyThat(vouch(), 'met');
      const other = familyThat(vouch(), 'met', 1);
      const consent = await grantedConsent(vouch(), other);
      expect(await refusal(consent)).toMatchObject({ status: 403, code: 'person_not_covered' });
      expect(family.child.idNumber).not.toBe(other.child.idNumber);
    });

    it('refuses when every use is spent, also when the last one is asked for at once by many', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family, { maxUses: 2 });
      const calls = Array.from({ length: 12 }, () =>
        vouch()
          .platform()
          .verify(lookupOf(vouch(), family, consent)),
      );
      const results = await Promise.allSettled(calls);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(2);
      expect(await refusal(consent)).toMatchObject({ status: 403, code: 'consent_spent' });
    });

    it("refuses another platform's consent as if there were none", async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const other = vouch().platform(vouch().demo.otherPlatform);
      const problem = await problemOf(
        other.verify(
          lookupOf(vouch(), family, consent, {
            region: '370202',
            requirementSet: undefined,
            claims: [{ type: 'police.guardian-of', subject: 'child', with: { guardian: 'guardian' }, parameters: {} }],
          }),
        ),
      );
      expect(problem).toMatchObject({ status: 403, code: 'consent_other_platform' });
      expect(await problemOf(other.consent(consent))).toMatchObject({ status: 404, code: 'consent_not_found' });
    });

    it('lets an office ask by the statutory duty that the catalogue grants it, and records it as such', async () => {
      const family = familyThat(vouch(), 'met');
      const office = vouch().platform(vouch().demo.office);
      const request = lookupOf(vouch(), family, '', { legalBasis: { type: 'statutory_duty' } });
      const { body } = await office.verify(request);
      expect(body).toMatchObject({ status: 'complete', verdict: 'met', legalBasis: { type: 'statutory_duty' } });
      const guardian = vouch().person(family.guardian);
      await grantedConsent(vouch(), family);
      const child = (await guardian.accessSubjects()).body.subjects.find((subject) => subject.relation === 'child');
      await eventually('the guardian sees it', async () =>
        (await guardian.accesses(child?.subjectRef ?? '')).body.accesses.some(
          (access) => access.verificationId === body.id && access.legalBasis === 'statutory_duty',
        ),
      );
    });

    it('refuses a statutory duty that the catalogue does not grant', async () => {
      const family = familyThat(vouch(), 'met');
      const request = lookupOf(vouch(), family, '', { legalBasis: { type: 'statutory_duty' } });
      expect(await problemOf(vouch().platform().verify(request))).toMatchObject({ status: 403, code: 'statutory_basis_not_granted' });
    });

    it('withdraws: refused at once, and what was answered before is gone on every path', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const request = lookupOf(vouch(), family, consent);
      const { body: answered } = await vouch()
        .platform()
        .verify(request, { idempotencyKey: `before-${consent}` });
      const withdrawn = await vouch().person(family.guardian).withdraw(consent);
      expect(withdrawn.body.status).toBe('withdrawn');
      expect(await refusal(consent)).toMatchObject({ status: 403, code: 'consent_withdrawn' });
      const gone = await problemOf(vouch().platform().verification(answered.id));
      expect(gone).toMatchObject({ status: 410, code: 'verification_gone' });
      expect(JSON.stringify(gone)).not.toContain('confirmed');
      expect(
        await problemOf(
          vouch()
            .platform()
            .verify(request, { idempotencyKey: `before-${consent}` }),
        ),
      ).toMatchObject({ status: 410 });
    });
  });

  describe('deciding', () => {
    it('does not let a stranger see or grant a consent', async () => {
      const family = familyThat(vouch(), 'met');
      const stranger = familyThat(vouch(), 'met', 1).guardian;
      const { body } = await vouch().platform().requestConsent(consentFor(family));
      expect(await problemOf(vouch().person(stranger).grant(body.id))).toMatchObject({ status: 404, code: 'consent_not_found' });
      expect(await problemOf(vouch().person(stranger).consent(body.id))).toMatchObject({ status: 404, code: 'consent_not_found' });
    });

    it('does not let someone who is named but is no guardian grant for the child, and tells the platform nothing', async () => {
      const family = familyThat(vouch(), 'met');
      const pretender = familyThat(vouch(), 'met', 1).guardian;
      const { body } = await vouch()
        .platform()
        .requestConsent(consentFor(family, { subjects: { child: family.child, guardian: pretender } }));
      const childParts = body.parts.filter((part) => part.subject === 'child').map(({ subject, claimType }) => ({ subject, claimType }));
      expect(await problemOf(vouch().person(pretender).grant(body.id, childParts))).toMatchObject({ status: 403, code: 'not_guardian' });
      const seen = (await vouch().platform().consent(body.id)).body;
      expect(seen.status).toBe('requested');
      expect(new Set(seen.parts.map((part) => part.state))).toEqual(new Set(['requested']));
    });

    it('never takes a register that is down for a yes', async () => {
      const family = familyThat(vouch(), 'met', 2);
      const { body } = await vouch().platform().requestConsent(consentFor(family));
      const problem = await withFaults(vouch(), 'police', { refuseConnections: true }, () =>
        problemOf(vouch().person(family.guardian).grant(body.id)),
      );
      expect(problem).toMatchObject({ status: 503, code: 'guardianship_unknown' });
      expect((await vouch().platform().consent(body.id)).body.status).toBe('requested');
      await eventually('the register is back and the grant goes through', async () => {
        const granted = await vouch().person(family.guardian).grant(body.id);
        return granted.body.status === 'granted';
      });
    });
  });
}
