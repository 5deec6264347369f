import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { CONSUMERS, EVENT_TYPES, type EventBus, type ReceivedEvent, TOPICS } from '@vouch/events';
import { AccessResult } from '@vouch/proto/audit/v1/audit';
import { AuditRecorded } from '@vouch/proto/event/v1/event';
import { type Database, type Store, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuditApi } from '../src/api.js';
import { toBooleanArray, toBytesArray, toIntegerArray, toTextArray, toTimeArray, toUuidArray } from '../src/binary-arrays.js';
import { startConsumer, takeDeadLetter, UNDECODABLE } from '../src/consumers.js';
import { type Decoded, decode } from '../src/decode.js';
import { digestOf } from '../src/leaf.js';
import { migrations } from '../src/migrations/index.js';
import { ANSWER_UNKNOWN, erase, eraseLeftBehind, noteUnknownAnswers } from '../src/sweeper.js';
import type { AuditTables } from '../src/tables.js';
import { createTaker } from '../src/take-events.js';

const OLD = {
  verificationId: randomUUID(),
  pseudonym: `k1.${randomUUID()}`,
  get payload() {
    return { persons: [{ pseudonym: OLD.pseudonym, claimTypes: ['tax.x'] }], verificationId: OLD.verificationId };
  },
};

/** Rows as they were written before the newest migration, 200 days old. */
async function writeAsBefore(store: Store<AuditTables>): Promise<void> {
  const { verificationId, pseudonym } = OLD;
  const then = sql`clock_timestamp() - interval '200 days'`;
  for (const statement of [
    sql`insert into audit.leaves (index, event_id, type, time, leaf, leaf_hash) values (0, ${randomUUID()}, 'x', ${then}, '', '')`,
    sql`insert into audit.leaf_contents (index, salt, payload, stored_at) values (0, '', ${JSON.stringify(OLD.payload)}, ${then})`,
    sql`update audit.log set next_index = 1`,
    sql`insert into audit.verifications (verification_id, at, platform, purpose, region, legal_basis, consent_id, answered)
      values (${verificationId}, ${then}, '', '', '', '', '', true)`,
    sql`insert into audit.accesses (verification_id, pseudonym, claim_types) values (${verificationId}, ${pseudonym}, array['tax.x'])`,
    sql`insert into audit.consumed (consumer, topic, key, sequence)
      values (${CONSUMERS.audit}, ${TOPICS.audit}, ${`c:${verificationId}`}, 1)`,
  ]) {
    await statement.execute(store.db);
  }
}

/** The parts that the audit runs on. */
export interface AuditParts extends AsyncDisposable {
  readonly database: Database;
  readonly bus: EventBus;
  /** Topic to consume in the tests of the bus. */
  readonly topic: string;
}

/** The audit on either database and bus. */
export function auditSuite(name: string, open: () => Promise<AuditParts>): void {
  describe(name, () => {
    let parts: AuditParts;
    let store: Store<AuditTables>;
    let api: ReturnType<typeof createAuditApi>;
    let taker: ReturnType<typeof createTaker>;
    beforeAll(async () => {
      parts = await open();
      store = await parts.database.store<AuditTables>('audit', Object.fromEntries(Object.entries(migrations).slice(0, 4)));
      await writeAsBefore(store);
      store = await parts.database.store<AuditTables>('audit', migrations);
      api = createAuditApi(store);
      taker = createTaker(store, silentLogger);
    });
    afterAll(() => parts?.[Symbol.asyncDispose]());

    const call = { signal: new AbortController().signal };
    let person: string;
    beforeEach(() => {
      person = `k1.${randomUUID()}`;
    });

    let offset = 0;
    const payload = (action: string, changes: Partial<AuditRecorded> = {}) =>
      AuditRecorded.toJSON({
        verificationId: randomUUID(),
        consentId: 'c',
        action,
        platform: 'jinan-enrolment',
        purpose: 'school-enrolment',
        region: '370102',
        legalBasis: 'consent',
        code: '',
        persons: [{ pseudonym: person, subject: 'child', claimTypes: ['police.age-on'] }],
        salt: randomBytes(16).toString('base64'),
        answerDigest: '',
        catalogue: undefined,
        leaseEnd: undefined,
        sequence: 1,
        ...changes,
      });
    const event = (json: unknown, time = new Date(), id = randomUUID()): ReceivedEvent<Decoded> => {
      const { verificationId, action, sequence } = json as AuditRecorded;
      return {
        id,
        topic: TOPICS.audit,
        partition: 0,
        offset: String(offset++),
        key: `${action === 'redeemed' ? 'c' : 'l'}:${verificationId}`,
        sequence,
        type: EVENT_TYPES.audit.recorded,
        source: '/vouch/consent',
        time,
        payload: decode(json),
      };
    };
    const take = (...events: ReceivedEvent<Decoded>[]) => taker(events, { topic: TOPICS.audit, partition: 0 });
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
    const list = async (pageSize = 0, pageToken = '', auditPseudonyms = [person]) =>
      await api.listAccesses({ auditPseudonyms, pageSize, pageToken }, call);
    const resultOf = async (verificationId: string) => (await list()).accesses.find((one) => one.verificationId === verificationId)?.result;
    const leaves = async () => await store.db.selectFrom('leaves').select(['index', 'event_id', 'type']).orderBy('index').execute();
    const isGapless = (indexes: readonly string[]) => indexes.every((index, place) => index === String(place));

    test('keeps what was written before the newest migration, and erases it in time', async () => {
      expect((await list(0, '', [OLD.pseudonym])).accesses).toMatchObject([{ verificationId: OLD.verificationId, claimTypes: ['tax.x'] }]);
      const contents = async () => await store.db.selectFrom('leaf_contents').select('payload').where('index', '=', '0').execute();
      expect(JSON.parse((await contents())[0]?.payload ?? '')).toEqual(OLD.payload);
      await erase(store, 100);
      expect((await list(0, '', [OLD.pseudonym])).accesses).toEqual([]);
      expect(await contents()).toEqual([]);
      const left = store.db.selectFrom('accesses').select('verification_id').where('pseudonym', '=', OLD.pseudonym);
      expect(await left.execute()).toEqual([]);
    });

    test('gives arrays to the database as they are', async () => {
      const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
      const row = fc.record({
        text: fc.option(text),
        bytes: fc.uint8Array(),
        uuid: fc.uuid(),
        truth: fc.boolean(),
        number: fc.integer(),
        time: fc.option(fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (given) => {
          const { rows } = await sql`select * from unnest(${toTextArray(given.map((one) => one.text))}::text[],
            ${toBytesArray(given.map((one) => one.bytes))}::bytea[], ${toUuidArray(given.map((one) => one.uuid))}::uuid[],
            ${toBooleanArray(given.map((one) => one.truth))}::boolean[], ${toIntegerArray(given.map((one) => one.number))}::integer[],
            ${toTimeArray(given.map((one) => one.time))}::timestamptz[]) as n(text, bytes, uuid, truth, number, time)`.execute(store.db);
          expect(rows).toEqual(given.map((one) => ({ ...one, bytes: Buffer.from(one.bytes) })));
        }),
        { numRuns: 20 },
      );
    });

    test('appends one leaf per event, whose bytes are hashed and whose digest holds', async () => {
      const json = payload('redeemed');
      const one = event(json);
      await take(one);
      const leaf = await api.getLeaf({ eventId: one.id }, call);
      expect(leaf.leafHash).toEqual(createHash('sha256').update(Buffer.of(0)).update(leaf.leaf).digest());
      const read = JSON.parse(Buffer.from(leaf.leaf).toString()) as Record<string, string>;
      expect(read).toEqual({ id: one.id, type: 'vouch.audit.recorded', time: one.time.toISOString(), digest: expect.any(String) });
      const { salt } = json as { salt: string };
      expect(read.digest).toBe(digestOf(json, Buffer.from(salt, 'base64')).toString('base64'));
      expect(Buffer.from(leaf.leaf).toString()).not.toContain(person);
      await expect(api.getLeaf({ eventId: randomUUID() }, call)).rejects.toMatchObject({ code: 'leaf_not_found' });
    });

    test('takes each event once, however it is batched, repeated and delivered at once', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.nat(15), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 }),
          fc.boolean(),
          async (batches, atOnce) => {
            const events = Array.from({ length: 16 }, () => event(payload('redeemed')));
            const deliver = (batch: readonly number[]) => take(...batch.map((which) => events[which] as ReceivedEvent<Decoded>));
            if (atOnce) await Promise.all(batches.map(deliver));
            else for (const batch of batches) await deliver(batch);
            const asked = new Set(batches.flat().map((which) => events[which]?.id));
            const all = await leaves();
            const mine = all.filter((leaf) => asked.has(leaf.event_id));
            expect(mine).toHaveLength(asked.size);
            expect(isGapless(all.map((leaf) => leaf.index))).toBe(true);
            if (!atOnce) expect(mine.map((leaf) => leaf.event_id)).toEqual([...asked]);
          },
        ),
        { numRuns: 15 },
      );
    });

    test('commits leaf, access, position and offset together or not at all', async () => {
      const before = await leaves();
      const good = event(payload('redeemed'));
      const bad = event({ ...(payload('redeemed') as object), region: '\u0000' });
      await expect(take(good, bad)).rejects.toBeDefined();
      expect(await leaves()).toEqual(before);
      expect((await list()).accesses).toEqual([]);
      await take(good);
      const row = await store.db.selectFrom('offsets').select('next_offset').where('partition', '=', 0).executeTakeFirst();
      expect(row?.next_offset).toBe(String(BigInt(good.offset) + 1n));
      expect((await leaves()).at(-1)).toMatchObject({ event_id: good.id, index: String(before.length) });
    });

    test('refuses every change of a leaf, and keeps leaves when what they stand for is erased', async () => {
      const one = event(payload('redeemed'), ago(3 * 86_400));
      await take(one);
      const { index } = await api.getLeaf({ eventId: one.id }, call);
      for (const change of [
        sql`update audit.leaves set leaf = '' where index = ${String(index)}`,
        sql`update audit.leaves set type = 'x'`,
        sql`delete from audit.leaves where index = ${String(index)}`,
        sql`truncate audit.leaves cascade`,
      ]) {
        await expect(change.execute(store.db)).rejects.toMatchObject({ code: 'internal' });
      }
      expect((await list()).accesses).toHaveLength(1);
      await erase(store, 1);
      expect((await list()).accesses).toEqual([]);
      await erase(store, 0);
      expect(await store.db.selectFrom('leaf_contents').select('index').where('index', '=', String(index)).execute()).toEqual([]);
      expect((await api.getLeaf({ eventId: one.id }, call)).index).toBe(index);
    });

    test('erases accesses with the records that told of them', async () => {
      await take(event(payload('redeemed')), event(payload('consent_granted', { verificationId: '' })));
      const accesses = store.db.selectFrom('accesses').select('verification_id').where('pseudonym', '=', person);
      expect(await accesses.execute()).toHaveLength(1);
      await erase(store, 1);
      expect(await accesses.execute()).toHaveLength(1);
      await erase(store, 0);
      expect(await accesses.execute()).toEqual([]);
    });

    test('erases accesses that an earlier version left behind, and no others', async () => {
      const [kept, left] = [randomUUID(), randomUUID()];
      await take(event(payload('redeemed', { verificationId: kept })), event(payload('redeemed', { verificationId: left })));
      await store.db.deleteFrom('verifications').where('verification_id', '=', left).execute();
      await eraseLeftBehind(store);
      const accesses = store.db.selectFrom('accesses').select('verification_id').where('verification_id', 'in', [kept, left]);
      expect(await accesses.execute()).toEqual([{ verification_id: kept }]);
    });

    describe('raises the alarm about a gap', () => {
      const alarms: object[] = [];
      const logger = { ...silentLogger, error: (...[fields]: unknown[]) => void alarms.push(fields as object) };
      let watched: ReturnType<typeof createTaker>;
      beforeEach(() => {
        alarms.length = 0;
        watched = createTaker(store, logger as typeof silentLogger);
      });
      const numbered = (action: string, verificationId: string, ...sequences: number[]) =>
        watched(
          sequences.map((sequence) => event(payload(action, { verificationId, sequence }), ago(2 * 86_400))),
          { topic: TOPICS.audit, partition: 0 },
        );

      test('and none without one, however the records are batched, late or repeated', async () => {
        const [together, apart] = [randomUUID(), randomUUID()];
        await numbered('redeemed', together, 1, 2, 3);
        await numbered('answered', together, 1);
        await numbered('redeemed', apart, 1);
        await numbered('redeemed', apart, 2);
        await numbered('answered', apart, 1);
        await numbered('redeemed', apart, 3, 4);
        await numbered('redeemed', apart, 2);
        expect(alarms).toEqual([]);
      });

      test('in one batch, between batches, at the beginning, and of each writer', async () => {
        const id = randomUUID();
        await numbered('redeemed', id, 1, 3);
        await numbered('redeemed', id, 2);
        await numbered('redeemed', id, 6);
        await numbered('answered', id, 2);
        const gap = { consumer: CONSUMERS.audit, topic: TOPICS.audit };
        expect(alarms).toEqual([
          { ...gap, key: `c:${id}`, from: 2, to: 2 },
          { ...gap, key: `c:${id}`, from: 4, to: 5 },
          { ...gap, key: `l:${id}`, from: 1, to: 1 },
        ]);
      });

      test('of a consent', async () => {
        const key = `c:${randomUUID()}`;
        const about = (sequence: number) => ({ ...event(payload('consent_granted', { verificationId: '', sequence })), key });
        await watched([about(1), about(2)], { topic: TOPICS.audit, partition: 0 });
        expect(alarms).toEqual([]);
        await watched([about(4)], { topic: TOPICS.audit, partition: 0 });
        expect(alarms).toMatchObject([{ key, from: 3, to: 3 }]);
      });

      test('and knows what was taken before a verification was erased, and by an earlier version', async () => {
        await watched([event(payload('redeemed', { verificationId: OLD.verificationId, sequence: 2 }))], {
          topic: TOPICS.audit,
          partition: 0,
        });
        const id = randomUUID();
        await numbered('redeemed', id, 1);
        await erase(store, 1);
        await numbered('redeemed', id, 2);
        expect(alarms).toEqual([]);
        await numbered('redeemed', id, 4);
        expect(alarms).toMatchObject([{ key: `c:${id}`, from: 3, to: 3 }]);
      });
    });

    test('pairs what was redeemed with what became of it, in whatever order they come', async () => {
      const [answered, refused, underWay, late] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
      const leaseEnd = new Date(Date.now() + 5000);
      await take(event(payload('answered', { verificationId: answered }), ago(1)));
      await take(
        event(payload('redeemed', { verificationId: underWay, leaseEnd }), ago(4)),
        event(payload('redeemed', { verificationId: answered, leaseEnd }), ago(2)),
        event(payload('refused', { verificationId: refused, code: 'consent_spent' }), ago(3)),
        event(payload('redeemed', { verificationId: late, leaseEnd: ago(31) }), ago(40)),
      );
      const { accesses, nextPageToken } = await list();
      expect(nextPageToken).toBe('');
      expect(accesses.map((one) => [one.verificationId, one.result, one.code])).toEqual([
        [answered, AccessResult.ANSWERED, ''],
        [refused, AccessResult.REFUSED, 'consent_spent'],
        [underWay, AccessResult.UNDER_WAY, ''],
        [late, AccessResult.ANSWER_UNKNOWN, ''],
      ]);
      expect(accesses[0]).toMatchObject({
        platform: 'jinan-enrolment',
        purpose: 'school-enrolment',
        region: '370102',
        legalBasis: 'consent',
        claimTypes: ['police.age-on'],
        consentId: 'c',
      });
    });

    test('writes down once that an answer never came, and believes a late one', async () => {
      const verificationId = randomUUID();
      const inTime = randomUUID();
      const ended = { leaseEnd: ago(31) };
      await take(
        event(payload('redeemed', { verificationId, ...ended })),
        event(payload('redeemed', { verificationId: inTime, leaseEnd: ago(20) })),
      );
      await Promise.all([noteUnknownAnswers(store), noteUnknownAnswers(store)]);
      await noteUnknownAnswers(store);
      const noted = (await leaves()).filter((leaf) => leaf.type === ANSWER_UNKNOWN);
      expect(noted.filter((leaf) => leaf.event_id.includes(verificationId))).toHaveLength(1);
      expect(noted.filter((leaf) => leaf.event_id.includes(inTime))).toHaveLength(0);
      expect(await resultOf(verificationId)).toBe(AccessResult.ANSWER_UNKNOWN);

      await take(event(payload('answered', { verificationId })));
      expect(await resultOf(verificationId)).toBe(AccessResult.ANSWERED);
      expect((await leaves()).filter((leaf) => leaf.event_id.includes(verificationId))).toHaveLength(1);
      // A renewed lease is waited for anew.
      await take(event(payload('redeemed', { verificationId: inTime, leaseEnd: new Date(Date.now() + 5000), sequence: 2, persons: [] })));
      expect(await resultOf(inTime)).toBe(AccessResult.UNDER_WAY);
    });

    test('pages through accesses, newest first, without loss while new ones come', async () => {
      const ids = Array.from({ length: 7 }, () => randomUUID());
      // Three at the same instant, so that a page ends among equals.
      await take(...ids.map((verificationId, i) => event(payload('redeemed', { verificationId }), ago(100 - (i < 4 ? i : 4)))));
      const seen: string[] = [];
      let token = '';
      do {
        const page = await list(2, token);
        expect(page.accesses.length).toBeLessThanOrEqual(2);
        seen.push(...page.accesses.map((one) => one.verificationId));
        token = page.nextPageToken;
        await take(event(payload('redeemed')));
      } while (token !== '');
      expect(seen).toHaveLength(7);
      expect(new Set(seen)).toEqual(new Set(ids));
      expect(seen.slice(3)).toEqual([...ids.slice(0, 4)].reverse());
    });

    test('shows one person’s accesses only, under each of their pseudonyms, once', async () => {
      const verificationId = randomUUID();
      const older = `k0.${randomUUID()}`;
      const both = [
        { pseudonym: person, subject: 'child', claimTypes: ['police.age-on'] },
        { pseudonym: older, subject: 'child', claimTypes: ['police.guardian-of'] },
      ];
      await take(event(payload('redeemed', { verificationId, persons: both })));
      const { accesses } = await list(0, '', [person, older]);
      expect(accesses.map((one) => [one.verificationId, one.claimTypes])).toEqual([
        [verificationId, ['police.age-on', 'police.guardian-of']],
      ]);
      expect((await list(0, '', [`k1.${randomUUID()}`])).accesses).toEqual([]);
      await expect(list(0, '', [])).rejects.toMatchObject({ code: 'request_invalid' });
      await expect(list(201)).rejects.toMatchObject({ code: 'request_invalid' });
      await expect(list(1, 'forged')).rejects.toMatchObject({ code: 'request_invalid' });
    });

    test('gives what cannot be decoded a leaf of its own, once', async () => {
      const letter = {
        group: CONSUMERS.audit,
        topic: TOPICS.audit,
        partition: 3,
        offset: String(offset++),
        code: 'undecodable',
        reason: 'x',
      };
      await takeDeadLetter(store, letter);
      await takeDeadLetter(store, letter);
      const mine = (await leaves()).filter((leaf) => leaf.type === UNDECODABLE && leaf.event_id.endsWith(`/3/${letter.offset}`));
      expect(mine).toHaveLength(1);
    });

    test('consumes from the bus: duplicates once, the undecodable aside, and goes on after a restart', async () => {
      const message = (json: unknown, id = randomUUID()) => {
        const { verificationId } = json as { verificationId: string };
        const key = `c:${verificationId}`;
        const place = { topic: parts.topic, key, sequence: 1, type: EVENT_TYPES.audit.recorded, source: '/vouch/consent' };
        return { ...place, id, time: new Date().toISOString(), json: JSON.stringify(json) };
      };
      const knows = async (id: string) => (await leaves()).some((leaf) => leaf.event_id === id);
      const consumer = { store, bus: parts.bus, topic: parts.topic, logger: silentLogger, group: `audit-${randomUUID()}` };
      const [first, broken, second, third] = [
        payload('redeemed'),
        { verificationId: randomUUID() },
        payload('answered'),
        payload('refused'),
      ].map((json) => message(json)) as [
        ReturnType<typeof message>,
        ReturnType<typeof message>,
        ReturnType<typeof message>,
        ReturnType<typeof message>,
      ];
      await parts.bus.publish([first, first, broken, second, first]);
      const undecodable = async () => (await leaves()).filter((leaf) => leaf.type === UNDECODABLE).length;
      const before = await undecodable();
      {
        await using _running = await startConsumer(consumer);
        await expect.poll(() => knows(second.id), { timeout: 30_000 }).toBe(true);
        await expect.poll(() => knows(first.id), { timeout: 30_000 }).toBe(true);
        await expect.poll(undecodable, { timeout: 30_000 }).toBe(before + 1);
      }
      await parts.bus.publish([third, first]);
      await using _again = await startConsumer(consumer);
      await expect.poll(() => knows(third.id), { timeout: 30_000 }).toBe(true);
      const all = await leaves();
      for (const { id } of [first, second, third]) expect(all.filter((leaf) => leaf.event_id === id)).toHaveLength(1);
      expect(isGapless(all.map((leaf) => leaf.index))).toBe(true);
      expect((await list()).accesses).toHaveLength(3);
    });
  });
}
