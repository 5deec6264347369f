import { type FreshDatabase, freshDatabase, type LocalPostgres, startPostgres } from '@vouch/local';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type Database, type Migration, openPostgres, type PostgresOptions, sql } from '../src/index.js';
import { storeContract } from './store-contract.js';

const serverUrl = inject('databaseUrl');
const logger = { info: () => undefined, warn: () => undefined };

interface Tables {
  entry: { id: number };
}
const migrations: Record<string, Migration> = {
  '0001-entry': { up: async (db) => void (await sql`create table entry (id integer primary key)`.execute(db)) },
};

const opened: AsyncDisposable[] = [];
const open = async (url: string, options: Partial<PostgresOptions> = {}): Promise<Database> => {
  const database = await openPostgres({ url, logger, ...options });
  opened.push(database);
  return database;
};

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

const PATIENCE = { timeout: 20_000 };

describe.skipIf(!serverUrl)('PostgreSQL', () => {
  let fresh: FreshDatabase;

  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl ?? '', 'store');
  });

  afterAll(async () => {
    await fresh?.[Symbol.asyncDispose]();
  });

  storeContract('keeps the contract', () => openPostgres({ url: fresh.url, logger }));

  test('is migrated once when several processes start together', async () => {
    const databases = await Promise.all(Array.from({ length: 5 }, () => open(fresh.url, { maxConnections: 2 })));
    const stores = await Promise.all(databases.map((database) => database.store<Tables>('crowd', migrations)));
    await Promise.all(stores.map((store, id) => store.db.insertInto('entry').values({ id }).execute()));
    expect(await stores[0]?.db.selectFrom('entry').select('id').execute()).toHaveLength(5);
  });

  test('migrates although the wait is longer than a statement may take', async () => {
    const [slow, quick] = [await open(fresh.url), await open(fresh.url, { statementTimeoutMs: 100 })];
    const body = { '0001': { up: async (db: Parameters<Migration['up']>[0]) => void (await sql`select pg_sleep(0.5)`.execute(db)) } };
    await Promise.all([slow.store('patient', body), quick.store('patient', body)]);
  });

  test('a prepared statement whose columns a newer version has changed costs its caller a retry, and nobody after it', async () => {
    const [database, newer] = [await open(fresh.url, { maxConnections: 1 }), await open(fresh.url)];
    const { db } = await database.store<Tables>('changing', migrations);
    await db.insertInto('entry').values({ id: 1 }).execute();
    const read = () => db.selectFrom('entry').selectAll().where('id', '=', 1).execute();
    for (let times = 0; times < 3; times += 1) expect(await read()).toEqual([{ id: 1 }]);
    const { db: theirs } = await newer.store<Tables>('changing', migrations);
    await sql`alter table changing.entry add column note text`.execute(theirs);
    await expect(read()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(await read()).toEqual([{ id: 1, note: null }]);
  });

  test('ends a statement that takes too long, as unavailable', async () => {
    const database = await open(fresh.url, { statementTimeoutMs: 1_000 });
    const { db } = await database.store<Tables>('entries', migrations);
    await expect(sql`select pg_sleep(10)`.execute(db)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await database.ping();
  });

  test('gives up on a lock that another holds, as unavailable', async () => {
    const database = await open(fresh.url, { lockTimeoutMs: 50 });
    const store = await database.store<Tables>('entries', migrations);
    await store.db
      .insertInto('entry')
      .values({ id: 1 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await store.transaction(async (tx) => {
      await tx.selectFrom('entry').selectAll().forUpdate().execute();
      const other = store.db.updateTable('entry').set({ id: 1 }).execute();
      await expect(other).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  test('refuses callers past its limits as overloaded, and serves the others', async () => {
    const database = await open(fresh.url, { maxConnections: 1, maxWaiting: 1, connectTimeoutMs: 300 });
    const store = await database.store<Tables>('entries', migrations);
    await store.transaction(async () => {
      const settled = await Promise.allSettled([database.ping(), database.ping()]);
      for (const one of settled) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'overloaded' } });
    });
    await database.ping();
  });

  test('a connection that the server ends fails its transaction alone', async () => {
    const database = await open(fresh.url);
    const store = await database.store<Tables>('entries', migrations);
    const run = store.transaction(async (tx) => {
      const own = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await sql`select pg_terminate_backend(${own.rows[0]?.pid}::int4)`.execute(store.db);
      await sql`select 1`.execute(tx);
    });
    await expect(run).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await database.ping();
  });

  test('idle connections that the server ends are reported, and end no process', async () => {
    const warn = vi.fn();
    const database = await open(fresh.url, { applicationName: 'idle-ones', logger: { ...logger, warn } });
    const other = await open(fresh.url);
    const { db } = await other.store<Tables>('entries', migrations);
    await Promise.all([database.ping(), database.ping()]);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'idle-ones'`.execute(db);
    await vi.waitFor(() => expect(warn).toHaveBeenCalled(), PATIENCE);
    // The pool may hand out the other dead connection once, before it has heard of its end.
    await vi.waitFor(() => database.ping(), PATIENCE);
  });

  test('opening fails at once with a wrong password, and says no password', async () => {
    const url = new URL(fresh.url);
    url.password = 'not-the-password';
    const failure = await open(url.href).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(failure)).not.toContain('not-the-password');
  });

  test('opening fails as unavailable where nobody listens', async () => {
    await expect(open('postgres://vouch:x@127.0.0.1:1/none', { openWithinMs: 300 })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe.skipIf(!serverUrl)('a PostgreSQL server that is killed', () => {
  let server: LocalPostgres;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('costs the calls under way; after its restart everything acknowledged is there and the pool works', async () => {
    const database = await open(server.url, { connectTimeoutMs: 2_000 });
    const store = await database.store<Tables>('entries', migrations);
    const acknowledged: number[] = [];
    const failures: unknown[] = [];
    let stop = false;
    const write = async (first: number) => {
      for (let id = first; !stop; id += 4) {
        await store
          .transaction((tx) => tx.insertInto('entry').values({ id }).execute())
          .then(() => acknowledged.push(id))
          .catch((failure: unknown) => failures.push(failure));
      }
    };
    const writers = [0, 1, 2, 3].map(write);
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), PATIENCE);
    await server.kill9();
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(0), PATIENCE);
    await server.restart();
    const before = acknowledged.length;
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 20), PATIENCE);
    stop = true;
    await Promise.all(writers);

    for (const failure of failures) expect(failure).toMatchObject({ code: 'unavailable', retryable: true });
    const kept = new Set((await store.db.selectFrom('entry').select('id').execute()).map((row) => row.id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  });
});
