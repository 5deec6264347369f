import { describe, expect, it } from 'vitest';
import { withFaults } from '../faults.js';
import { ended, familyThat, grantedConsent, lookupOf, outcomes } from '../lookups.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

const AGENCIES = ['housing', 'police', 'social-security', 'tax'];

/** What a platform gets: verdicts, and honest partial answers. */
export function verdictScenarios(vouch: () => VouchUnderTest): void {
  describe('verdicts', () => {
    it('is met for a family that meets the rules, with an answer of each agency', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const { status, body } = await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent));
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'complete', verdict: 'met' });
      expect([...new Set(body.claims.map((claim) => claim.agency))].sort()).toEqual(AGENCIES);
      for (const claim of body.claims) expect(claim.outcome).not.toBe('unavailable');
      expect((await vouch().platform().verification(body.id)).body).toEqual(body);
    });

    it('is met for a migrant family by the other alternative', async () => {
      const family = vouch().demo.families.find((one) => one.alternative === 'migrant-renting');
      if (!family) throw new Error('The population has no renting migrant that meets the rules');
      const { body } = await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, await grantedConsent(vouch(), family)));
      expect(body).toMatchObject({ status: 'complete', verdict: 'met' });
    });

    it('is not met for a family that neither owns nor rents', async () => {
      const family = familyThat(vouch(), 'not_met');
      const { body } = await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, await grantedConsent(vouch(), family)));
      expect(body).toMatchObject({ status: 'complete', verdict: 'not_met' });
    });

    it('takes explicit claims as all of them', async () => {
      const family = familyThat(vouch(), 'met');
      const claims = [
        { type: 'housing.owns-home', subject: 'guardian', parameters: { region: '370102' } },
        { type: 'police.guardian-of', subject: 'child', with: { guardian: 'guardian' }, parameters: {} },
      ];
      const request = { ...lookupOf(vouch(), family, await grantedConsent(vouch(), family)), requirementSet: undefined, claims };
      const { body } = await vouch().platform().verify(request);
      expect(body).toMatchObject({ status: 'complete', verdict: 'met' });
      expect(outcomes(body)).toEqual({ 'housing.owns-home': 'confirmed', 'police.guardian-of': 'confirmed' });
    });

    it('is partial while an agency hangs, costs only its claims, and completes by itself', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const partial = await withFaults(vouch(), 'housing', { hang: true }, () =>
        vouch()
          .platform()
          .verify(lookupOf(vouch(), family, consent, { timeBudgetMs: 1_000 })),
      );
      expect(partial.status).toBe(202);
      expect(Number(partial.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(partial.body).toMatchObject({ status: 'pending', verdict: 'undetermined' });
      for (const claim of partial.body.claims) {
        if (claim.agency === 'housing') expect(claim).toMatchObject({ outcome: 'unavailable', reason: expect.any(String) });
        else expect(claim.outcome).not.toBe('unavailable');
      }
      // Only what still matters to the verdict is asked again: the lease does not.
      const again = partial.body.claims.filter((claim) => claim.retryAt !== undefined).map((claim) => claim.type);
      expect(again).toEqual(['housing.owns-home']);
      expect(await ended(vouch(), partial.body.id)).toMatchObject({ status: 'complete', verdict: 'met' });
    });

    it('is partial while an agency refuses connections, and completes when it is back', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const partial = await withFaults(vouch(), 'tax', { refuseConnections: true }, () =>
        vouch()
          .platform()
          .verify(lookupOf(vouch(), family, consent, { timeBudgetMs: 2_000 })),
      );
      expect(partial.body).toMatchObject({ status: 'pending', verdict: 'undetermined' });
      expect(await ended(vouch(), partial.body.id)).toMatchObject({ status: 'complete', verdict: 'met' });
    });

    it('does not trust an agency that answers in a wrong shape', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const answer = await withFaults(vouch(), 'police', { wrongShape: true }, () =>
        vouch()
          .platform()
          .verify(lookupOf(vouch(), family, consent, { timeBudgetMs: 2_000 })),
      );
      for (const claim of answer.body.claims) if (claim.agency === 'police') expect(claim.outcome).toBe('unavailable');
      expect(answer.body.verdict).not.toBe('met');
    });

    it('takes an unknown person and a wrong name for the same thing', async () => {
      const family = familyThat(vouch(), 'met');
      const misnamed = { ...family, subjects: { ...family.subjects, child: { ...family.child, name: '某某某' } } };
      const { body } = await vouch()
        .platform()
        .verify(lookupOf(vouch(), misnamed, await grantedConsent(vouch(), family)));
      for (const claim of body.claims.filter((one) => one.type === 'police.household-registered')) expect(claim.outcome).toBe('not_found');
      expect(body.verdict).not.toBe('met');
    });
  });
}
