import { randomUUID } from 'node:crypto';
import { type ClientRequest, request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BOUNDS } from '../src/batches/bounds.js';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { ndjson, resultsOf, row, rows, submit, untilComplete } from './batch-fixtures.js';
import { CHILD, GUARDIAN } from './example-people.js';
import { CONSENT_ID, eventually, type LookupUnderTest, OTHER_PLATFORM, PLATFORM, SMALL_PLATFORM } from './lookup-under-test.js';

/** What becomes of an upload, and what is kept of it. */
export function batchSubmissions(lookup: () => LookupUnderTest): void {
  const asked = () => lookup().providers.police.asked.get('police.guardian-of') ?? 0;
  const read = (id: string, token?: string) => lookup().call(`/v1/batches/${id}`, { token });
  const storeOf = () => lookup().database.store<LookupTables>('lookup', migrations);

  describe('a submission', () => {
    it('given NDJSON, asks every row once and has the results in order', async () => {
      const before = asked();
      // With time enough that a busy machine asks none again.
      const made = await submit(lookup(), ndjson(rows(250, { timeBudgetMs: 10_000 })));
      expect(made.status).toBe(201);
      expect(made.headers.get('location')).toBe(`/v1/batches/${made.body.id}`);
      expect(made.body.rows).toMatchObject({ total: 250 });
      const done = await untilComplete(lookup(), made.body.id);
      expect(done).toMatchObject({ rows: { total: 250, done: 250, failed: 0, pending: 0, cancelled: 0 }, endedAt: expect.any(String) });
      expect(done.ratePerSecond).toBeGreaterThan(0);
      const results = await resultsOf(lookup(), made.body.id);
      expect(results.map(({ row }) => row)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
      expect(new Set(results.map((result) => 'verificationId' in result && result.verificationId)).size).toBe(250);
      expect(results[0]).toMatchObject({ status: 'complete', verification: { verdict: 'met', claims: [{ outcome: 'confirmed' }] } });
      expect(asked() - before).toBe(250);
      expect((await resultsOf(lookup(), made.body.id, '?after=120&limit=3')).map(({ row }) => row)).toEqual([121, 122, 123]);
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
      const made = await submit(lookup(), `${lines.join('\r\n')}\r\n`, { type: 'text/csv; charset=utf-8', gzip });
      expect(made.status).toBe(201);
      await untilComplete(lookup(), made.body.id);
      const results = await resultsOf(lookup(), made.body.id);
      expect(results.map(({ status }) => status)).toEqual(['complete', 'complete', 'failed', 'failed', 'failed', 'complete']);
      expect(results[0]).toMatchObject({ verification: { requirementSet: '370102/primary/2026' } });
      expect(results[2]).toMatchObject({ code: 'request_invalid', errors: [{ pointer: '/timeBudgetMs', code: 'type_wrong' }] });
      expect(results[3]).toMatchObject({ code: 'row_malformed' });
      const csv = await lookup().call(`/v1/batches/${made.body.id}/results`, { headers: { accept: 'text/csv' } });
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
      const made = await submit(lookup(), Buffer.concat(bad.flatMap((line) => [line, Buffer.from('\n')])));
      const done = await untilComplete(lookup(), made.body.id);
      expect(done.rows).toEqual({ total: 7, done: 2, failed: 5, pending: 0, cancelled: 0 });
      const results = await resultsOf(lookup(), made.body.id);
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
      lookup().ports.refusal = 'consent_expired';
      const made = await submit(lookup(), ndjson(rows(3)));
      expect((await untilComplete(lookup(), made.body.id)).rows).toMatchObject({ done: 0, failed: 3 });
      for (const result of await resultsOf(lookup(), made.body.id)) {
        expect(result).toMatchObject({ status: 'refused', code: 'consent_expired', verificationId: expect.any(String) });
      }
    });

    it('given a cancelled batch whose instance died with refused rows in hand, tells of their refusals', async () => {
      lookup().ports.refusal = 'consent_expired';
      const { id } = (await submit(lookup(), ndjson(rows(3)))).body;
      await untilComplete(lookup(), id);
      const before = await resultsOf(lookup(), id);
      // As an instance leaves it that dies before it has saved what the rows came to.
      const { db } = await storeOf();
      const lost = { outcomes: null, failed: 0, finished_at: null, lease: randomUUID(), lease_end: new Date(0) };
      await db.updateTable('batch_chunks').set(lost).where('batch_id', '=', id).execute();
      await db.updateTable('batches').set({ status: 'cancelled' }).where('id', '=', id).execute();
      const held = db.selectFrom('batch_chunks').select('number').where('batch_id', '=', id).where('lease', 'is not', null);
      await eventually(async () => (await held.execute()).length === 0);
      expect(await resultsOf(lookup(), id)).toEqual(before);
      expect(before.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused']);
    });

    it('repeats by its idempotency key, and knows another upload', async () => {
      const key = randomUUID();
      const before = asked();
      const first = await submit(lookup(), ndjson(rows(5)), { key });
      const again = await submit(lookup(), ndjson(rows(5)), { key, gzip: true });
      expect([again.status, again.body.id]).toEqual([201, first.body.id]);
      const other = await submit(lookup(), ndjson(rows(6)), { key });
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
      await untilComplete(lookup(), first.body.id);
      expect(asked() - before).toBe(5);
    });

    it.each([
      ['nothing', '', {}, 422, 'batch_unreadable'],
      ['an unknown column', 'purpose,shoe size\n1,2\n', { type: 'text/csv' }, 422, 'batch_unreadable'],
      ['another type', '{}', { type: 'application/json' }, 415, 'content_type_unsupported'],
      ['another charset', '{}', { type: 'text/csv; charset=gbk' }, 415, 'content_type_unsupported'],
    ] as const)('refuses %s', async (_what, body, options, status, code) => {
      const refused = await submit(lookup(), body, options);
      expect([refused.status, refused.body.code]).toEqual([status, code]);
    });

    it('refuses what only says that it is gzip', async () => {
      const answer = await fetch(`${lookup().url}/v1/batches`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await lookup().platformToken()}`,
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
      const upload = await startUpload(lookup());
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

    it('leaves room for the uploads of other platforms, and finds none beside as many as an instance receives at once until one is over', async () => {
      const { db } = await storeOf();
      const receiving = db.selectFrom('batches').select('id').where('status', '=', 'receiving');
      const uploads: ClientRequest[] = [];
      onTestFinished(() => uploads.forEach((upload) => void upload.destroy()));
      const fill = async (platform: string) => {
        for (let own = 0; own < BOUNDS.mostUploadsOfAPlatform; own += 1) {
          const upload = await startUpload(lookup(), platform);
          uploads.push(upload);
          upload.write(ndjson(rows(1)));
        }
        await eventually(async () => (await receiving.execute()).length === uploads.length);
      };
      const refusal = async (platform: string) => {
        const { status, body, headers } = await submit(lookup(), ndjson(rows(1)), { token: await lookup().platformToken(platform) });
        return [status, body.code, Number(headers.get('retry-after'))];
      };
      await fill(PLATFORM);
      expect(await refusal(PLATFORM)).toEqual([429, 'rate_limited', 5]);
      await fill(OTHER_PLATFORM);
      expect(await refusal(SMALL_PLATFORM)).toEqual([503, 'overloaded', 5]);
      for (const upload of uploads) upload.end();
      await eventually(async () => (await submit(lookup(), ndjson(rows(1)))).status === 201);
    });
  });

  describe('what is kept', () => {
    it('is its own platform’s: another finds nothing', async () => {
      const made = await submit(lookup(), ndjson(rows(1)));
      const token = await lookup().platformToken(OTHER_PLATFORM);
      expect((await read(made.body.id, token)).body.code).toBe('batch_not_found');
      for (const path of ['results', 'pause', 'resume', 'cancel']) {
        const method = path === 'results' ? 'GET' : 'POST';
        const other = await lookup().call(`/v1/batches/${made.body.id}/${path}`, { method, token, headers: { accept: '*/*' } });
        expect([other.status, other.body.code]).toEqual([404, 'batch_not_found']);
      }
      expect((await read('x')).status).toBe(404);
      expect((await lookup().call(`/v1/batches/${made.body.id}`, { token: await lookup().personToken() })).status).toBe(403);
    });

    it('is sealed until it was asked, and then erased', async () => {
      lookup().ports.away = true;
      const made = await submit(lookup(), ndjson(rows(30)));
      const store = await storeOf();
      const chunk = () => store.db.selectFrom('batch_chunks').selectAll().where('batch_id', '=', made.body.id).executeTakeFirstOrThrow();
      const { sealed } = await chunk();
      expect(sealed?.length).toBeGreaterThan(1_000);
      for (const secret of [CHILD.idNumber, CHILD.name]) expect(sealed?.includes(secret)).toBe(false);
      lookup().ports.away = false;
      await untilComplete(lookup(), made.body.id);
      const over = await chunk();
      expect(over.sealed).toBeNull();
      for (const secret of [CHILD.idNumber, CHILD.name]) expect(JSON.stringify(over.outcomes)).not.toContain(secret);
    });

    it('is gone where the answer may not be shown any more', async () => {
      const made = await submit(lookup(), ndjson(rows(2)));
      await untilComplete(lookup(), made.body.id);
      lookup().ports.disclosureAllowed = false;
      for (const result of await resultsOf(lookup(), made.body.id)) {
        expect(result).toMatchObject({ status: 'gone', code: 'verification_gone', legalBasis: { type: 'consent' } });
        expect(JSON.stringify(result)).not.toContain('confirmed');
      }
    });
  });
}

/** An upload of NDJSON that is under way; its rows are still to be written. */
async function startUpload(lookup: LookupUnderTest, platform = PLATFORM): Promise<ClientRequest> {
  const { hostname, port } = new URL(lookup.url);
  const headers = { authorization: `Bearer ${await lookup.platformToken(platform)}`, 'content-type': 'application/x-ndjson' };
  const upload = request({ hostname, port, path: '/v1/batches', method: 'POST', headers });
  upload.on('error', () => undefined);
  return upload;
}
