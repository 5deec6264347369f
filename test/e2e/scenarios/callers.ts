import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import { consentFor, familyThat, grantedConsent, lookupOf, problemOf } from '../lookups.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

/** Who may do and see what, and what a repeat gets. */
export function callerScenarios(vouch: () => VouchUnderTest): void {
  const post = (path: string, body: string, headers: Record<string, string>) =>
    fetch(`${vouch().demo.httpUrl}${path}`, { method: 'POST', headers, body });

  describe('callers', () => {
    it('turns away who has no token, a broken one or one of somebody else', async () => {
      const json = { 'content-type': 'application/json' };
      const none = await post('/v1/verifications', '{}', json);
      expect(none.status).toBe(401);
      expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await none.json()).toMatchObject({ code: 'unauthenticated' });
      expect((await post('/v1/verifications', '{}', { ...json, authorization: 'Bearer x.y.z' })).status).toBe(401);
      const person = await vouch().person(familyThat(vouch(), 'met').guardian).token();
      expect((await post('/v1/verifications', '{}', { ...json, authorization: `Bearer ${person}` })).status).toBe(403);
    });

    it('keeps what is asked within the rights that the catalogue gives', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const elsewhere = lookupOf(vouch(), family, consent, { region: '370202' });
      expect(await problemOf(vouch().platform().verify(elsewhere))).toMatchObject({ status: 403, code: 'region_not_allowed' });
      const review = lookupOf(vouch(), family, consent, { purpose: 'enrolment-review' });
      expect(await problemOf(vouch().platform().verify(review))).toMatchObject({ status: 403, code: 'purpose_not_allowed' });
    });

    it("shows nobody another platform's verification", async () => {
      const family = familyThat(vouch(), 'met');
      const { body } = await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, await grantedConsent(vouch(), family)));
      const other = vouch().platform(vouch().demo.otherPlatform);
      const theirs = await problemOf(other.verification(body.id));
      const absent = await problemOf(other.verification(randomUUID()));
      expect(theirs).toMatchObject({ status: 404, code: 'verification_not_found' });
      expect({ ...theirs, instance: '', traceId: '' }).toEqual({ ...absent, instance: '', traceId: '' });
    });

    it('names every fault of a request at once and echoes none of it', async () => {
      const family = familyThat(vouch(), 'met');
      const wrong = `${family.child.idNumber.slice(0, 17)}${family.child.idNumber.endsWith('0') ? '1' : '0'}`;
      const problem = await problemOf(
        vouch()
          .platform()
          .call('/v1/verifications', {
            method: 'POST',
            body: {
              purpose: 'school-enrolment',
              region: '370102',
              claims: [{ type: 'housing.owns-nothing', subject: 'child', parameters: {} }],
              subjects: { child: { idNumber: wrong, name: '' } },
              legalBasis: { type: 'consent', consentId: 'no-uuid' },
              surprise: true,
            },
          }),
      );
      expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
      const pointers = problem.errors?.map((error) => error.pointer) ?? [];
      for (const pointer of ['/claims/0/type', '/subjects/child/idNumber', '/subjects/child/name', '/legalBasis/consentId', '/surprise']) {
        expect(pointers).toContain(pointer);
      }
      expect(JSON.stringify(problem)).not.toContain(wrong);
    });

    it('has a stable code for each way to go wrong', async () => {
      const authorization = `Bearer ${await vouch().platform().token()}`;
      const json = { 'content-type': 'application/json', authorization };
      const codeOf = async (answer: Promise<Response>) => ((await (await answer).json()) as { code: string }).code;
      expect(await codeOf(post('/v1/verifications', '{', json))).toBe('body_malformed');
      expect(await codeOf(post('/v1/verifications', 'a=b', { authorization, 'content-type': 'text/plain' }))).toBe(
        'content_type_unsupported',
      );
      expect(await codeOf(post('/v1/verifications', JSON.stringify({ filler: 'x'.repeat(300_000) }), json))).toBe('body_too_large');
      expect(await codeOf(fetch(`${vouch().demo.httpUrl}/v1/nothing`, { headers: json }))).toBe('route_not_found');
      expect(await codeOf(fetch(`${vouch().demo.httpUrl}/v1/verifications`, { method: 'DELETE', headers: { authorization } }))).toBe(
        'method_not_allowed',
      );
    });
  });

  describe('repeats', () => {
    it('replays the same verification for the same key, counted once', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const request = lookupOf(vouch(), family, consent);
      const idempotencyKey = randomUUID();
      const first = await vouch().platform().verify(request, { idempotencyKey });
      const second = await vouch().platform().verify(request, { idempotencyKey });
      expect(second.body).toEqual(first.body);
      expect((await vouch().platform().consent(consent)).body.uses).toBe(1);
    });

    it('makes one verification of ten concurrent repeats', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const idempotencyKey = randomUUID();
      const repeats = Array.from({ length: 10 }, () =>
        vouch()
          .platform()
          .verify(lookupOf(vouch(), family, consent), { idempotencyKey }),
      );
      const ids = new Set((await Promise.all(repeats)).map((answer) => answer.body.id));
      expect(ids.size).toBe(1);
      expect((await vouch().platform().consent(consent)).body.uses).toBe(1);
    });

    it('refuses another request under the same key', async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const idempotencyKey = randomUUID();
      await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent), { idempotencyKey });
      const other = lookupOf(vouch(), family, consent, { timeBudgetMs: 4_000 });
      expect(await problemOf(vouch().platform().verify(other, { idempotencyKey }))).toMatchObject({
        status: 422,
        code: 'idempotency_mismatch',
      });
    });

    it('does not bind the key to a refusal', async () => {
      const family = familyThat(vouch(), 'met');
      const { body: consent } = await vouch().platform().requestConsent(consentFor(family));
      const idempotencyKey = randomUUID();
      const request = lookupOf(vouch(), family, consent.id);
      expect((await problemOf(vouch().platform().verify(request, { idempotencyKey }))).code).toBe('consent_not_granted');
      await vouch().person(family.guardian).grant(consent.id);
      expect((await vouch().platform().verify(request, { idempotencyKey })).body.status).toBe('complete');
    });
  });

  describe('the access log', () => {
    it('shows the guardian who looked at the child, answers and refusals, and shows a stranger nothing', async () => {
      const family = familyThat(vouch(), 'met');
      const guardian = vouch().person(family.guardian);
      const consent = await grantedConsent(vouch(), family);
      const { body: answered } = await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent));
      const refused = await problemOf(
        vouch()
          .platform()
          .verify(lookupOf(vouch(), family, consent, { purpose: 'school-transfer' })),
      );
      const child = (await guardian.accessSubjects()).body.subjects.find((subject) => subject.relation === 'child');
      const subjectRef = child?.subjectRef ?? '';
      await eventually('both are in the log', async () => {
        const { accesses } = (await guardian.accesses(subjectRef)).body;
        const resultOf = (id: string | undefined) => accesses.find((access) => access.verificationId === id)?.result;
        return resultOf(answered.id) === 'answered' && resultOf(refused.verificationId) === 'refused';
      });
      const stranger = vouch().person(familyThat(vouch(), 'met', 1).guardian);
      expect(await problemOf(stranger.accesses(subjectRef))).toMatchObject({ status: 404, code: 'subject_not_found' });
    });
  });
}
