import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import { setFaults, withFaults } from '../faults.js';
import { ended, familyThat, grantedConsent, lookupOf, problemOf } from '../lookups.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

/** What outlives the death of every process. Runs last: it restarts what it tests. */
export function durabilityScenarios(vouch: () => VouchUnderTest): void {
  describe('kill -9 of every process', () => {
    it('loses nothing that was acknowledged, and finishes what was pending', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const request = lookupOf(vouch(), family, consent, { timeBudgetMs: 1_000 });
      const idempotencyKey = randomUUID();
      const { body: complete } = await vouch().platform().verify(request, { idempotencyKey });
      await setFaults(vouch(), 'housing', { hang: true });
      const { body: pending } = await vouch().platform().verify(request);
      expect(pending.status).toBe('pending');

      await vouch().kill9();
      await vouch().start();

      expect((await vouch().platform().verification(complete.id)).body).toEqual(complete);
      expect((await vouch().platform().verify(request, { idempotencyKey })).body).toEqual(complete);
      expect(await ended(vouch(), pending.id)).toMatchObject({ status: 'complete', verdict: 'met' });
      const guardian = vouch().person(family.guardian);
      await eventually('the audit knows both', async () => {
        const child = (await guardian.accessSubjects()).body.subjects.find((subject) => subject.relation === 'child');
        const { accesses } = (await guardian.accesses(child?.subjectRef ?? '')).body;
        return [complete.id, pending.id].every((id) =>
          accesses.some((access) => access.verificationId === id && access.result === 'answered'),
        );
      });
    });

    it('answers a repeat whose first try was killed midway, counting the use once', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const request = lookupOf(vouch(), family, consent, { timeBudgetMs: 5_000 });
      const idempotencyKey = randomUUID();
      await setFaults(vouch(), 'tax', { hang: true });
      const first = vouch().platform().verify(request, { idempotencyKey });
      const lost = first.then(
        () => false,
        () => true,
      );
      await eventually('the use is counted', async () => (await vouch().platform().consent(consent)).body.uses === 1);
      await vouch().kill9();
      expect(await lost).toBe(true);
      await vouch().start();
      const { body: repeat } = await eventually('the repeat is answered', () => vouch().platform().verify(request, { idempotencyKey }));
      expect(await ended(vouch(), repeat.id)).toMatchObject({ status: 'complete', verdict: 'met' });
      expect((await vouch().platform().consent(consent)).body.uses).toBe(1);
    });

    it('keeps a withdrawal that was under way', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      await withFaults(vouch(), 'housing', { hang: true }, () =>
        vouch()
          .platform()
          .verify(lookupOf(vouch(), family, consent, { timeBudgetMs: 4_000 })),
      );
      const withdrawal = vouch().person(family.guardian).withdraw(consent);
      withdrawal.catch(() => undefined);
      await eventually('it has begun', async () => (await vouch().platform().consent(consent)).body.status.startsWith('withdr'));
      await vouch().kill9();
      await vouch().start();
      expect(
        await problemOf(
          vouch()
            .platform()
            .verify(lookupOf(vouch(), family, consent)),
        ),
      ).toMatchObject({ code: 'consent_withdrawn' });
      await eventually('it is acknowledged', async () => (await vouch().platform().consent(consent)).body.status === 'withdrawn');
    });
  });

  it('stops cleanly when it is asked to, and has everything when it starts again', async () => {
    const family = familyThat(vouch(), 'met');
    const { body } = await vouch()
      .platform()
      .verify(lookupOf(vouch(), family, await grantedConsent(vouch(), family)));
    expect(await vouch().stop()).toBe(0);
    await vouch().start();
    expect((await vouch().platform().verification(body.id)).body).toEqual(body);
  });
}
