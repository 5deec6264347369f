import { RetryableError, TerminalError } from '@vouch/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGroupCommit, type Database, isUniqueViolation, type Migration, type Store, sql, sqlStateOf } from '../src/index.js';
import { type ContractTables, contractMigrations } from './contract-tables.js';
import { transactionContract } from './transaction-contract.js';

const SECRET = '370501201501010017';

/** What every database of the store promises; each kind runs it. */
export function storeContract(name: string, open: () => Promise<Database>): void {
  describe(name, () => {
    let database: Database;
    let store: Store<ContractTables>;

    beforeAll(async () => {
      database = await open();
      store = await database.store<ContractTables>('contract', contractMigrations);
    });

    afterAll(async () => {
      await database?.[Symbol.asyncDispose]();
    });

    const countOf = async (counter: string): Promise<number | undefined> =>
      (await store.db.selectFrom('counter').select('count').where('name', '=', counter).executeTakeFirst())?.count;

    describe('values', () => {
      test('come back with the types that pg gives', async () => {
        const at = new Date('2026-08-31T16:00:00.123Z');
        const row = {
          id: 1,
          big: '9007199254740993',
          exact: '12345678901234.5600',
          float: 0.1,
          flag: true,
          bytes: Buffer.from([0, 1, 2, 255]),
          at,
          doc: { name: '历下区', list: [1, null, 'x'], nested: { yes: true } },
          texts: ['a', 'b,"c"', '中文', ''],
          bigs: ['1', '-9007199254740993'],
          ref: '0190163d-8694-739b-aea5-966c26f8ad91',
        };
        await store.db
          .insertInto('value')
          .values({ ...row, doc: JSON.stringify(row.doc) })
          .execute();
        const read = await store.db.selectFrom('value').selectAll().where('id', '=', 1).executeTakeFirstOrThrow();
        expect(read).toEqual(row);
        expect(Buffer.isBuffer(read.bytes)).toBe(true);
        expect(read.at).toBeInstanceOf(Date);
      });

      test('count as string, an integer as number, a missing value as null', async () => {
        await store.db
          .insertInto('value')
          .values({ ...emptyRow(2) })
          .execute();
        const read = await sql<Record<string, unknown>>`
          select count(*) as big, 7::int4 as small, null::text as missing, ${'text'}::text as text, array[1, 2] as list, '2026-08-31'::date::text as day
          from ${sql.table('contract.value')} where id = 2`.execute(store.db);
        expect(read.rows).toEqual([{ big: '1', small: 7, missing: null, text: 'text', list: [1, 2], day: '2026-08-31' }]);
      });

      test('of a megabyte and many rows pass unharmed', async () => {
        const bytes = Buffer.alloc(1_500_000, 'vouch');
        await store.db
          .insertInto('value')
          .values({ ...emptyRow(3), bytes })
          .execute();
        const read = await store.db.selectFrom('value').select('bytes').where('id', '=', 3).executeTakeFirstOrThrow();
        expect(read.bytes?.equals(bytes)).toBe(true);
        const many = await sql<{ n: number }>`select n, repeat('x', 200) as filling from generate_series(1, 20000) as n`.execute(store.db);
        expect(many.rows).toHaveLength(20_000);
        expect(many.rows.at(-1)?.n).toBe(20_000);
      });

      test('the number of changed rows is told', async () => {
        await store.db
          .insertInto('job')
          .values([1, 2, 3].map((id) => ({ id: 900 + id, owner: null })))
          .execute();
        const updated = await store.db.updateTable('job').set({ owner: 'x' }).where('id', '>', 900).executeTakeFirstOrThrow();
        expect(updated.numUpdatedRows).toBe(3n);
        const deleted = await store.db.deleteFrom('job').where('id', '>', 900).executeTakeFirstOrThrow();
        expect(deleted.numDeletedRows).toBe(3n);
      });
    });

    transactionContract(() => store);

    describe('failures', () => {
      test('a unique violation is told, with its constraint', async () => {
        await store.db.insertInto('counter').values({ name: SECRET, count: 1 }).execute();
        const failure = await store.db
          .insertInto('counter')
          .values({ name: SECRET, count: 2 })
          .execute()
          .catch((error: unknown) => error);
        expect(isUniqueViolation(failure)).toBe(true);
        expect(isUniqueViolation(failure, 'counter_name')).toBe(true);
        expect(isUniqueViolation(failure, 'other')).toBe(false);
        expect(isUniqueViolation(new Error('other'))).toBe(false);
        expect(failure).toMatchObject({ code: 'internal', retryable: false });
      });

      test('carry no values of rows, in whatever field', async () => {
        const failures = await Promise.all([
          store.db
            .insertInto('counter')
            .values({ name: SECRET, count: 2 })
            .execute()
            .catch((error: unknown) => error),
          sql`select ${SECRET}::text::boolean`.execute(store.db).catch((error: unknown) => error),
          sql`select ${`{"a": ${SECRET}x}`}::jsonb`.execute(store.db).catch((error: unknown) => error),
        ]);
        for (const failure of failures) {
          expect(failure).toBeInstanceOf(TerminalError);
          expect(everythingIn(failure)).not.toContain(SECRET);
        }
      });

      test('a mistake in SQL is terminal and says what is wrong', async () => {
        const failure = await sql`select no_such_column from contract.counter`.execute(store.db).catch((error: unknown) => error);
        expect(sqlStateOf(failure)).toBe('42703');
        expect(everythingIn(failure)).toContain('no_such_column');
      });
    });

    describe('group commit', () => {
      const groupOf = (maxBatch: number, batches: number[] = []) =>
        createGroupCommit<ContractTables, { name: string; count: number }, number>({
          store,
          maxBatch,
          maxQueue: 100,
          async commit(tx, items) {
            batches.push(items.length);
            const rows = await tx
              .insertInto('counter')
              .values(items.map((item) => ({ ...item })))
              .returning('count')
              .execute();
            return rows.map((row) => row.count);
          },
        });

      test('lets concurrent callers share transactions, each with its own result', async () => {
        const batches: number[] = [];
        const group = groupOf(16, batches);
        const results = await Promise.all(Array.from({ length: 50 }, (_, count) => group.add({ name: `group-${count}`, count })));
        expect(results).toEqual(Array.from({ length: 50 }, (_, count) => count));
        expect(batches.length).toBeLessThan(10);
        expect(Math.max(...batches)).toBe(16);
        expect(await countOf('group-49')).toBe(49);
      });

      test('makes a bad item fail alone, and goes on', async () => {
        const group = groupOf(16);
        await group.add({ name: 'bad', count: 0 });
        const names = Array.from({ length: 12 }, (_, i) => (i === 5 ? 'bad' : `good-${i}`));
        const settled = await Promise.allSettled(names.map((name) => group.add({ name, count: 1 })));
        expect(settled.map((one) => one.status)).toEqual(names.map((name) => (name === 'bad' ? 'rejected' : 'fulfilled')));
        expect(isUniqueViolation((settled[5] as PromiseRejectedResult).reason)).toBe(true);
        expect(await countOf('good-11')).toBe(1);
        await expect(group.add({ name: 'after', count: 3 })).resolves.toBe(3);
      });

      test('fails all at once when the database is away, without trying each', async () => {
        let calls = 0;
        const group = createGroupCommit<ContractTables, number, number>({
          store,
          maxBatch: 8,
          maxQueue: 8,
          async commit() {
            calls += 1;
            throw new RetryableError('unavailable');
          },
        });
        const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => group.add(item)));
        for (const one of settled) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
        expect(calls).toBe(1);
      });

      test('refuses one more than may wait', async () => {
        const group = createGroupCommit<ContractTables, number, number>({
          store,
          maxBatch: 1,
          maxQueue: 2,
          commit: async (_tx, items) => items,
        });
        const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => group.add(item)));
        const refused = settled.filter((one) => one.status === 'rejected');
        expect(refused.length).toBeGreaterThan(0);
        for (const one of refused) expect(one.reason).toMatchObject({ code: 'overloaded' });
      });
    });

    describe('migrations', () => {
      const only = (name: string, statement: string): Record<string, Migration> => ({
        [name]: { up: async (db) => void (await sql.raw(statement).execute(db)) },
      });

      test('run once when many start together', async () => {
        const stores = await Promise.all(
          Array.from({ length: 6 }, () => database.store('together', only('0001-once', 'create table once (id integer)'))),
        );
        expect(stores).toHaveLength(6);
        const tables = await sql`select 1 from pg_tables where schemaname = 'together' and tablename = 'once'`.execute(store.db);
        expect(tables.rows).toHaveLength(1);
      });

      test('keep schemas apart', async () => {
        const one = await database.store<{ thing: { id: number } }>('apart_one', only('0001', 'create table thing (id integer)'));
        const two = await database.store<{ thing: { id: number } }>('apart_two', only('0001', 'create table thing (id integer)'));
        await one.db.insertInto('thing').values({ id: 1 }).execute();
        expect(await two.db.selectFrom('thing').selectAll().execute()).toEqual([]);
        expect(await two.transaction((tx) => tx.selectFrom('thing').selectAll().execute())).toEqual([]);
        expect(await one.db.selectFrom('thing').selectAll().execute()).toEqual([{ id: 1 }]);
      });

      test('that fail say which, and leave nothing', async () => {
        const broken = { ...only('0001-good', 'create table good (id integer)'), ...only('0002-broken', 'create table nonsense (') };
        const failure = await database.store('broken', broken).catch((error: unknown) => error);
        expect(everythingIn(failure)).toContain('0002-broken');
        const tables = await sql`select 1 from pg_tables where schemaname = 'broken' and tablename = 'good'`.execute(store.db);
        expect(tables.rows).toEqual([]);
      });

      test('are added to later', async () => {
        const first = only('0001', 'create table grown (id integer)');
        await database.store('grown', first);
        const later = await database.store<{ grown: { id: number; extra: string | null } }>('grown', {
          ...first,
          ...only('0002', 'alter table grown add column extra text'),
        });
        await later.db.insertInto('grown').values({ id: 1, extra: 'x' }).execute();
        expect(await later.db.selectFrom('grown').selectAll().execute()).toEqual([{ id: 1, extra: 'x' }]);
      });
    });

    test('a closed loop of queries leaves timers their turn', async () => {
      let ticks = 0;
      const timer = setInterval(() => {
        ticks += 1;
      }, 1);
      for (let i = 0; i < 500; i += 1) await sql`select ${i}::int4`.execute(store.db);
      clearInterval(timer);
      // Starved, it would not fire at all.
      expect(ticks).toBeGreaterThan(0);
    });

    // The last one: it closes the database.
    test('answers a ping, and after closing is unavailable', async () => {
      await database.ping();
      await database[Symbol.asyncDispose]();
      await expect(database.ping()).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}

function emptyRow(id: number): ContractTables['value'] {
  return { id, big: null, exact: null, float: null, flag: null, bytes: null, at: null, doc: null, texts: null, bigs: null, ref: null };
}

/** All that a log could show of an error. */
function everythingIn(failure: unknown): string {
  const seen: string[] = [];
  for (let one: unknown = failure; one instanceof Error; one = one.cause) {
    for (const key of Object.getOwnPropertyNames(one)) seen.push(`${key}=${String((one as unknown as Record<string, unknown>)[key])}`);
  }
  return seen.join('\n');
}
