import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { type Database, openPostgres, type Store, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type ConsumedTables, consumedMigration, dropStale, forgetConsumed } from '../src/consumed.js';
import { until, upTo } from './event-makers.js';
import { createGate } from './recording-bus.js';

const serverUrl = inject('databaseUrl');

describe.skipIf(serverUrl === undefined)('what was consumed', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let store: Store<ConsumedTables>;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl as string, 'consumed');
    database = await openPostgres({ url: fresh.url, logger: silentLogger });
    store = await database.store<ConsumedTables>('reader', { '0001-consumed': consumedMigration });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await store.db.deleteFrom('consumed').execute();
  });

  const at = (sequence: number, key = 'k', topic = 't') => ({ topic, key, sequence });
  const take = (events: readonly ReturnType<typeof at>[], consumer = 'reader') =>
    store.transaction((tx) => dropStale(tx, consumer, events));

  test('lets each event through once', async () => {
    expect((await take([at(1), at(2), at(2), at(1)])).fresh).toEqual([at(1), at(2)]);
    expect((await take([at(1), at(2), at(3)])).fresh).toEqual([at(3)]);
    expect((await take([at(3)])).fresh).toEqual([]);
    expect(await take([])).toEqual({ fresh: [], gaps: [] });
  });

  test('keeps consumers, topics and keys apart', async () => {
    await take([at(1)]);
    expect((await take([at(1)], 'other')).fresh).toEqual([at(1)]);
    expect((await take([at(1, 'other')])).fresh).toEqual([at(1, 'other')]);
    expect((await take([at(1, 'k', 'other')])).fresh).toEqual([at(1, 'k', 'other')]);
  });

  test('tells of gaps, and goes on', async () => {
    expect(await take([at(1), at(4), at(6)])).toEqual({
      fresh: [at(1), at(4), at(6)],
      gaps: [
        { topic: 't', key: 'k', from: 2, to: 3 },
        { topic: 't', key: 'k', from: 5, to: 5 },
      ],
    });
    expect((await take([at(3, 'late')])).gaps).toEqual([{ topic: 't', key: 'late', from: 1, to: 2 }]);
  });

  test('forgets what was undone', async () => {
    const undone = store.transaction(async (tx) => {
      await dropStale(tx, 'reader', [at(1)]);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect((await take([at(1)])).fresh).toEqual([at(1)]);
  });

  test('lets one of two deliveries at the same moment through', async () => {
    const gate = createGate();
    let first = false;
    const slow = store.transaction(async (tx) => {
      const { fresh: taken } = await dropStale(tx, 'reader', [at(1), at(1, 'z')]);
      first = true;
      await gate.passed;
      return taken;
    });
    await until(() => first);
    const quick = take([at(1, 'z'), at(1)]);
    await until(async () => {
      const { rows } = await sql<{ waiting: string }>`select count(*) as waiting from pg_locks where not granted`.execute(store.db);
      return rows[0]?.waiting !== '0';
    });
    gate.open();
    expect([...(await slow), ...(await quick).fresh]).toEqual([at(1), at(1, 'z')]);
  });

  test('takes overlapping batches from many sides without deadlock', async () => {
    const keys = upTo(20).map((n) => `key-${n}`);
    const results = await Promise.all(upTo(8).map((n) => take((n % 2 === 0 ? keys : [...keys].reverse()).map((key) => at(1, key)))));
    expect(results.flatMap((result) => result.fresh)).toHaveLength(20);
  });

  test('can be pruned', async () => {
    await take([at(1), at(1, 'new')]);
    await sql`update ${sql.table('reader.consumed')} set updated = updated - interval '400 days' where key = 'k'`.execute(store.db);
    await store.transaction((tx) => forgetConsumed(tx, 'reader', new Date(Date.now() - 86_400_000)));
    expect(await store.db.selectFrom('consumed').select('key').execute()).toEqual([{ key: 'new' }]);
  });
});
