import { randomUUID } from 'node:crypto';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../src/batches/bounds.js';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { finding } from './agencies.js';
import { ndjson, resultsOf, row, rows, submit, untilBatch, untilComplete } from './batch-fixtures.js';
import { eventually, type LookupUnderTest, OTHER_PLATFORM, SMALL_PLATFORM } from './lookup-under-test.js';

/** How batches run, take turns and end. */
export function batchRuns(lookup: () => LookupUnderTest): void {
  const asked = () => lookup().providers.police.asked.get('police.guardian-of') ?? 0;
  const command = (id: string, what: string) => lookup().call(`/v1/batches/${id}/${what}`, { method: 'POST' });
  const read = (id: string, token?: string) => lookup().call(`/v1/batches/${id}`, { token });
  const storeOf = () => lookup().database.store<LookupTables>('lookup', migrations);

  describe('while it runs', () => {
    it('has the results so far, and stops, goes on and ends as it is told', async () => {
      lookup().providers.police.answer('police.guardian-of', 'hang');
      const made = await submit(lookup(), ndjson([row({ region: '999999' }), ...rows(399)]));
      const { id } = made.body;
      // Rows that wait for the agency until their time is over are pending, and have a result.
      await untilBatch(lookup(), id, ({ rows: { failed } }) => failed === 1);
      expect((await command(id, 'pause')).body).toMatchObject({ status: 'paused' });
      expect((await command(id, 'pause')).status).toBe(200);
      const store = await storeOf();
      const held = store.db.selectFrom('batch_chunks').select('number').where('batch_id', '=', id).where('lease', 'is not', null);
      await eventually(async () => (await held.execute()).length === 0);
      const paused = await resultsOf(lookup(), id);
      expect(paused.length).toBeLessThan(400);
      expect(paused[0]).toMatchObject({ row: 1, status: 'failed' });
      expect(paused.slice(1).every(({ status }) => status === 'pending')).toBe(true);
      expect((await read(id)).body.rows.pending).toBe(399);
      lookup().providers.police.answer('police.guardian-of', finding(Outcome.CONFIRMED));
      expect((await command(id, 'resume')).body.status).toMatch(/running|queued/);
      // What was pending is asked again by itself, and counted.
      expect((await untilComplete(lookup(), id)).rows).toMatchObject({ total: 400, done: 399, failed: 1 });
      const results = await resultsOf(lookup(), id);
      expect(results.map(({ row: number }) => number)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
      expect(results.slice(1).every(({ status }) => status === 'complete')).toBe(true);
      expect((await command(id, 'pause')).body.code).toBe('batch_closed');
    });

    it('is cancelled for good, and its rows are erased', async () => {
      lookup().ports.away = true;
      const made = await submit(lookup(), ndjson(rows(500)));
      const { id } = made.body;
      await untilBatch(lookup(), id, ({ status }) => status === 'running');
      expect((await command(id, 'cancel')).body).toMatchObject({ status: 'cancelled', endedAt: expect.any(String) });
      const store = await storeOf();
      const sealed = store.db.selectFrom('batch_chunks').select('number').where('batch_id', '=', id).where('sealed', 'is not', null);
      await eventually(async () => (await sealed.execute()).length === 0);
      lookup().ports.away = false;
      expect((await read(id)).body.rows).toEqual({ total: 500, done: 0, failed: 0, pending: 0, cancelled: 500 });
      const results = await resultsOf(lookup(), id);
      expect(results).toHaveLength(500);
      expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['cancelled']));
      expect((await command(id, 'cancel')).status).toBe(200);
      expect((await command(id, 'resume')).body.code).toBe('batch_closed');
    });

    it('leaves no rows behind that were put down for a pause while it was being cancelled', async () => {
      lookup().ports.away = true;
      const { id } = (await submit(lookup(), ndjson(rows(300)))).body;
      expect((await command(id, 'pause')).body).toMatchObject({ status: 'paused' });
      const { db } = await storeOf();
      const chunks = db.selectFrom('batch_chunks').select('number').where('batch_id', '=', id);
      await eventually(async () => (await chunks.where('lease', 'is not', null).execute()).length === 0);
      expect(await chunks.where('sealed', 'is not', null).execute()).toHaveLength(3);
      await db.updateTable('batches').set({ status: 'cancelled', ended_at: new Date() }).where('id', '=', id).execute();
      await eventually(async () => (await chunks.where('sealed', 'is not', null).execute()).length === 0);
      lookup().ports.away = false;
    });

    it('waits for what stands in the way, and loses nothing', async () => {
      lookup().ports.away = true;
      const before = asked();
      const made = await submit(lookup(), ndjson(rows(40)));
      await untilBatch(lookup(), made.body.id, ({ status }) => status === 'running');
      lookup().ports.away = false;
      expect((await untilComplete(lookup(), made.body.id)).rows).toMatchObject({ done: 40 });
      expect(asked() - before).toBe(40);
    });
  });

  describe('turns', () => {
    it('a platform’s batches run one after the other, several platforms’ side by side', async () => {
      const token = await lookup().platformToken(OTHER_PLATFORM);
      const first = await submit(lookup(), ndjson(rows(3_000)));
      const second = await submit(lookup(), ndjson(rows(100)));
      const others = await submit(lookup(), ndjson(rows(100, { region: '370202' })), { token });
      await untilComplete(lookup(), others.body.id, token);
      // Three thousand rows did not hold up a hundred.
      expect((await read(first.body.id)).body.status).toBe('running');
      await untilComplete(lookup(), second.body.id);
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
      lookup().ports.away = true;
      const first = await submit(lookup(), ndjson(rows(300)));
      await command(first.body.id, 'pause');
      const store = await storeOf();
      const held = store.db
        .selectFrom('batch_chunks')
        .select('number')
        .where('batch_id', '=', first.body.id)
        .where('lease', 'is not', null);
      await eventually(async () => (await held.execute()).length === 0);
      lookup().ports.away = false;
      const second = await submit(lookup(), ndjson(rows(10)));
      await untilComplete(lookup(), second.body.id);
      expect((await read(first.body.id)).body).toMatchObject({ status: 'paused', rows: { pending: 300 } });
      await command(first.body.id, 'resume');
      await untilComplete(lookup(), first.body.id);
    });

    it('a platform has no more rows under way than it may have requests, and so holds up no other', async () => {
      const small = await lookup().platformToken(SMALL_PLATFORM);
      // As the catalogue says.
      const most = 4;
      let underWay = 0;
      let peak = 0;
      lookup().providers.police.answer('police.guardian-of', async ({ platform }) => {
        if (platform === SMALL_PLATFORM) {
          underWay += 1;
          peak = Math.max(peak, underWay);
          await new Promise(setImmediate);
          underWay -= 1;
        }
        return { $case: 'finding', value: { outcome: Outcome.CONFIRMED, asOf: '2026-08-30', disclosures: {} } };
      });
      const first = await submit(lookup(), ndjson(rows(2_000, { purpose: 'school-transfer', timeBudgetMs: 10_000 })), { token: small });
      await eventually(() => peak > 0);
      const others = await submit(lookup(), ndjson(rows(100)));
      await untilComplete(lookup(), others.body.id);
      const { body } = await lookup().call(`/v1/batches/${first.body.id}/cancel`, { method: 'POST', token: small });
      expect(body).toMatchObject({ status: 'cancelled', rows: { total: 2_000 } });
      expect(peak).toBeLessThanOrEqual(most);
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
      const refused = await submit(lookup(), ndjson(rows(1)), { token: await lookup().platformToken(SMALL_PLATFORM) });
      expect([refused.status, refused.body.code]).toEqual([429, 'batch_limit_reached']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await remove.execute();
    });

    it('cancels what takes too long, and deletes what was kept for long enough', async () => {
      lookup().ports.away = true;
      const late = await submit(lookup(), ndjson(rows(3)));
      await command(late.body.id, 'pause');
      const store = await storeOf();
      const change = store.db.updateTable('batches').where('id', '=', late.body.id);
      await change.set({ created_at: new Date(Date.now() - BOUNDS.longestBatchMs - 1) }).execute();
      const cancelled = await untilBatch(lookup(), late.body.id, ({ code }) => code !== undefined);
      expect(cancelled).toMatchObject({ status: 'cancelled', code: 'batch_expired', rows: { cancelled: 3 } });
      await change.set({ ended_at: new Date(Date.now() - BOUNDS.keptMs - 1) }).execute();
      await eventually(async () => (await read(late.body.id)).status === 404);
    });
  });
}
