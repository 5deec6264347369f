import { Agent, request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { PACE } from '../src/batches/bounds.js';
import { ndjson, resultsOf, row, submit, untilBatch, untilComplete } from './batch-fixtures.js';
import { GUARDIAN, person } from './example-people.js';
import { type LookupProcess, type LookupProcesses, startLookupProcesses } from './lookup-processes.js';
import { eventually } from './lookup-under-test.js';

const serverUrl = inject('databaseUrl');
const brokers = inject('kafkaBrokers');

describe.skipIf(!serverUrl || !brokers)('batches over processes that die', () => {
  let shared: LookupProcesses;
  const running: LookupProcess[] = [];

  beforeAll(async () => {
    shared = await startLookupProcesses(serverUrl ?? '', brokers ?? '');
  });
  afterAll(() => shared?.[Symbol.asyncDispose]());
  beforeEach(() => shared.police.askedAbout.clear());
  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill();
  });

  const start = async (): Promise<LookupProcess> => {
    const one = await shared.start();
    running.push(one);
    return one;
  };
  /** Children with a number each, so that each row's query can be told from the others'. */
  const children = (count: number) => Array.from({ length: count }, (_, index) => person('20191105', index + 1, '沐辰测试甲'));
  const about = (some: ReturnType<typeof children>) =>
    ndjson(some.map((child) => row({ subjects: { child, guardian: GUARDIAN }, timeBudgetMs: 10_000 })));
  const askedAtAll = () => shared.police.askedAbout.size;

  /** Every row has one result, of a verification of its own, and one answer committed. */
  async function assertEachOnce(lookup: LookupProcess, id: string, some: ReturnType<typeof children>, deaths: number): Promise<void> {
    const results = await resultsOf(lookup, id);
    expect(results.map(({ row: number }) => number)).toEqual(some.map((_, index) => index + 1));
    const ids = results.map((result) => ('verificationId' in result ? result.verificationId : ''));
    expect(new Set(ids).size).toBe(some.length);
    expect(results.every(({ status }) => status === 'complete')).toBe(true);
    const kept = await shared.store.db.selectFrom('verifications').select('id').where('id', 'in', ids).execute();
    expect(kept).toHaveLength(some.length);
    const twice = [...shared.police.askedAbout].filter(([, count]) => count > 1);
    // Only what was in flight when a process died.
    expect(twice.length).toBeLessThanOrEqual(deaths * PACE.mostRowsAtOnce);
    expect(twice.every(([, count]) => count <= 1 + deaths)).toBe(true);
    expect(shared.police.askedAbout.size).toBe(some.length);
  }

  it('kill -9 in the middle: the next process goes on, every row has one result, and only what was in flight is asked again', async () => {
    const some = children(900);
    const first = await start();
    const { body } = await submit(first, about(some));
    await eventually(() => askedAtAll() > 250);
    const committed = shared.store.db.selectFrom('verifications').select(({ fn }) => fn.countAll<string>().as('count'));
    await first.kill();
    const before = await committed.executeTakeFirstOrThrow();
    expect(Number(before.count)).toBeLessThan(900);
    const asked = new Map(shared.police.askedAbout);
    const second = await start();
    const done = await untilComplete(second, body.id);
    expect(done.rows).toEqual({ total: 900, done: 900, failed: 0, pending: 0, cancelled: 0 });
    await assertEachOnce(second, body.id, some, 1);
    // What had been asked and answered was not asked again.
    const again = [...asked.keys()].filter((idNumber) => (shared.police.askedAbout.get(idNumber) ?? 0) > (asked.get(idNumber) ?? 0));
    expect(again.length).toBeLessThanOrEqual(asked.size - Number(before.count));
  });

  it('two processes share a batch out, and either takes over what the other held', async () => {
    const some = children(900);
    const [first, second] = await Promise.all([start(), start()]);
    const { body } = await submit(first, about(some));
    const leased = shared.store.db
      .selectFrom('batch_chunks')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('batch_id', '=', body.id)
      .where('lease', 'is not', null);
    // More than one process would take.
    await eventually(async () => Number((await leased.executeTakeFirstOrThrow()).count) > PACE.mostChunks);
    await first.kill();
    await untilComplete(second, body.id);
    await assertEachOnce(second, body.id, some, 1);
  });

  it('what one process is told, all of them do', async () => {
    const some = children(900);
    const [first, second] = await Promise.all([start(), start()]);
    const { body } = await submit(first, about(some));
    await eventually(() => askedAtAll() > 100);
    await second.call(`/v1/batches/${body.id}/pause`, { method: 'POST' });
    const held = shared.store.db.selectFrom('batch_chunks').select('number').where('batch_id', '=', body.id).where('lease', 'is not', null);
    await eventually(async () => (await held.execute()).length === 0);
    const asked = askedAtAll();
    expect(asked).toBeLessThan(900);
    const paused = await untilBatch(first, body.id, ({ status }) => status === 'paused');
    expect(paused.rows.done).toBe(asked);
    // Of what is left in the store the rows that were asked are gone.
    await first.call(`/v1/batches/${body.id}/resume`, { method: 'POST' });
    await untilComplete(second, body.id);
    await assertEachOnce(first, body.id, some, 0);
  });

  it('a cancelled batch whose process died with rows in hand says what was asked, and erases the rest', async () => {
    const some = children(900);
    const first = await start();
    const { body } = await submit(first, about(some));
    await eventually(() => askedAtAll() > 150);
    await first.kill();
    const second = shared.store.db.updateTable('batches').set({ status: 'cancelled', ended_at: new Date() }).where('id', '=', body.id);
    await second.execute();
    const next = await start();
    const held = shared.store.db.selectFrom('batch_chunks').select('number').where('batch_id', '=', body.id).where('lease', 'is not', null);
    await eventually(async () => (await held.execute()).length === 0);
    const results = await resultsOf(next, body.id);
    expect(results).toHaveLength(900);
    const complete = results.filter(({ status }) => status === 'complete').length;
    expect(results.filter(({ status }) => status === 'cancelled')).toHaveLength(900 - complete);
    const ids = results.flatMap((result) => ('verificationId' in result ? [result.verificationId] : []));
    const kept = await shared.store.db
      .selectFrom('verifications')
      .select('id')
      .where('created_at', '>', new Date(body.createdAt))
      .execute();
    // Nothing that was answered for this batch is missing from its results.
    expect(new Set(ids)).toEqual(new Set(kept.map(({ id }) => id)));
  });

  it('an upload whose process dies is no batch, and is forgotten', async () => {
    const first = await start();
    const { hostname, port } = new URL(first.url);
    const upload = request({
      hostname,
      port,
      agent: new Agent(),
      path: '/v1/batches',
      method: 'POST',
      headers: { authorization: `Bearer ${await first.platformToken()}`, 'content-type': 'application/x-ndjson', 'idempotency-key': 'cut' },
    });
    upload.on('error', () => undefined);
    const some = children(900);
    upload.write(about(some) + about(some));
    const chunks = shared.store.db
      .selectFrom('batch_chunks')
      .innerJoin('batches', 'id', 'batch_id')
      .select('id')
      .where('status', '=', 'receiving');
    const { id } = await eventually(() => chunks.executeTakeFirst());
    await first.kill();
    const second = await start();
    const busy = await submit(second, about(some), { key: 'cut' });
    expect([busy.status, busy.body.code]).toEqual([409, 'idempotency_in_progress']);
    // As if it had been silent for long enough.
    await shared.store.db
      .updateTable('batches')
      .set({ heard_at: new Date(0) })
      .where('id', '=', id)
      .execute();
    await eventually(async () => (await chunks.execute()).length === 0);
    expect(askedAtAll()).toBe(0);
    const whole = await submit(second, about(some), { key: 'cut' });
    expect([whole.status, whole.body.id, whole.body.rows.total]).toEqual([201, id, 900]);
    await untilComplete(second, id);
  });
});
