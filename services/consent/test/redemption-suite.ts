import { randomUUID } from 'node:crypto';
import { ConsentStatus, type Lease } from '@vouch/proto/consent/v1/consent';
import { type Database, sql } from '@vouch/store';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  auditOf,
  call,
  codeOf,
  eventsOf,
  type Family,
  family,
  grantedConsent,
  openConsent,
  part,
  redeem,
  redemption,
  type VouchConsent,
  viewer,
} from './vouch-consent.js';

/** What lookups do with consents, on either database. `processes` are instances that share nothing but the database. */
export function redemptionSuite(name: string, open: () => Promise<Database>, processes: number): void {
  describe(name, () => {
    const databases: Database[] = [];
    const all: VouchConsent[] = [];
    let vouch: VouchConsent;
    let people: Family;
    beforeAll(async () => {
      for (let i = 0; i < processes; i += 1) databases.push(await open());
      for (const database of databases) all.push(await openConsent(database));
      vouch = all[0] as VouchConsent;
      people = family();
    });
    afterAll(async () => {
      for (const database of databases) await database[Symbol.asyncDispose]();
    });

    const isLease = (result: Lease | string): result is Lease => typeof result !== 'string';
    const usesOf = async (id: string) =>
      (await vouch.store.db.selectFrom('consents').select(['uses', 'status']).where('id', '=', id).executeTakeFirstOrThrow()) ?? {};
    const basis = async (verificationId: string) => (await vouch.service.redemption.getBasis({ verificationId }, call())).disclosureAllowed;
    const renewed = async (verificationId: string, by = vouch) => {
      const { result } = await by.service.redemption.renewLease({ verificationId, leaseMs: 3000 }, call());
      return result?.$case === 'lease' ? result.value : (result?.value.code ?? '');
    };
    const endLeases = (id: string) =>
      sql`update consent.redemptions set lease_end = clock_timestamp() - interval '1 minute' where consent_id = ${id}`.execute(
        vouch.store.db,
      );
    const withdraw = async (consentId: string, withinMs?: number) =>
      (await vouch.service.consent.withdrawConsent({ consentId, viewer: viewer(vouch, people.guardian) }, call(withinMs))).consent;

    test('commits a lease before it answers, and audits it with who is concerned', async () => {
      const id = await grantedConsent(vouch, people);
      const request = redemption(vouch, people, id, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
      const lease = await redeem(vouch, request);
      if (!isLease(lease)) throw new Error(lease);
      expect(lease).toMatchObject({ retentionDays: 30, repeatedRedemption: false });
      expect((lease.endsAt?.getTime() ?? 0) - (lease.redeemedAt?.getTime() ?? 0)).toBe(3000);
      expect(await usesOf(id)).toEqual({ uses: 1, status: 'granted' });
      expect(await basis(request.verificationId)).toBe(true);
      const [audited, ...more] = await auditOf(vouch.store, request.verificationId);
      expect(more).toEqual([]);
      expect(audited).toMatchObject({
        action: 'redeemed',
        sequence: 1,
        verificationId: request.verificationId,
        consentId: id,
        legalBasis: 'consent',
        region: '370102',
        leaseEnd: lease.endsAt,
      });
      expect(audited?.persons).toEqual([
        {
          subject: 'child',
          pseudonym: vouch.keyring.pseudonym('audit', people.child.idNumber),
          claimTypes: ['police.household-registered'],
        },
        { subject: 'guardian', pseudonym: vouch.keyring.pseudonym('audit', people.guardian.idNumber), claimTypes: ['housing.owns-home'] },
      ]);
      const [event] = await eventsOf(vouch.store, 'vouch.audit.v1', `c:${request.verificationId}`);
      expect(event?.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
    });

    test('redeems many in one call, each by itself', async () => {
      const id = await grantedConsent(vouch, people);
      const granted = [1, 2, 3].map(() => redemption(vouch, people, id));
      const malformed = redemption(vouch, people, id, { region: 'nowhere' });
      const refused = redemption(vouch, people, randomUUID());
      const requests = [granted[0], malformed, granted[1], refused, granted[2], granted[0]].map((request) => request as typeof malformed);
      const { results } = await vouch.service.redemption.redeemMany({ requests }, call());
      expect(results.map(({ result }) => (result?.$case === 'lease' ? result.$case : result?.value.code))).toEqual([
        'lease',
        'request_invalid',
        'lease',
        'consent_not_found',
        'lease',
        'lease',
      ]);
      expect(await usesOf(id)).toMatchObject({ uses: 3 });
      const tooMany = { requests: Array.from({ length: 65 }, () => malformed) };
      await expect(vouch.service.redemption.redeemMany(tooMany, call())).rejects.toMatchObject({ code: 'request_invalid' });
    });

    test('names the rule that stands against it, and leaves no trace of a refusal', async () => {
      const id = await grantedConsent(vouch, people);
      const other = family();
      const refused = async (changes: Parameters<typeof redemption>[3], subjects: Partial<Family> = people, consentId = id) => {
        const request = redemption(vouch, subjects, consentId, changes);
        const result = await redeem(vouch, request);
        expect(await basis(request.verificationId)).toBe(isLease(result));
        return isLease(result) ? 'lease' : result;
      };
      expect(await refused({ platform: 'qingdao-enrolment' })).toBe('consent_other_platform');
      expect(await refused({ purpose: 'school-transfer' })).toBe('consent_other_purpose');
      expect(await refused({ parts: [part('child', 'police.age-on')] })).toBe('claim_type_not_covered');
      expect(await refused({}, { ...people, child: other.child })).toBe('person_not_covered');
      expect(await refused({}, people, randomUUID())).toBe('consent_not_found');
      expect(await refused({}, people, 'no-uuid')).toBe('consent_not_found');
      expect(await refused({})).toBe('lease');
      const early = await grantedConsent(vouch, people, { validFrom: new Date(Date.now() + 3_600_000) });
      expect(await refused({}, people, early)).toBe('consent_not_yet_valid');
      const late = await grantedConsent(vouch, people);
      await sql`update consent.consents set valid_until = clock_timestamp() - interval '1 second' where id = ${late}`.execute(
        vouch.store.db,
      );
      expect(await refused({}, people, late)).toBe('consent_expired');
      await expect(
        vouch.service.redemption.redeem(redemption(vouch, people, id, { leaseMs: 10_001, verificationId: 'x' }), call()),
      ).rejects.toMatchObject({
        code: 'request_invalid',
        faults: [{ pointer: '/verificationId' }, { pointer: '/leaseMs' }],
      });
    });

    test('counts the same verification once, gives it the same lease, and refuses another request under its id', async () => {
      const id = await grantedConsent(vouch, people);
      const request = redemption(vouch, people, id);
      const results = await Promise.all(all.flatMap((one) => [redeem(one, request), redeem(one, request), redeem(one, request)]));
      const leases = results.filter(isLease);
      expect(leases).toHaveLength(results.length);
      expect(new Set(leases.map((lease) => `${lease.basisRef} ${lease.endsAt?.toISOString()}`)).size).toBe(1);
      expect(leases.filter((lease) => !lease.repeatedRedemption)).toHaveLength(1);
      expect(await usesOf(id)).toMatchObject({ uses: 1 });
      expect(await redeem(vouch, { ...request, fingerprint: 'g' })).toBe('idempotency_mismatch');
      expect(await redeem(vouch, { ...request, consentId: await grantedConsent(vouch, people) })).toBe('idempotency_mismatch');
      expect(await redeem(vouch, { ...request, consentId: '' })).toBe('idempotency_mismatch');
    });

    test('gives the answer again that was lost on its way, after the process died', async () => {
      const id = await grantedConsent(vouch, people, { maxUses: 1 });
      const request = redemption(vouch, people, id);
      await redeem(vouch, request);
      const restarted = await openConsent(databases[0] as Database);
      expect(await redeem(restarted, request)).toMatchObject({ repeatedRedemption: true });
      expect(await usesOf(id)).toEqual({ uses: 1, status: 'spent' });
    });

    test('renews a lease that has ended without counting it, and tells the audit', async () => {
      const id = await grantedConsent(vouch, people, { maxUses: 1 });
      const request = redemption(vouch, people, id);
      const first = await redeem(vouch, request);
      await endLeases(id);
      const again = await redeem(vouch, request);
      if (!isLease(first) || !isLease(again)) throw new Error('refused');
      expect(again).toMatchObject({
        repeatedRedemption: true,
        heldByAnother: false,
        basisRef: first.basisRef,
        redeemedAt: first.redeemedAt,
      });
      // The lease is the repeat's own now; whoever comes next has to wait for it.
      expect(await redeem(vouch, request)).toMatchObject({ repeatedRedemption: true, heldByAnother: true });
      expect(again.endsAt?.getTime()).toBeGreaterThanOrEqual(first.endsAt?.getTime() ?? 0);
      const renewal = await renewed(request.verificationId);
      expect(renewal).toMatchObject({ basisRef: first.basisRef });
      expect(await usesOf(id)).toEqual({ uses: 1, status: 'spent' });
      expect((await auditOf(vouch.store, request.verificationId)).map((one) => [one.sequence, one.action, one.persons.length])).toEqual([
        [1, 'redeemed', 2],
        [2, 'redeemed', 0],
        [3, 'redeemed', 0],
      ]);
      expect(await codeOf(renewed(randomUUID()))).toBe('verification_not_found');
    });

    test('never gives the last use twice', async () => {
      const id = await grantedConsent(vouch, people, { maxUses: 1 });
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, i) => redeem(all[i % all.length] as VouchConsent, redemption(vouch, people, id))),
      );
      expect(results.filter(isLease)).toHaveLength(1);
      expect(results.filter((one) => one === 'consent_spent')).toHaveLength(19);
      expect(await usesOf(id)).toEqual({ uses: 1, status: 'spent' });
      const events = await eventsOf(vouch.store, 'vouch.consent.v1', id);
      expect(events.map((one) => [one.type, one.sequence])).toEqual([
        ['vouch.consent.requested', 1],
        ['vouch.consent.granted', 2],
        ['vouch.consent.spent', 3],
      ]);
    });

    test('whatever comes at once, to whichever process: uses are the verifications that hold a lease, and never too many', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 5 }),
          fc.array(fc.record({ verification: fc.nat(7), process: fc.nat(), leaseEnds: fc.boolean() }), { minLength: 1, maxLength: 40 }),
          async (maxUses, steps) => {
            const id = await grantedConsent(vouch, people, { maxUses });
            const requests = Array.from({ length: 8 }, () => redemption(vouch, people, id));
            const results = await Promise.all(
              steps.map(async ({ verification, process, leaseEnds }) => {
                if (leaseEnds) await endLeases(id);
                const request = requests[verification] as (typeof requests)[number];
                return { verification, result: await redeem(all[process % all.length] as VouchConsent, request) };
              }),
            );
            const holders = new Set(results.filter(({ result }) => isLease(result)).map(({ verification }) => verification));
            const asked = new Set(steps.map(({ verification }) => verification));
            expect(holders.size).toBe(Math.min(maxUses, asked.size));
            for (const { verification, result } of results)
              expect(isLease(result) ? true : result).toBe(holders.has(verification) || 'consent_spent');
            expect(await usesOf(id)).toEqual({ uses: holders.size, status: holders.size === maxUses ? 'spent' : 'granted' });
          },
        ),
        { numRuns: 12 },
      );
    });

    test('redeems a statutory duty where the catalogue grants it, also twice at once in two processes', async () => {
      const office = { platform: 'shandong-education-office', parts: [part('child', 'police.age-on')] };
      const request = redemption(vouch, { child: people.child }, '', office);
      const results = await Promise.all(all.map((one) => redeem(one, request)));
      expect(
        results
          .filter(isLease)
          .map((lease) => lease.repeatedRedemption)
          .sort(),
      ).toEqual(all.map((_, index) => index > 0));
      expect(results[0]).toMatchObject({ retentionDays: 180 });
      expect(await basis(request.verificationId)).toBe(true);
      expect(await auditOf(vouch.store, request.verificationId)).toMatchObject([{ legalBasis: 'statutory_duty', consentId: '' }]);
      for (const changes of [{ platform: 'jinan-enrolment' }, { ...office, purpose: 'school-transfer' }, { ...office, region: '110101' }]) {
        expect(await redeem(vouch, redemption(vouch, people, '', changes))).toBe('statutory_basis_not_granted');
      }
    });

    test('withdraws at once what nobody has redeemed', async () => {
      const id = await grantedConsent(vouch, people);
      expect((await withdraw(id))?.history.map((one) => one.change)).toEqual([
        'requested',
        'part_granted',
        'granted',
        'withdrawing',
        'withdrawn',
      ]);
      expect(await redeem(vouch, redemption(vouch, people, id))).toBe('consent_withdrawn');
    });

    test('acknowledges a withdrawal only when every lease has ended and a second more; until then it is withdrawing', async () => {
      const id = await grantedConsent(vouch, people);
      const request = redemption(vouch, people, id, { leaseMs: 1500 });
      await redeem(vouch, request);
      expect((await withdraw(id, 400))?.status).toBe(ConsentStatus.WITHDRAWING);
      expect(await redeem(vouch, redemption(vouch, people, id))).toBe('consent_withdrawn');
      expect(await redeem(vouch, request)).toBe('consent_withdrawn');
      expect(await renewed(request.verificationId)).toBe('consent_withdrawn');
      expect(await basis(request.verificationId)).toBe(false);
      await vouch.service.sweep();
      expect(await usesOf(id)).toMatchObject({ status: 'withdrawing' });

      expect((await withdraw(id))?.status).toBe(ConsentStatus.WITHDRAWN);
      const { rows } = await sql<{ ended: boolean }>`
        select lease_end + interval '1 second' < clock_timestamp() as ended from consent.redemptions where consent_id = ${id}`.execute(
        vouch.store.db,
      );
      expect(rows).toEqual([{ ended: true }]);
      expect((await withdraw(id))?.history.filter((one) => one.change === 'withdrawn')).toHaveLength(1);
      const kept = await vouch.store.db.selectFrom('persons').select('identity').where('consent_id', '=', id).execute();
      expect(kept.every((one) => one.identity === null)).toBe(true);
    });

    test('a sweeper acknowledges what the caller did not wait for', async () => {
      const id = await grantedConsent(vouch, people);
      await redeem(vouch, redemption(vouch, people, id, { leaseMs: 1 }));
      expect((await withdraw(id, 300))?.status).toBe(ConsentStatus.WITHDRAWING);
      await using _sweeping = vouch.service.startSweeping(20);
      await expect.poll(async () => (await usesOf(id)).status, { timeout: 10_000, interval: 20 }).toBe('withdrawn');
      const events = await eventsOf(vouch.store, 'vouch.consent.v1', id);
      expect(events.map((one) => [one.type.split('.').at(-1), one.sequence])).toEqual([
        ['requested', 1],
        ['granted', 2],
        ['withdrawing', 3],
        ['withdrawn', 4],
      ]);
    });

    test('races withdrawal against redemptions and renewals: after the acknowledgement no lease is left and none is given', async () => {
      for (let round = 0; round < 3; round += 1) {
        const id = await grantedConsent(vouch, people, { maxUses: 10_000 });
        const known: string[] = [];
        const given: Lease[] = [];
        let acknowledged = false;
        let lateLeases = 0;
        let stop = false;
        const worker = async (one: VouchConsent) => {
          while (!stop) {
            const wasAcknowledged = acknowledged;
            const again = known[Math.floor(Math.random() * known.length)];
            const request = redemption(vouch, people, id, { leaseMs: 1 + Math.floor(Math.random() * 300) });
            const renews = again !== undefined && Math.random() < 0.5;
            const result = renews ? await renewed(again, one) : await redeem(one, request);
            if (!isLease(result)) continue;
            if (!renews) known.push(request.verificationId);
            given.push(result);
            if (wasAcknowledged) lateLeases += 1;
          }
        };
        const workers = Promise.all(all.flatMap((one) => [worker(one), worker(one), worker(one)]));
        await expect.poll(() => given.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(20);
        const withdrawn = await withdraw(id);
        acknowledged = true;
        const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(vouch.store.db);
        const now = rows[0]?.now as Date;
        // Let the workers go on for a while after the acknowledgement.
        for (let i = 0; i < 20; i += 1) expect(await redeem(vouch, redemption(vouch, people, id))).toBe('consent_withdrawn');
        stop = true;
        await workers;

        expect(withdrawn?.status).toBe(ConsentStatus.WITHDRAWN);
        expect(lateLeases).toBe(0);
        const last = Math.max(...given.map((lease) => lease.endsAt?.getTime() ?? 0));
        expect(last).toBeLessThan(now.getTime() - 999);
        const kept = await sql<{ late: number }>`
          select count(*)::int as late from consent.redemptions where consent_id = ${id} and lease_end > ${now}`.execute(vouch.store.db);
        expect(kept.rows).toEqual([{ late: 0 }]);
        for (const verificationId of known.slice(0, 5)) expect(await basis(verificationId)).toBe(false);
      }
    });

    test('withdraws what is spent, so that it is shown no more', async () => {
      const id = await grantedConsent(vouch, people, { maxUses: 1 });
      const request = redemption(vouch, people, id, { leaseMs: 1 });
      await redeem(vouch, request);
      expect(await basis(request.verificationId)).toBe(true);
      expect((await withdraw(id))?.status).toBe(ConsentStatus.WITHDRAWN);
      expect(await basis(request.verificationId)).toBe(false);
    });
  });
}
