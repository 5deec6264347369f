import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { finding } from './agencies.js';
import { EXAMPLE_SET } from './example-set.js';
import { eventually, type LookupUnderTest, lookupBody } from './lookup-under-test.js';

const IN_ZONE = { addressCode: '370102123456', facts: { 'lives-there': true } };
const ELSEWHERE = { addressCode: '370103' };

/** How a requirement set is asked in rounds, on any store. Its sensitive claims are `housing.owns-home` and `social-security.insured-months`. */
export function roundScenarios(lookup: () => LookupUnderTest): void {
  describe('asking in rounds', () => {
    beforeEach(async () => {
      for (const type of ['police.residence-permit', 'police.household-registered'])
        lookup().providers.police.answer(type, finding(Outcome.CONFIRMED));
      // Queries are counted: what tests before left pending must have ended.
      const store = await lookup().database.store<LookupTables>('lookup', migrations);
      await eventually(async () => {
        const pending = await store.db.selectFrom('verifications').select('id').where('status', '=', 'pending').limit(1).execute();
        return pending.length === 0;
      });
    });

    const make = (overrides: Record<string, unknown>) =>
      lookup().call('/v1/verifications', {
        method: 'POST',
        body: lookupBody({ claims: undefined, requirementSet: EXAMPLE_SET, applicationDate: '2026-06-15', ...overrides }),
        headers: { 'accept-language': 'en' },
      });
    const asked = () => {
      const { housing, 'social-security': socialSecurity, police } = lookup().providers;
      return [housing, socialSecurity, police].map((provider) => [...provider.asked.values()].reduce((sum, count) => sum + count, 0));
    };
    /** Queries that housing, social security and police got meanwhile. */
    const askedBy = async <T>(work: () => Promise<T>): Promise<[T, number[]]> => {
      const before = asked();
      const result = await work();
      return [result, asked().map((count, index) => count - (before[index] as number))];
    };
    const outcomesOf = (body: { claims: { type: string; outcome: string }[] }) =>
      Object.fromEntries(body.claims.map(({ type, outcome }) => [type, outcome]));

    it('asks nothing sensitive once the rest has decided, and says what was not asked and why', async () => {
      lookup().providers.police.answer('police.guardian-of', finding(Outcome.REFUTED));
      const [{ status, body }, counts] = await askedBy(() => make(IN_ZONE));
      expect([status, body.status, body.verdict]).toEqual([200, 'complete', 'not_met']);
      expect(counts.slice(0, 2)).toEqual([0, 0]);
      const insured = body.claims.find(({ type }: { type: string }) => type === 'social-security.insured-months');
      expect(insured).toMatchObject({ outcome: 'not_needed', reason: 'decided_without', disclosures: {} });
      expect(body.explanation.notNeeded.map((index: number) => body.claims[index].type)).toEqual([
        'housing.owns-home',
        'social-security.insured-months',
      ]);
      // The one redemption covers every round there might have been.
      const parts = lookup().ports.redeemed.get(body.id)?.request.parts ?? [];
      expect(parts.map(({ claimType }) => claimType)).toContain('social-security.insured-months');
    });

    it('asks a sensitive claim when it is left to decide, and none for a category below', async () => {
      const [{ body }, counts] = await askedBy(() => make(IN_ZONE));
      expect(body).toMatchObject({ status: 'complete', verdict: 'met', explanation: { reached: 'zone' } });
      expect(counts.slice(0, 2)).toEqual([1, 0]);
      expect(outcomesOf(body)).toMatchObject({ 'housing.owns-home': 'confirmed', 'social-security.insured-months': 'not_needed' });
    });

    it('asks nothing of a category that what is stated rules out', async () => {
      const [{ body }, counts] = await askedBy(() => make(ELSEWHERE));
      expect(body).toMatchObject({ status: 'complete', verdict: 'met', explanation: { reached: 'migrant' } });
      expect(counts.slice(0, 2)).toEqual([0, 1]);
    });

    it('goes on with its rounds when it is retried', async () => {
      lookup().providers.police.answer('police.guardian-of', 'hang');
      const [{ status, body }, counts] = await askedBy(() => make({ ...ELSEWHERE, timeBudgetMs: 500, retryForSeconds: 60 }));
      expect([status, body.status]).toEqual([202, 'pending']);
      expect(counts.slice(0, 2)).toEqual([0, 0]);
      const insured = body.claims.find(({ type }: { type: string }) => type === 'social-security.insured-months');
      expect(insured).toMatchObject({ outcome: 'unavailable', reason: 'not_asked_yet', retryAt: expect.any(String) });
      lookup().providers.police.answer('police.guardian-of', finding(Outcome.CONFIRMED));
      const ended = await lookup().call(`/v1/verifications/${body.id}`, { headers: { prefer: 'wait=30' } });
      expect(ended.body).toMatchObject({ status: 'complete', verdict: 'met' });
      expect(outcomesOf(ended.body)).toMatchObject({ 'housing.owns-home': 'not_needed', 'social-security.insured-months': 'confirmed' });
    });

    it('neither asks nor retries what no longer matters when the answer it waited for has come', async () => {
      lookup().providers.police.answer('police.guardian-of', 'hang');
      const { body } = await make({ ...IN_ZONE, timeBudgetMs: 500, retryForSeconds: 60 });
      expect(body.status).toBe('pending');
      const [ended, counts] = await askedBy(() => {
        lookup().providers.police.answer('police.guardian-of', finding(Outcome.REFUTED));
        return eventually(async () => {
          const { body: now } = await lookup().call(`/v1/verifications/${body.id}`);
          return now.status === 'complete' && now;
        });
      });
      expect(ended).toMatchObject({ verdict: 'not_met' });
      expect(outcomesOf(ended)).toMatchObject({ 'housing.owns-home': 'not_needed', 'social-security.insured-months': 'not_needed' });
      expect(counts.slice(0, 2)).toEqual([0, 0]);
    });
  });
}
