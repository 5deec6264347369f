import { randomUUID } from 'node:crypto';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verificationSchema } from '../src/http/schemas.js';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { fault, finding } from './agencies.js';
import { explanationScenarios } from './explanations.js';
import { eventually, type LookupUnderTest, lookupBody, type OpenDatabase, startLookupUnderTest } from './lookup-under-test.js';
import { roundScenarios } from './rounds.js';
import { AS_USUAL } from './scripted-ports.js';

/** What a lookup does, on any store. */
export function lookupSuite(name: string, openDatabase?: OpenDatabase): void {
  describe(name, () => {
    let lookup: LookupUnderTest;

    beforeAll(async () => {
      lookup = await startLookupUnderTest({ openDatabase });
    });
    afterAll(() => lookup?.[Symbol.asyncDispose]());
    beforeEach(() => {
      Object.assign(lookup.ports, AS_USUAL);
      for (const type of ['police.guardian-of']) lookup.providers.police.answer(type, finding(Outcome.CONFIRMED));
      lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
      lookup.providers['social-security'].answer('social-security.insured-months', finding(Outcome.CONFIRMED));
    });

    const make = (overrides: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
      lookup.call('/v1/verifications', { method: 'POST', body: lookupBody(overrides), headers });
    const read = (id: string) => lookup.call(`/v1/verifications/${id}`);

    describe('one lookup', () => {
      it('given that every agency confirms, is complete and met, and reads the same again', async () => {
        const made = await make();
        expect(made.status).toBe(200);
        expect(verificationSchema.parse(made.body)).toMatchObject({ status: 'complete', verdict: 'met' });
        expect(made.body.claims[0]).toMatchObject({ type: 'police.guardian-of', subject: 'child', agency: 'police', asOf: '2026-08-30' });
        const again = await read(made.body.id);
        expect(again.status).toBe(200);
        expect(again.body).toEqual(made.body);
      });

      it('given a requirement set, has the reason of each alternative', async () => {
        const made = await make({ claims: undefined, requirementSet: '370102/primary/2026' });
        expect(made.body).toMatchObject({ status: 'complete', verdict: 'met', requirementSet: '370102/primary/2026' });
        expect(made.body.alternatives.map(({ id, result }: { id: string; result: string }) => [id, result])).toEqual([
          ['local-household-own-home', 'met'],
          ['migrant-renting', 'met'],
        ]);
      });

      it('given a refuted claim, is not met', async () => {
        lookup.providers.housing.answer('housing.owns-home', finding(Outcome.REFUTED));
        expect((await make()).body).toMatchObject({ status: 'complete', verdict: 'not_met' });
      });

      it('given an agency that hangs, is partial within the budget, and completes by itself when the agency answers', async () => {
        lookup.providers.housing.answer('housing.owns-home', 'hang');
        const made = await make({ timeBudgetMs: 2_000 });
        expect(made.status).toBe(202);
        expect(Number(made.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(made.body).toMatchObject({ status: 'pending', verdict: 'undetermined' });
        expect(made.body.claims[0]).toMatchObject({ outcome: 'confirmed' });
        expect(made.body.claims[1]).toMatchObject({ outcome: 'unavailable', reason: 'agency_timeout', retryAt: expect.any(String) });
        const police = lookup.providers.police.asked.get('police.guardian-of');
        lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
        const done = await eventually(async () => {
          const { body } = await read(made.body.id);
          return body.status === 'complete' && body;
        });
        expect(done).toMatchObject({ verdict: 'met', completedAt: expect.any(String) });
        // Only what was open is asked again.
        expect(lookup.providers.police.asked.get('police.guardian-of')).toBe(police);
        expect(lookup.ports.redeemed.get(made.body.id)?.renewals).toBeGreaterThan(0);
      });

      it('given a claim that its agency will never answer, is closed, not complete', async () => {
        lookup.providers.housing.answer('housing.owns-home', fault('parameters_invalid', false));
        const made = await make();
        expect(made.status).toBe(200);
        expect(made.body).toMatchObject({ status: 'closed', code: 'claims_unanswerable', verdict: 'undetermined' });
      });

      it('given that the basis refuses, is refused with the rule, and the refusal can be read', async () => {
        lookup.ports.refusal = 'consent_expired';
        const made = await make();
        expect(made.status).toBe(403);
        expect(made.body).toMatchObject({ code: 'consent_expired', verificationId: expect.any(String) });
        const kept = await read(made.body.verificationId);
        expect(kept.body).toMatchObject({ status: 'refused', code: 'consent_expired', claims: [], legalBasis: { type: 'consent' } });
        expect(kept.body.verdict).toBeUndefined();
      });

      it('given that the consent service is away, answers 503 and asks nobody', async () => {
        lookup.ports.away = true;
        const before = lookup.providers.police.asked.get('police.guardian-of');
        const made = await make();
        expect(made.status).toBe(503);
        expect(made.headers.get('retry-after')).toBe('1');
        expect(lookup.providers.police.asked.get('police.guardian-of')).toBe(before);
      });

      it('given that the lease ends before the commit, renews it, or refuses when the basis is gone', async () => {
        lookup.ports.leaseMs = 1;
        const renewed = await make();
        // Past its lease nobody is asked, so what comes of it is pending at best; it is committed under the renewed lease.
        expect(renewed.status).toBe(202);
        expect(lookup.ports.redeemed.get(renewed.body.id)?.renewals).toBeGreaterThan(0);
        lookup.ports.renewalRefusal = 'consent_withdrawn';
        const before = new Set(lookup.ports.redeemed.keys());
        const key = randomUUID();
        const refused = await make({}, { 'idempotency-key': key });
        expect([refused.status, refused.body.code]).toEqual([403, 'consent_withdrawn']);
        // What was redeemed has no answer, under its own id or the refusal's.
        const redeemed = [...lookup.ports.redeemed.keys()].find((id) => !before.has(id)) ?? '';
        expect((await read(redeemed)).status).toBe(404);
        expect((await read(refused.body.verificationId)).body).toMatchObject({ status: 'refused', claims: [] });
      });

      it('shows nothing any more once disclosure is not right: GET and replay answer 410 with id, times and basis', async () => {
        const key = { 'idempotency-key': randomUUID() };
        const made = await make({}, key);
        lookup.ports.disclosureAllowed = false;
        for (const gone of [await read(made.body.id), await make({}, key)]) {
          expect(gone.status).toBe(410);
          expect(gone.body).toMatchObject({ code: 'verification_gone', id: made.body.id, legalBasis: { type: 'consent' } });
          expect(JSON.stringify(gone.body)).not.toContain('confirmed');
          expect(gone.body.claims).toBeUndefined();
        }
      });
    });

    describe('idempotency', () => {
      it('replays, and answers another request under the same key with 422', async () => {
        const key = { 'idempotency-key': randomUUID() };
        const first = await make({}, key);
        const again = await make({}, key);
        expect(again.body).toEqual(first.body);
        const other = await make({ timeBudgetMs: 2_000 }, key);
        expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
      });

      it('makes one verification of concurrent repeats', async () => {
        const key = { 'idempotency-key': randomUUID() };
        const before = lookup.providers.police.asked.get('police.guardian-of') ?? 0;
        const made = await Promise.all(Array.from({ length: 8 }, () => make({}, key)));
        expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
        expect(lookup.providers.police.asked.get('police.guardian-of')).toBe(before + 1);
      });

      it('takes over what another process redeemed and never answered, once its lease has ended', async () => {
        const idempotencyKey = randomUUID();
        const id = lookup.keyring.deriveUuid('verification', 'jinan-enrolment', idempotencyKey, '0');
        lookup.ports.leaseMs = 1_000;
        // What a killed process leaves: a redemption, and no verification.
        const probe = await make({}, { 'idempotency-key': randomUUID() });
        const { request } = lookup.ports.redeemed.get(probe.body.id) as {
          request: Parameters<LookupUnderTest['ports']['redemption']['redeem']>[0];
        };
        lookup.ports.redeemed.set(id, { request, endsAt: new Date(Date.now() + 300), redeemedAt: new Date(), renewals: 0 });
        lookup.ports.leaseMs = undefined;
        const made = await make({}, { 'idempotency-key': idempotencyKey });
        expect(made.body).toMatchObject({ id, status: 'complete' });
      });

      it('answers 409 while another process may still be at it', async () => {
        const idempotencyKey = randomUUID();
        const id = lookup.keyring.deriveUuid('verification', 'jinan-enrolment', idempotencyKey, '0');
        const probe = await make({ timeBudgetMs: 300 }, { 'idempotency-key': randomUUID() });
        const { request } = lookup.ports.redeemed.get(probe.body.id) as {
          request: Parameters<LookupUnderTest['ports']['redemption']['redeem']>[0];
        };
        lookup.ports.redeemed.set(id, { request, endsAt: new Date(Date.now() + 60_000), redeemedAt: new Date(), renewals: 0 });
        const made = await make({ timeBudgetMs: 300 }, { 'idempotency-key': idempotencyKey });
        expect([made.status, made.body.code]).toEqual([409, 'idempotency_in_progress']);
        expect(Number(made.headers.get('retry-after'))).toBeGreaterThan(1);
      });

      it('forgets a key after seven days', async () => {
        const key = { 'idempotency-key': randomUUID() };
        const first = await make({}, key);
        const store = await lookup.database.store<LookupTables>('lookup', migrations);
        const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
        const age = (days: number) =>
          store.db
            .updateTable('verifications')
            .set({ created_at: daysAgo(days) })
            .where('id', '=', first.body.id);
        await age(6).execute();
        expect((await make({}, key)).body.id).toBe(first.body.id);
        await age(8).execute();
        const second = await make({ timeBudgetMs: 2_000 }, key);
        expect(second.body.id).not.toBe(first.body.id);
        expect((await make({ timeBudgetMs: 2_000 }, key)).body.id).toBe(second.body.id);
        // The first is still there for who knows its id.
        expect((await read(first.body.id)).status).toBe(200);
      });

      it('binds nothing to a refusal', async () => {
        const key = { 'idempotency-key': randomUUID() };
        lookup.ports.refusal = 'consent_not_granted';
        expect((await make({}, key)).body.code).toBe('consent_not_granted');
        lookup.ports.refusal = undefined;
        expect((await make({}, key)).body.status).toBe('complete');
      });
    });

    explanationScenarios(() => lookup);
    roundScenarios(() => lookup);

    describe('restart', () => {
      it('finishes what was pending', async () => {
        lookup.providers.housing.answer('housing.owns-home', 'hang');
        const made = await make({ timeBudgetMs: 500 });
        expect(made.status).toBe(202);
        await lookup.restart();
        lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
        await eventually(async () => (await read(made.body.id)).body.status === 'complete');
      });

      it('closes what was pending when its time is over, or its basis is gone', async () => {
        lookup.providers.housing.answer('housing.owns-home', 'hang');
        const late = await make({ timeBudgetMs: 500 });
        lookup.ports.refusal = 'consent_expired';
        const closed = await eventually(async () => {
          const { body } = await read(late.body.id);
          return body.status === 'closed' && body;
        });
        expect(closed).toMatchObject({ code: 'consent_ended', verdict: 'undetermined' });
        lookup.ports.refusal = undefined;
        await lookup.restart({ giveUpAfterMs: 100 });
        const given = await make({ timeBudgetMs: 500 });
        expect(await eventually(async () => (await read(given.body.id)).body.code)).toBe('retry_time_over');
        await lookup.restart();
      });
    });
  });
}
