import { randomUUID } from 'node:crypto';
import { ConsentStatus, PartState } from '@vouch/proto/consent/v1/consent';
import { type Database, sql } from '@vouch/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  auditOf,
  call,
  codeOf,
  dump,
  eventsOf,
  type Family,
  family,
  grantedConsent,
  openConsent,
  type PARTS,
  PLATFORM,
  part,
  person,
  redeem,
  redemption,
  rotatedKeys,
  type VouchConsent,
  viewer,
  wish,
} from './vouch-consent.js';

/** What people and platforms do with consents, on either database. */
export function consentSuite(name: string, open: () => Promise<Database>): void {
  describe(name, () => {
    let database: Database;
    let vouch: VouchConsent;
    let people: Family;
    beforeAll(async () => {
      database = await open();
      vouch = await openConsent(database);
      people = family();
    });
    afterAll(() => database?.[Symbol.asyncDispose]());

    const request = async (changes: Parameters<typeof wish>[1] = {}, subjects: Partial<Family> = people) => {
      const wanted = wish(subjects, changes);
      await vouch.service.consent.requestConsent(wanted, call());
      return wanted.consentId;
    };
    const decide = async (kind: 'grantConsent' | 'refuseConsent', consentId: string, who = people.guardian, parts = [] as typeof PARTS) => {
      const { consent } = await vouch.service.consent[kind]({ consentId, viewer: viewer(vouch, who), parts }, call());
      return consent;
    };
    const asPlatform = async (consentId: string, platform = PLATFORM) => {
      const { consent } = await vouch.service.consent.getConsent({ consentId, reader: { $case: 'platform', value: platform } }, call());
      return consent;
    };
    const asPerson = async (consentId: string, who = people.guardian) => {
      const reader = { $case: 'viewer', value: viewer(vouch, who) } as const;
      return (await vouch.service.consent.getConsent({ consentId, reader }, call())).consent;
    };

    test('keeps a request with nobody in clear, and says so in its events', async () => {
      const id = await request();
      const stored = await dump(vouch.store);
      // bytea is shown in hexadecimal.
      const clear = Object.values(people).flatMap(({ idNumber, name: fullName }) => [idNumber, fullName]);
      for (const one of clear.flatMap((text) => [text, Buffer.from(text).toString('hex')])) expect(stored).not.toContain(one);
      expect(await asPlatform(id)).toMatchObject({
        status: ConsentStatus.REQUESTED,
        uses: 0,
        maxUses: 3,
        history: [{ change: 'requested' }],
      });
      expect(await eventsOf(vouch.store, 'vouch.consent.v1', id)).toEqual([
        {
          type: 'vouch.consent.requested',
          sequence: 1,
          payload: { consentId: id, platform: PLATFORM, status: 'requested', sequence: 1, purpose: 'school-enrolment' },
        },
      ]);
      const [audited] = await auditOf(vouch.store, id);
      expect(audited).toMatchObject({ action: 'consent_requested', consentId: id, sequence: 1 });
      expect(audited?.persons).toEqual([
        {
          subject: 'child',
          pseudonym: vouch.keyring.pseudonym('audit', people.child.idNumber),
          claimTypes: ['police.household-registered'],
        },
        { subject: 'guardian', pseudonym: vouch.keyring.pseudonym('audit', people.guardian.idNumber), claimTypes: ['housing.owns-home'] },
      ]);
    });

    test('is the same consent when the same request comes again, and a mismatch when another does', async () => {
      const wanted = wish(people);
      const both = await Promise.all([
        vouch.service.consent.requestConsent(wanted, call()),
        vouch.service.consent.requestConsent(wanted, call()),
      ]);
      expect(both[0]).toEqual(both[1]);
      expect(await codeOf(vouch.service.consent.requestConsent({ ...wanted, fingerprint: 'g' }, call()))).toBe('idempotency_mismatch');
      expect(await codeOf(vouch.service.consent.requestConsent({ ...wanted, platform: 'qingdao-enrolment' }, call()))).toBe(
        'idempotency_mismatch',
      );
      expect(await eventsOf(vouch.store, 'vouch.consent.v1', wanted.consentId)).toHaveLength(1);
    });

    test('counts the characters of a name, not its UTF-16 units', async () => {
      const named = (length: number) => wish({ ...people, child: { ...people.child, name: '𠀀'.repeat(length) } });
      expect((await vouch.service.consent.requestConsent(named(100), call())).consent?.status).toBe(ConsentStatus.REQUESTED);
      expect(await codeOf(vouch.service.consent.requestConsent(named(101), call()))).toBe('request_invalid');
    });

    test('refuses what the catalogue does not allow, and tells every fault of a request', async () => {
      const { consent } = vouch.service;
      expect(await codeOf(consent.requestConsent(wish(people, { platform: 'nobody' }), call()))).toBe('client_unknown');
      expect(await codeOf(consent.requestConsent(wish(people, { purpose: 'enrolment-review' }), call()))).toBe('purpose_not_allowed');
      const school = { platform: 'lixia-school', purpose: 'school-transfer' };
      expect(await codeOf(consent.requestConsent(wish(people, school), call()))).toBe('claim_type_not_allowed');
      const broken = { ...people, child: { idNumber: `${people.child.idNumber.slice(0, 17)}?`, name: '' } };
      await expect(consent.requestConsent(wish(broken, { maxUses: 0, consentId: 'no' }), call())).rejects.toMatchObject({
        code: 'request_invalid',
        faults: [
          { pointer: '/consentId', code: 'uuid_invalid' },
          { pointer: '/maxUses', code: 'out_of_range' },
          { pointer: '/subjects/child/idNumber', code: 'id_number_characters' },
          { pointer: '/subjects/child/name', code: 'name_length' },
        ],
      });
    });

    test('is granted part by part; the platform sees nothing of that until the whole is granted', async () => {
      const id = await request();
      const half = await decide('grantConsent', id, people.guardian2);
      expect(half?.parts.map((one) => one.state)).toEqual([PartState.GRANTED, PartState.REQUESTED]);
      const seen = await asPlatform(id);
      expect(seen?.parts.map((one) => [one.state, one.decidedAt])).toEqual([
        [PartState.REQUESTED, undefined],
        [PartState.REQUESTED, undefined],
      ]);
      expect(seen?.history.map((one) => one.change)).toEqual(['requested']);
      expect(await eventsOf(vouch.store, 'vouch.consent.v1', id)).toHaveLength(1);

      const whole = await decide('grantConsent', id);
      expect(whole).toMatchObject({ status: ConsentStatus.GRANTED });
      expect(whole?.history.map((one) => [one.sequence, one.change])).toEqual([
        [1, 'requested'],
        [2, 'part_granted'],
        [3, 'part_granted'],
        [4, 'granted'],
      ]);
      expect(whole?.history.map((one) => one.actor).join()).not.toContain('sub-');
      const now = await asPlatform(id);
      expect(now?.history.map((one) => [one.sequence, one.change, one.previous, one.status])).toEqual([
        [1, 'requested', ConsentStatus.UNSPECIFIED, ConsentStatus.REQUESTED],
        [2, 'granted', ConsentStatus.REQUESTED, ConsentStatus.GRANTED],
      ]);
      expect(now?.parts.every((one) => one.state === PartState.GRANTED)).toBe(true);
      const events = await eventsOf(vouch.store, 'vouch.consent.v1', id);
      expect(events.map((one) => [one.type, one.sequence])).toEqual([
        ['vouch.consent.requested', 1],
        ['vouch.consent.granted', 2],
      ]);
    });

    test('asks the register for a child under 14, with who they are, and keeps that from the platform', async () => {
      const id = await request();
      vouch.register.asked.length = 0;
      await decide('grantConsent', id);
      expect(vouch.register.asked).toEqual([
        expect.objectContaining({
          child: people.child,
          guardian: people.guardian,
          platform: PLATFORM,
          actorRef: `sub-${people.guardian.name}`,
        }),
      ]);
      const audit = await auditOf(vouch.store, id);
      expect(audit.map((one) => [one.sequence, one.action, one.code])).toEqual([
        [1, 'consent_requested', ''],
        [2, 'guardianship_checked', ''],
        [3, 'consent_part_granted', ''],
        [4, 'consent_granted', ''],
      ]);
      expect(audit[1]?.persons.map((one) => one.subject)).toEqual(['child', 'guardian']);
    });

    test('tells who is no guardian so, and changes nothing', async () => {
      const id = await request();
      vouch.register.answer = 'not_guardian';
      expect(await codeOf(decide('grantConsent', id))).toBe('not_guardian');
      expect(await codeOf(decide('refuseConsent', id))).toBe('not_guardian');
      vouch.register.answer = 'guardian';
      expect(await asPerson(id)).toMatchObject({ status: ConsentStatus.REQUESTED, history: [{ change: 'requested' }] });
      expect(await eventsOf(vouch.store, 'vouch.consent.v1', id)).toHaveLength(1);
      const audit = await auditOf(vouch.store, id);
      expect(audit.slice(1).map((one) => [one.action, one.code])).toEqual([
        ['guardianship_checked', 'not_guardian'],
        ['guardianship_checked', 'not_guardian'],
      ]);
    });

    test('never takes silence of the register for a yes', async () => {
      const id = await request();
      for (const answer of ['unknown', new Error('gone')] as const) {
        vouch.register.answer = answer;
        await expect(decide('grantConsent', id)).rejects.toMatchObject({ code: 'guardianship_unknown', retryable: true });
      }
      vouch.register.answer = 'guardian';
      expect((await auditOf(vouch.store, id)).at(-1)).toMatchObject({ code: 'guardianship_unknown' });
      expect(await decide('grantConsent', id)).toMatchObject({ status: ConsentStatus.GRANTED });
    });

    test('limits attempts to be a guardian, per consent and person, also when they come at once', async () => {
      const id = await request();
      vouch.register.answer = 'not_guardian';
      const codes = await Promise.all(Array.from({ length: 7 }, () => codeOf(decide('grantConsent', id))));
      expect(codes.filter((code) => code === 'not_guardian')).toHaveLength(5);
      expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(2);
      vouch.register.answer = 'guardian';
      await expect(decide('grantConsent', id)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
      // The other parent, and parts that need no register, are not concerned.
      await decide('grantConsent', id, people.guardian2);
      expect(await decide('grantConsent', id, people.guardian, [part('guardian', 'housing.owns-home')])).toMatchObject({
        status: ConsentStatus.GRANTED,
      });
    });

    test('does not exist for anyone who is not named in it', async () => {
      const id = await request();
      const stranger = person('19900101');
      expect(await codeOf(decide('grantConsent', id, stranger))).toBe('consent_not_found');
      expect(await codeOf(asPerson(id, stranger))).toBe('consent_not_found');
      expect(await codeOf(asPlatform(id, 'qingdao-enrolment'))).toBe('consent_not_found');
      expect(await codeOf(vouch.service.consent.getConsent({ consentId: id, reader: undefined }, call()))).toBe('consent_not_found');
      const withdrawal = { consentId: id, viewer: viewer(vouch, stranger) };
      expect(await codeOf(vouch.service.consent.withdrawConsent(withdrawal, call()))).toBe('consent_not_found');
      expect(await codeOf(asPerson(randomUUID()))).toBe('consent_not_found');
      expect(await codeOf(asPerson('../etc'))).toBe('consent_not_found');
      expect(await codeOf(decide('grantConsent', id, people.guardian2, [part('guardian', 'housing.owns-home')]))).toBe('part_not_yours');
    });

    test('ends with one refusal, of which the platform learns no more than that, and forgets who people were', async () => {
      const id = await request();
      await decide('grantConsent', id, people.guardian2);
      await decide('refuseConsent', id, people.guardian, [part('guardian', 'housing.owns-home')]);
      const seen = await asPlatform(id);
      expect(seen?.status).toBe(ConsentStatus.REFUSED);
      expect(seen?.parts.every((one) => one.state === PartState.REFUSED)).toBe(true);
      expect(seen?.history.map((one) => one.change)).toEqual(['requested', 'refused']);
      const kept = await vouch.store.db.selectFrom('persons').select('identity').where('consent_id', '=', id).execute();
      expect(kept.every((one) => one.identity === null)).toBe(true);
      expect(await codeOf(decide('grantConsent', id))).toBe('consent_closed');
      expect(await asPerson(id, people.child)).toMatchObject({ status: ConsentStatus.REFUSED });
    });

    test('expires when its time is over, once, whoever sweeps', async () => {
      const ids = await Promise.all([request(), grantedConsent(vouch, people)]);
      await sql`update consent.consents set valid_until = clock_timestamp() - interval '1 second' where id = any(${ids}::uuid[])`.execute(
        vouch.store.db,
      );
      const other = await openConsent(database);
      await Promise.all([vouch.service.sweep(), other.service.sweep(), vouch.service.sweep()]);
      for (const id of ids) {
        expect(await asPlatform(id)).toMatchObject({ status: ConsentStatus.EXPIRED });
        const events = await eventsOf(vouch.store, 'vouch.consent.v1', id);
        expect(events.filter((one) => one.type === 'vouch.consent.expired')).toHaveLength(1);
        expect(events.map((one) => one.sequence)).toEqual(events.map((_, index) => index + 1));
      }
      expect((await asPlatform(ids[0] ?? ''))?.parts.every((one) => one.state === PartState.REQUESTED)).toBe(true);
      expect((await asPlatform(ids[1] ?? ''))?.parts.every((one) => one.state === PartState.GRANTED)).toBe(true);
    });

    test('keeps a history that nobody can change', async () => {
      const id = await request();
      const { db } = vouch.store;
      for (const change of [
        sql`update consent.history set actor = 'x' where consent_id = ${id}`,
        sql`delete from consent.history where consent_id = ${id}`,
        sql`truncate consent.history`,
      ]) {
        await expect(change.execute(db)).rejects.toMatchObject({ code: 'internal' });
      }
      expect((await asPerson(id))?.history).toHaveLength(1);
    });

    test('goes on after a key was rotated: people are found and identities opened by the key that was current then', async () => {
      const kin = family();
      const id = await request({}, kin);
      const rotated = await openConsent(database, rotatedKeys());
      await rotated.service.consent.grantConsent({ consentId: id, viewer: viewer(rotated, kin.guardian), parts: [] }, call());
      expect(rotated.register.asked).toMatchObject([{ child: kin.child, guardian: kin.guardian }]);
      expect(await redeem(rotated, redemption(rotated, kin, id))).toMatchObject({ repeatedRedemption: false });
      const { subjects } = await rotated.service.consent.listAccessSubjects({ viewer: viewer(rotated, kin.guardian) }, call());
      expect(subjects.map((one) => one.relation)).toEqual(['self', 'child']);
    });

    test('lets people read their own access log, and confirmed guardians their child’s, by references of their own', async () => {
      const kin = family();
      const list = async (who: Family[keyof Family]) => {
        const { subjects } = await vouch.service.consent.listAccessSubjects({ viewer: viewer(vouch, who) }, call());
        return subjects;
      };
      const resolve = async (who: Family[keyof Family], subjectRef: string) =>
        (await vouch.service.consent.resolveAccessSubject({ viewer: viewer(vouch, who), subjectRef }, call())).auditPseudonyms;

      expect((await list(kin.guardian)).map((one) => one.relation)).toEqual(['self']);
      const id = await request({}, kin);
      await decide('grantConsent', id, kin.guardian);
      const [self, child, ...more] = await list(kin.guardian);
      expect([self?.relation, child?.relation, more]).toEqual(['self', 'child', []]);
      expect(await list(kin.guardian)).toEqual([self, child]);
      expect(await resolve(kin.guardian, self?.subjectRef ?? '')).toEqual(vouch.keyring.pseudonyms('audit', kin.guardian.idNumber));
      expect(await resolve(kin.guardian, child?.subjectRef ?? '')).toEqual(vouch.keyring.pseudonyms('audit', kin.child.idNumber));
      for (const ref of [self?.subjectRef ?? '', child?.subjectRef ?? '', randomUUID(), 'x']) {
        expect(await codeOf(resolve(kin.guardian2, ref))).toBe('subject_not_found');
      }
      // Another consent, the same child, the same reference; and none once the register says otherwise.
      const again = await request({}, kin);
      await decide('grantConsent', again, kin.guardian);
      expect(await list(kin.guardian)).toEqual([self, child]);
      const later = await request({}, kin);
      vouch.register.answer = 'not_guardian';
      expect(await codeOf(decide('grantConsent', later, kin.guardian))).toBe('not_guardian');
      vouch.register.answer = 'guardian';
      expect(await list(kin.guardian)).toEqual([self]);
      expect(await codeOf(resolve(kin.guardian, child?.subjectRef ?? ''))).toBe('subject_not_found');
    });
  });
}
