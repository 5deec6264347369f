import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BOUNDS } from '../src/batches/bounds.js';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { finding } from './agencies.js';
import { ndjson, resultsOf, row, rows, submit, untilBatch, untilComplete } from './batch-fixtures.js';
import { CHILD, GUARDIAN } from './example-people.js';
import {
  CONSENT_ID,
  eventually,
  type LookupUnderTest,
  type OpenDatabase,
  OTHER_PLATFORM,
  SMALL_PLATFORM,
  startLookupUnderTest,
} from './lookup-under-test.js';
import { AS_USUAL } from './scripted-ports.js';

/** What batches do, on any store. */
export function batchesSuite(name: string, openDatabase?: OpenDatabase): void {
  describe(name, () => {
    let lookup: LookupUnderTest;
    const asked = () => lookup.providers.police.asked.get('police.guardian-of') ?? 0;
    const command = (id: string, what: string) => lookup.call(`/v1/batches/${id}/${what}`, { method: 'POST' });
    const read = (id: string, token?: string) => lookup.call(`/v1/batches/${id}`, { token });
    const storeOf = () => lookup.database.store<LookupTables>('lookup', migrations);

    beforeAll(async () => {
      lookup = await startLookupUnderTest({ openDatabase });
    });
    afterAll(() => lookup?.[Symbol.asyncDispose]());
    beforeEach(() => {
      Object.assign(lookup.ports, AS_USUAL);
      lookup.providers.police.answer('police.guardian-of', finding(Outcome.CONFIRMED));
    });

    describe('a submission', () => {
      it('given NDJSON, asks every row once and has the results in order', async () => {
        const before = asked();
        // With time enough that a busy machine asks none again.
        const made = await submit(lookup, ndjson(rows(250, { timeBudgetMs: 10_000 })));
        expect(made.status).toBe(201);
        expect(made.headers.get('location')).toBe(`/v1/batches/${made.body.id}`);
        expect(made.body.rows).toMatchObject({ total: 250 });
        const done = await untilComplete(lookup, made.body.id);
        expect(done).toMatchObject({ rows: { total: 250, done: 250, failed: 0, pending: 0, cancelled: 0 }, endedAt: expect.any(String) });
        expect(done.ratePerSecond).toBeGreaterThan(0);
        const results = await resultsOf(lookup, made.body.id);
        expect(results.map(({ row }) => row)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
        expect(new Set(results.map((result) => 'verificationId' in result && result.verificationId)).size).toBe(250);
        expect(results[0]).toMatchObject({ status: 'complete', verification: { verdict: 'met', claims: [{ outcome: 'confirmed' }] } });
        expect(asked() - before).toBe(250);
        expect((await resultsOf(lookup, made.body.id, '?after=120&limit=3')).map(({ row }) => row)).toEqual([121, 122, 123]);
      });

      it.each([false, true])('given CSV (gzip: %s), reads its columns', async (gzip) => {
        const columns =
          'purpose,region,requirementSet,consentId,legalBasis,timeBudgetMs,claims,child.idNumber,child.name,guardian.idNumber,guardian.name';
        const people = `${CHILD.idNumber},"${CHILD.name}",${GUARDIAN.idNumber},${GUARDIAN.name}`;
        const claims = `"${JSON.stringify(row().claims).replaceAll('"', '""')}"`;
        const lines = [
          `\ufeff${columns}`,
          `school-enrolment,370102,370102/primary/2026,${CONSENT_ID},,2000,,${people}`,
          `school-enrolment,370102,,${CONSENT_ID},consent,,${claims},${people}`,
          `school-enrolment,370102,,,statutory_duty,x,${claims},${people}`,
          'school-enrolment,370102',
          `"school-enrolment,370102,,${CONSENT_ID}`,
          '',
          `school-enrolment,370102,,${CONSENT_ID},,,${claims},${people}`,
        ];
        const made = await submit(lookup, `${lines.join('\r\n')}\r\n`, { type: 'text/csv; charset=utf-8', gzip });
        expect(made.status).toBe(201);
        await untilComplete(lookup, made.body.id);
        const results = await resultsOf(lookup, made.body.id);
        expect(results.map(({ status }) => status)).toEqual(['complete', 'complete', 'failed', 'failed', 'failed', 'complete']);
        expect(results[0]).toMatchObject({ verification: { requirementSet: '370102/primary/2026' } });
        expect(results[2]).toMatchObject({ code: 'request_invalid', errors: [{ pointer: '/timeBudgetMs', code: 'type_wrong' }] });
        expect(results[3]).toMatchObject({ code: 'row_malformed' });
        const csv = await lookup.call(`/v1/batches/${made.body.id}/results`, { headers: { accept: 'text/csv' } });
        expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
        const [head, ...told] = csv.body.trim().split('\r\n');
        expect(head).toBe('row,status,verificationId,verdict,alternative,code,completedAt,claims,errors');
        expect(told).toHaveLength(6);
        expect(told[1]).toMatch(/^2,complete,[0-9a-f-]{36},met,claims,,[^,]+,police\.guardian-of\(child\)=confirmed,$/);
        expect(told[2]).toBe('3,failed,,,,request_invalid,,,/timeBudgetMs:type_wrong');
      });

      it('given rows with faults, has each as its result and echoes nothing', async () => {
        const bad = [
          row(),
          '{"purpose": ',
          '[]',
          row({ region: '999999', subjects: { child: { idNumber: '110101199003070000', name: '不该出现' }, guardian: GUARDIAN } }),
          JSON.stringify(row({ purpose: 'x'.repeat(70_000) })),
          Buffer.from([0x7b, 0xff, 0x7d]),
          row(),
        ].map((one) => (Buffer.isBuffer(one) ? one : Buffer.from(typeof one === 'string' ? one : JSON.stringify(one))));
        const made = await submit(lookup, Buffer.concat(bad.flatMap((line) => [line, Buffer.from('\n')])));
        const done = await untilComplete(lookup, made.body.id);
        expect(done.rows).toEqual({ total: 7, done: 2, failed: 5, pending: 0, cancelled: 0 });
        const results = await resultsOf(lookup, made.body.id);
        expect(results.map((result) => ('code' in result ? result.code : result.status))).toEqual([
          'complete',
          'row_malformed',
          'row_malformed',
          'request_invalid',
          'row_too_large',
          'row_malformed',
          'complete',
        ]);
        expect(JSON.stringify(results)).not.toContain('不该出现');
      });

      it('given a refusing basis, has the refusal of each row on record', async () => {
        lookup.ports.refusal = 'consent_expired';
        const made = await submit(lookup, ndjson(rows(3)));
        expect((await untilComplete(lookup, made.body.id)).rows).toMatchObject({ done: 0, failed: 3 });
        for (const result of await resultsOf(lookup, made.body.id)) {
          expect(result).toMatchObject({ status: 'refused', code: 'consent_expired', verificationId: expect.any(String) });
        }
      });

      it('given a cancelled batch whose instance died with refused rows in hand, tells of their refusals', async () => {
        lookup.ports.refusal = 'consent_expired';
        const { id } = (await submit(lookup, ndjson(rows(3)))).body;
        await untilComplete(lookup, id);
        const before = await resultsOf(lookup, id);
        // As an instance leaves it that dies before it has saved what the rows came to.
        const { db } = await storeOf();
        const lost = { outcomes: null, failed: 0, finished_at: null, lease: randomUUID(), lease_end: new Date(0) };
        await db.updateTable('batch_chunks').set(lost).where('batch_id', '=', id).execute();
        await db.updateTable('batches').set({ status: 'cancelled' }).where('id', '=', id).execute();
        const held = db.selectFrom('batch_chunks').select('number').where('batch_id', '=', id).where('lease', 'is not', null);
        await eventually(async () => (await held.execute()).length === 0);
        expect(await resultsOf(lookup, id)).toEqual(before);
        expect(before.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused']);
      });

      it('repeats by its idempotency key, and knows another upload', async () => {
        const key = randomUUID();
        const before = asked();
        const first = await submit(lookup, ndjson(rows(5)), { key });
        const again = await submit(lookup, ndjson(rows(5)), { key, gzip: true });
        expect([again.status, again.body.id]).toEqual([201, first.body.id]);
        const other = await submit(lookup, ndjson(rows(6)), { key });
        expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
        await untilComplete(lookup, first.body.id);
        expect(asked() - before).toBe(5);
      });

      it.each([
        ['nothing', '', {}, 422, 'batch_unreadable'],
        ['an unknown column', 'purpose,shoe size\n1,2\n', { type: 'text/csv' }, 422, 'batch_unreadable'],
        ['another type', '{}', { type: 'application/json' }, 415, 'content_type_unsupported'],
        ['another charset', '{}', { type: 'text/csv; charset=gbk' }, 415, 'content_type_unsupported'],
      ] as const)('refuses %s', async (_what, body, options, status, code) => {
        const refused = await submit(lookup, body, options);
        expect([refused.status, refused.body.code]).toEqual([status, code]);
      });

      it('refuses what only says that it is gzip', async () => {
        const answer = await fetch(`${lookup.url}/v1/batches`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await lookup.platformToken()}`,
            'content-type': 'text/csv',
            'content-encoding': 'gzip',
          },
          body: 'purpose\n'.repeat(100_000),
        });
        expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([422, 'batch_unreadable']);
      });

      it('that is cut in the middle leaves nothing', async () => {
        const store = await storeOf();
        const kept = () =>
          store.db
            .selectFrom('batches')
            .select(({ fn }) => fn.countAll<string>().as('count'))
            .executeTakeFirstOrThrow();
        const before = await kept();
        const { hostname, port } = new URL(lookup.url);
        const upload = request({
          hostname,
          port,
          path: '/v1/batches',
          method: 'POST',
          headers: { authorization: `Bearer ${await lookup.platformToken()}`, 'content-type': 'application/x-ndjson' },
        });
        upload.on('error', () => undefined);
        upload.write(ndjson(rows(2_500)));
        const receiving = await eventually(() =>
          store.db
            .selectFrom('batch_chunks')
            .innerJoin('batches', 'id', 'batch_id')
            .select('id')
            .where('status', '=', 'receiving')
            .executeTakeFirst(),
        );
        // Nobody sees it.
        expect((await read(receiving.id)).status).toBe(404);
        const askedBefore = asked();
        upload.destroy();
        await eventually(async () => (await kept()).count === before.count);
        expect(await store.db.selectFrom('batch_chunks').select('number').where('batch_id', '=', receiving.id).execute()).toEqual([]);
        expect(asked()).toBe(askedBefore);
      });
    });

    describe('while it runs', () => {
      it('has the results so far, and stops, goes on and ends as it is told', async () => {
        lookup.providers.police.answer('police.guardian-of', 'hang');
        const made = await submit(lookup, ndjson([row({ region: '999999' }), ...rows(399)]));
        const { id } = made.body;
        // Rows that wait for the agency until their time is over are pending, and have a result.
        await untilBatch(lookup, id, ({ rows: { failed } }) => failed === 1);
        expect((await command(id, 'pause')).body).toMatchObject({ status: 'paused' });
        expect((await command(id, 'pause')).status).toBe(200);
        const store = await storeOf();
        const held = store.db.selectFrom('batch_chunks').select('number').where('batch_id', '=', id).where('lease', 'is not', null);
        await eventually(async () => (await held.execute()).length === 0);
        const paused = await resultsOf(lookup, id);
        expect(paused.length).toBeLessThan(400);
        expect(paused[0]).toMatchObject({ row: 1, status: 'failed' });
        expect(paused.slice(1).every(({ status }) => status === 'pending')).toBe(true);
        expect((await read(id)).body.rows.pending).toBe(399);
        lookup.providers.police.answer('police.guardian-of', finding(Outcome.CONFIRMED));
        expect((await command(id, 'resume')).body.status).toMatch(/running|queued/);
        // What was pending is asked again by itself, and counted.
        expect((await untilComplete(lookup, id)).rows).toMatchObject({ total: 400, done: 399, failed: 1 });
        const results = await resultsOf(lookup, id);
        expect(results.map(({ row: number }) => number)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
        expect(results.slice(1).every(({ status }) => status === 'complete')).toBe(true);
        expect((await command(id, 'pause')).body.code).toBe('batch_closed');
      });

      it('is cancelled for good, and its rows are erased', async () => {
        lookup.ports.away = true;
        const made = await submit(lookup, ndjson(rows(500)));
        const { id } = made.body;
        await untilBatch(lookup, id, ({ status }) => status === 'running');
        expect((await command(id, 'cancel')).body).toMatchObject({ status: 'cancelled', endedAt: expect.any(String) });
        const store = await storeOf();
        const sealed = store.db.selectFrom('batch_chunks').select('number').where('batch_id', '=', id).where('sealed', 'is not', null);
        await eventually(async () => (await sealed.execute()).length === 0);
        lookup.ports.away = false;
        expect((await read(id)).body.rows).toEqual({ total: 500, done: 0, failed: 0, pending: 0, cancelled: 500 });
        const results = await resultsOf(lookup, id);
        expect(results).toHaveLength(500);
        expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['cancelled']));
        expect((await command(id, 'cancel')).status).toBe(200);
        expect((await command(id, 'resume')).body.code).toBe('batch_closed');
      });

      it('waits for what stands in the way, and loses nothing', async () => {
        lookup.ports.away = true;
        const before = asked();
        const made = await submit(lookup, ndjson(rows(40)));
        await untilBatch(lookup, made.body.id, ({ status }) => status === 'running');
        lookup.ports.away = false;
        expect((await untilComplete(lookup, made.body.id)).rows).toMatchObject({ done: 40 });
        expect(asked() - before).toBe(40);
      });
    });

    describe('turns', () => {
      it('a platform’s batches run one after the other, several platforms’ side by side', async () => {
        const token = await lookup.platformToken(OTHER_PLATFORM);
        const first = await submit(lookup, ndjson(rows(3_000)));
        const second = await submit(lookup, ndjson(rows(100)));
        const others = await submit(lookup, ndjson(rows(100, { region: '370202' })), { token });
        await untilComplete(lookup, others.body.id, token);
        // Three thousand rows did not hold up a hundred.
        expect((await read(first.body.id)).body.status).toBe('running');
        await untilComplete(lookup, second.body.id);
        const store = await storeOf();
        const turns = await store.db
          .selectFrom('batches')
          .select(['started_at', 'asked_at'])
          .where('id', 'in', [first.body.id, second.body.id])
          .orderBy('ordinal')
          .execute();
        expect(Number(turns[1]?.started_at)).toBeGreaterThanOrEqual(Number(turns[0]?.asked_at));
      });

      it('one that is paused lets the next go ahead', async () => {
        lookup.ports.away = true;
        const first = await submit(lookup, ndjson(rows(300)));
        await command(first.body.id, 'pause');
        const store = await storeOf();
        const held = store.db
          .selectFrom('batch_chunks')
          .select('number')
          .where('batch_id', '=', first.body.id)
          .where('lease', 'is not', null);
        await eventually(async () => (await held.execute()).length === 0);
        lookup.ports.away = false;
        const second = await submit(lookup, ndjson(rows(10)));
        await untilComplete(lookup, second.body.id);
        expect((await read(first.body.id)).body).toMatchObject({ status: 'paused', rows: { pending: 300 } });
        await command(first.body.id, 'resume');
        await untilComplete(lookup, first.body.id);
      });
    });

    describe('bounds', () => {
      const many = async (count: number, endedAt: Date | null) => {
        const store = await storeOf();
        await store.db
          .insertInto('batches')
          .values(
            Array.from({ length: count }, () => ({
              id: randomUUID(),
              platform: SMALL_PLATFORM,
              // One that is running or paused, and has no rows, soon has ended.
              status: endedAt ? ('complete' as const) : ('queued' as const),
              upload: randomUUID(),
              ended_at: endedAt,
            })),
          )
          .execute();
        return store.db.deleteFrom('batches').where('platform', '=', SMALL_PLATFORM);
      };

      it.each([
        ['open', BOUNDS.mostOpenBatches, null],
        ['kept', BOUNDS.mostKeptBatches, new Date()],
      ] as const)('refuses one more than a platform may have %s', async (_what, count, endedAt) => {
        const remove = await many(count, endedAt);
        const refused = await submit(lookup, ndjson(rows(1)), { token: await lookup.platformToken(SMALL_PLATFORM) });
        expect([refused.status, refused.body.code]).toEqual([429, 'batch_limit_reached']);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        await remove.execute();
      });

      it('cancels what takes too long, and deletes what was kept for long enough', async () => {
        lookup.ports.away = true;
        const late = await submit(lookup, ndjson(rows(3)));
        await command(late.body.id, 'pause');
        const store = await storeOf();
        const change = store.db.updateTable('batches').where('id', '=', late.body.id);
        await change.set({ created_at: new Date(Date.now() - BOUNDS.longestBatchMs - 1) }).execute();
        const cancelled = await untilBatch(lookup, late.body.id, ({ code }) => code !== undefined);
        expect(cancelled).toMatchObject({ status: 'cancelled', code: 'batch_expired', rows: { cancelled: 3 } });
        await change.set({ ended_at: new Date(Date.now() - BOUNDS.keptMs - 1) }).execute();
        await eventually(async () => (await read(late.body.id)).status === 404);
      });
    });

    describe('what is kept', () => {
      it('is its own platform’s: another finds nothing', async () => {
        const made = await submit(lookup, ndjson(rows(1)));
        const token = await lookup.platformToken(OTHER_PLATFORM);
        expect((await read(made.body.id, token)).body.code).toBe('batch_not_found');
        for (const path of ['results', 'pause', 'resume', 'cancel']) {
          const method = path === 'results' ? 'GET' : 'POST';
          const other = await lookup.call(`/v1/batches/${made.body.id}/${path}`, { method, token, headers: { accept: '*/*' } });
          expect([other.status, other.body.code]).toEqual([404, 'batch_not_found']);
        }
        expect((await read('x')).status).toBe(404);
        expect((await lookup.call(`/v1/batches/${made.body.id}`, { token: await lookup.personToken() })).status).toBe(403);
      });

      it('is sealed until it was asked, and then erased', async () => {
        lookup.ports.away = true;
        const made = await submit(lookup, ndjson(rows(30)));
        const store = await storeOf();
        const chunk = () => store.db.selectFrom('batch_chunks').selectAll().where('batch_id', '=', made.body.id).executeTakeFirstOrThrow();
        const { sealed } = await chunk();
        expect(sealed?.length).toBeGreaterThan(1_000);
        for (const secret of [CHILD.idNumber, CHILD.name]) expect(sealed?.includes(secret)).toBe(false);
        lookup.ports.away = false;
        await untilComplete(lookup, made.body.id);
        const over = await chunk();
        expect(over.sealed).toBeNull();
        for (const secret of [CHILD.idNumber, CHILD.name]) expect(JSON.stringify(over.outcomes)).not.toContain(secret);
      });

      it('is gone where the answer may not be shown any more', async () => {
        const made = await submit(lookup, ndjson(rows(2)));
        await untilComplete(lookup, made.body.id);
        lookup.ports.disclosureAllowed = false;
        for (const result of await resultsOf(lookup, made.body.id)) {
          expect(result).toMatchObject({ status: 'gone', code: 'verification_gone', legalBasis: { type: 'consent' } });
          expect(JSON.stringify(result)).not.toContain('confirmed');
        }
      });
    });
  });
}
