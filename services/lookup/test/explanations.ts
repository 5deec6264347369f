import { randomUUID } from 'node:crypto';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { verificationSchema } from '../src/http/schemas.js';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { fault, finding, type Script } from './agencies.js';
import { openEvents } from './event-stream.js';
import { EXAMPLE_SET } from './example-set.js';
import { type LookupUnderTest, lookupBody } from './lookup-under-test.js';

const disclosing = (outcome: Outcome, disclosures: Record<string, string | number>): Script => ({
  $case: 'finding',
  value: {
    outcome,
    asOf: '2026-05-31',
    disclosures: Object.fromEntries(
      Object.entries(disclosures).map(([name, value]) => [
        name,
        typeof value === 'number'
          ? { kind: { $case: 'integer' as const, value: BigInt(value) } }
          : { kind: { $case: 'date' as const, value } },
      ]),
    ),
  },
});
const ONE_MONTH_SHORT = disclosing(Outcome.REFUTED, { months: 11, shortBy: 1, earliestIfUnchanged: '2026-12-01' });
const ADDRESS = '370102123456';
const BORN = '2019-11-05';

/** What answers of requirement sets say beside outcomes, on any store. */
export function explanationScenarios(lookup: () => LookupUnderTest): void {
  describe('the answer of a requirement set', () => {
    beforeEach(() => {
      const { police, 'social-security': socialSecurity } = lookup().providers;
      socialSecurity.answer('social-security.insured-months', ONE_MONTH_SHORT);
      for (const type of ['police.residence-permit', 'police.household-registered']) police.answer(type, finding(Outcome.CONFIRMED));
    });

    const make = (overrides: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
      lookup().call('/v1/verifications', {
        method: 'POST',
        body: lookupBody({ claims: undefined, requirementSet: EXAMPLE_SET, applicationDate: '2026-06-15', ...overrides }),
        headers,
      });
    const read = (id: string, language = 'en') => lookup().call(`/v1/verifications/${id}`, { headers: { 'accept-language': language } });
    const faultsOf = (body: { errors: readonly { pointer: string; code: string }[] }) =>
      body.errors.map(({ pointer, code }) => `${pointer} ${code}`);
    const rowOf = async (id: string) => {
      const store = await lookup().database.store<LookupTables>('lookup', migrations);
      return store.db.selectFrom('verifications').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    };

    it('tells a family that is one month short exactly that, and from when, in its language', async () => {
      const made = await make({ addressCode: '370103' });
      expect(made.status).toBe(200);
      expect(made.headers.get('content-language')).toBe('zh-CN');
      const { explanation } = verificationSchema.parse(made.body);
      expect(explanation).toMatchObject({
        language: 'zh-CN',
        entryYear: 2026,
        applicationDate: '2026-06-15',
        verdict: 'not_met',
        possible: [],
      });
      const migrant = explanation?.categories.find(({ id }) => id === 'migrant');
      expect(migrant).toMatchObject({ result: 'not_met', from: '2026-12-01' });
      expect(migrant?.lines[0]).toMatchObject({ code: 'short', have: 11, need: 12, shortBy: 1, from: '2026-12-01' });
      expect(migrant?.text).toContain('11 个月，还差 1 个月；2026-12 起满足');
      const english = await read(made.body.id, 'fr, en;q=0.5');
      expect(english.headers.get('content-language')).toBe('en');
      expect(english.headers.get('vary')).toContain('accept-language');
      expect(english.body.explanation.categories[1].text).toContain('11 months, 1 month short; met from 2026-12');
      expect(english.body.explanation.assumption).toContain('as they are');
      expect((await read(made.body.id, 'zh')).body).toEqual(made.body);
    });

    it('is complete though undecided when only a person can clear it up, and says who', async () => {
      const made = await make({ addressCode: ADDRESS });
      expect(made.body).toMatchObject({ status: 'complete', verdict: 'undetermined' });
      expect(made.body.alternatives[0]).toMatchObject({ id: 'zone', result: 'undetermined', reason: 'person_needed' });
      const { explanation } = (await read(made.body.id)).body;
      expect(explanation).toMatchObject({ verdict: 'undetermined', possible: ['zone'], needsPerson: true });
      expect(explanation.reached).toBeUndefined();
      expect(explanation.open).toMatchObject({ facts: [{ id: 'lives-there', office: 'the school' }], look: [], wait: [] });
      expect(explanation.categories[0].text).toContain('to be seen in person by the school');
    });

    it('names the office for what an agency cannot tell apart', async () => {
      lookup().providers.housing.answer('housing.owns-home', finding(Outcome.AMBIGUOUS));
      const made = await make({ addressCode: ADDRESS, facts: { 'lives-there': true } }, { 'accept-language': 'en' });
      expect(made.body).toMatchObject({ status: 'complete', verdict: 'undetermined' });
      const { explanation, claims } = made.body;
      expect(explanation).toMatchObject({ needsPerson: true, open: { facts: [] } });
      expect(claims[explanation.open.look[0]]).toMatchObject({ type: 'housing.owns-home', outcome: 'ambiguous' });
      expect(explanation.categories[0].lines[0]).toMatchObject({ code: 'ambiguous', office: expect.any(String) });
    });

    it('decides by what the request states, and has points and ties of who is let in', async () => {
      lookup().providers.police.answer('police.residence-permit', disclosing(Outcome.CONFIRMED, { months: 30 }));
      lookup().providers.police.answer('police.household-registered', disclosing(Outcome.CONFIRMED, { since: '2020-03-09' }));
      const { body } = await make({ addressCode: ADDRESS, facts: { 'lives-there': true } }, { 'accept-language': 'en' });
      expect(body).toMatchObject({ status: 'complete', verdict: 'met', catalogueVersion: lookup().catalogue.version });
      expect(body.explanation).toMatchObject({
        reached: 'zone',
        possible: [],
        needsPerson: false,
        points: { least: 30, most: 30, items: [{ id: 'permit', title: 'Residence permit', least: 30, most: 30 }] },
        ties: [{ id: 'register-date', first: 'earliest', key: '2020-03-09' }],
      });
    });

    it('waits for what ranks those who are let in, too', async () => {
      lookup().providers.police.answer('police.residence-permit', fault('agency_busy', true));
      const { status, body } = await make({
        addressCode: ADDRESS,
        facts: { 'lives-there': true },
        timeBudgetMs: 2_000,
        retryForSeconds: 60,
      });
      expect([status, body.status, body.verdict]).toEqual([202, 'pending', 'met']);
      expect(body.explanation.points).toEqual({ least: 0, most: 72, items: [{ id: 'permit', title: '居住证', least: 0, most: 72 }] });
      lookup().providers.police.answer('police.residence-permit', disclosing(Outcome.CONFIRMED, { months: 80 }));
      const ended = await lookup().call(`/v1/verifications/${body.id}`, { headers: { prefer: 'wait=30' } });
      expect(ended.body).toMatchObject({ status: 'complete', explanation: { points: { least: 72, most: 72 } } });
    });

    it('says that an agency which did not answer is asked again only when it is', async () => {
      lookup().providers.housing.answer('housing.owns-home', fault('agency_busy', true));
      const told = async (overrides: Record<string, unknown>) => {
        const { body } = await make({ addressCode: ADDRESS, facts: { 'lives-there': true }, ...overrides }, { 'accept-language': 'en' });
        return [body.status, body.explanation.categories[0].lines[0].text];
      };
      const [pending, waits] = await told({ retryForSeconds: 60 });
      expect([pending, waits]).toEqual(['pending', expect.stringContaining('asked again by itself')]);
      const [closed, ends] = await told({ retryForSeconds: 0 });
      expect([closed, ends]).toEqual(['closed', expect.stringContaining('the agency did not answer')]);
    });

    it('keeps what tells of the family sealed, and of what the rules do not need nothing', async () => {
      const made = await make({ addressCode: ADDRESS });
      const row = await rowOf(made.body.id);
      expect(row).toMatchObject({
        application: { entryYear: 2026, applicationDate: '2026-06-15', people: ['child', 'guardian'] },
        sealed: null,
      });
      expect(row.personal).not.toBeNull();
      const text = `${JSON.stringify(row)} ${row.personal?.toString('latin1')} ${JSON.stringify(made.body)}`;
      for (const canary of [ADDRESS, BORN]) expect(text).not.toContain(canary);
      const other = await make({ requirementSet: '370102/primary/2026', addressCode: ADDRESS });
      expect(await rowOf(other.body.id)).toMatchObject({ personal: null });
    });

    it('is explained no more when its inputs cannot be read, and is an answer still', async () => {
      const made = await make();
      const store = await lookup().database.store<LookupTables>('lookup', migrations);
      await store.db
        .updateTable('verifications')
        .set({ personal: Buffer.from('spoilt') })
        .where('id', '=', made.body.id)
        .execute();
      const { status, body } = await read(made.body.id);
      expect([status, body.status, body.explanation]).toEqual([200, 'complete', undefined]);
    });

    it('tells every fault of what it states', async () => {
      for (const [overrides, faults] of [
        [{ applicationDate: '2025-12-31' }, ['/applicationDate not_yet_in_force']],
        [{ applicationDate: '2027-01-01' }, ['/applicationDate no_longer_in_force']],
        [{ applicationDate: '2026-02-30', addressCode: '12' }, ['/addressCode format_invalid', '/applicationDate format_invalid']],
        [{ entryYear: 2028 }, ['/entryYear other_entry_year']],
        [{ entryYear: 'x', facts: { nothing: true } }, ['/entryYear type_wrong', '/facts/nothing unknown_fact']],
        [{ requirementSet: undefined, claims: lookupBody().claims }, ['/applicationDate requirement_set_only']],
      ] as const) {
        const { status, body } = await make(overrides);
        expect([status, faultsOf(body)]).toEqual([400, faults]);
      }
    });

    it('has what it states as a part of what an idempotency key stands for', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const first = await make({ addressCode: ADDRESS }, key);
      expect((await make({ addressCode: ADDRESS }, key)).body).toEqual(first.body);
      for (const other of [{ addressCode: '370103' }, { addressCode: ADDRESS, entryYear: 2027 }, { addressCode: ADDRESS, facts: {} }]) {
        expect((await make(other, key)).body.code).toBe('idempotency_mismatch');
      }
    });

    it('is the same over gRPC and in events', async () => {
      const made = await make({ addressCode: ADDRESS });
      await using client = dial(LookupServiceService, {
        address: lookup().grpcAddress,
        tracer: silentTracer,
        metadata: { authorization: `Bearer ${await lookup().platformToken()}`, 'accept-language': 'en' },
      });
      const call = { signal: new AbortController().signal };
      const { verification } = await client.getVerification({ id: made.body.id }, call);
      const { explanation } = (await read(made.body.id)).body;
      expect(verification?.explanation).toMatchObject({
        language: 'en',
        applicationDate: '2026-06-15',
        possible: ['zone'],
        needsPerson: true,
        text: explanation.text,
        facts: [{ id: 'lives-there' }],
      });
      expect(verification?.explanation?.categories.map(({ text }) => text)).toEqual(
        explanation.categories.map(({ text }: { text: string }) => text),
      );
      const { subjects, legalBasis, purpose, region, timeBudgetMs } = lookupBody();
      const overGrpc = await client.createVerification(
        {
          ...{ purpose, region, subjects, timeBudgetMs, claims: [], entryYear: 0, facts: { 'lives-there': true } },
          requirementSet: EXAMPLE_SET,
          applicationDate: '2026-06-15',
          addressCode: ADDRESS,
          legalBasis: { basis: { $case: 'consentId' as const, value: legalBasis.consentId } },
        },
        call,
      );
      expect(overGrpc.verification?.explanation).toMatchObject({ reached: 'zone', needsPerson: false });
      const stream = await openEvents(`${lookup().url}/v1/verifications/${made.body.id}/events`, await lookup().platformToken(), {
        'accept-language': 'en',
      });
      expect((await stream.next())?.data).toEqual((await read(made.body.id)).body);
      stream.close();
    });
  });
}
