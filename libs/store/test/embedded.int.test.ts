import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { type FreshDataDir, freshDataDir } from '@vouch/local';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startUpkeep } from '../src/embedded-upkeep.js';
import { createExclusivePool } from '../src/exclusive-pool.js';
import { type Database, type EmbeddedOptions, type Migration, openEmbedded, sql } from '../src/index.js';
import { PgliteSocket } from '../src/pglite-socket.js';
import { storeContract } from './store-contract.js';

const logger = { info: () => undefined, warn: () => undefined };

interface Tables {
  entry: { id: number };
}
const migrations: Record<string, Migration> = {
  '0001-entry': { up: async (db) => void (await sql`create table entry (id integer primary key)`.execute(db)) },
};

let fresh: FreshDataDir;
const useFreshDataDir = () => {
  beforeEach(async () => {
    fresh = await freshDataDir();
  });

  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
  });
};
const opened: AsyncDisposable[] = [];
const open = async (options: Partial<EmbeddedOptions> = {}): Promise<Database> => {
  const database = await openEmbedded({ dataDir: fresh.dataDir, logger, ...options });
  opened.push(database);
  return database;
};

storeContract('the embedded database keeps the contract', async () => {
  const { dataDir, [Symbol.asyncDispose]: remove } = await freshDataDir();
  const database = await openEmbedded({ dataDir, logger });
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await remove();
    },
  };
});

describe('the embedded database', () => {
  useFreshDataDir();

  test('is made in a new folder that is ours alone, also where an earlier start was interrupted', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'vouch-new-'));
    const dataDir = join(parent, 'data');
    await mkdir(join(dataDir, 'postgres.new', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.new', 'PG_VERSION'), '18');
    const database = await open({ dataDir });
    await database.ping();
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    await database[Symbol.asyncDispose]();
    await rm(parent, { recursive: true });
  });

  test('keeps what was committed when it is closed and opened again', async () => {
    const first = await open();
    const store = await first.store<Tables>('entries', migrations);
    await store.db.insertInto('entry').values({ id: 7 }).execute();
    await first[Symbol.asyncDispose]();
    const again = await (await open()).store<Tables>('entries', migrations);
    expect(await again.db.selectFrom('entry').selectAll().execute()).toEqual([{ id: 7 }]);
  });

  test('refuses callers past its limits as overloaded, and serves the others', async () => {
    const database = await open({ maxWaiting: 2, maxWaitMs: 300 });
    const store = await database.store<Tables>('entries', migrations);
    await store.transaction(async (tx) => {
      const outside = [database.ping(), database.ping(), database.ping()].map((ping) => ping.catch((error: unknown) => error));
      expect(await outside[2]).toMatchObject({ code: 'overloaded' });
      // Waits in vain: the transaction has the only connection, and keeps using it.
      expect(await outside[0]).toMatchObject({ code: 'overloaded' });
      expect(await outside[1]).toMatchObject({ code: 'overloaded' });
      await sql`select 1`.execute(tx);
    });
    await database.ping();
  });

  test('takes the turn of a transaction that does nothing while others wait, and rolls it back', async () => {
    const database = await open({ maxIdleMs: 200 });
    const store = await database.store<Tables>('entries', migrations);
    const stuck = store.transaction(async (tx) => {
      await tx.insertInto('entry').values({ id: 1 }).execute();
      await database.ping();
      await tx.insertInto('entry').values({ id: 2 }).execute();
    });
    await expect(stuck).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.db.selectFrom('entry').selectAll().execute()).toEqual([]);
  });

  test('is tended as a server tends itself: the log is cut, dead rows are removed', async () => {
    const engine = await PGlite.create(join(fresh.dataDir, 'postgres'));
    const client = new pg.Client({ user: 'postgres', password: '', stream: () => new PgliteSocket(engine) as never });
    await client.connect();
    const pool = createExclusivePool({ client, maxWaiting: 10, maxWaitMs: 1_000, maxIdleMs: 1_000, logger });
    const upkeep = startUpkeep(pool, logger);
    const ask = async (text: string) => (await client.query(text)).rows[0];

    await upkeep.tend();
    const before = await ask('select redo_lsn::text as at from pg_control_checkpoint()');
    await client.query('create table busy (id integer, filling text)');
    await client.query(`insert into busy select n, repeat('x', 500) from generate_series(1, 100000) as n`);
    await client.query(`update busy set filling = 'y'`);
    await upkeep.tend();
    const after = await ask('select redo_lsn::text as at from pg_control_checkpoint()');
    expect(after).not.toEqual(before);
    expect(await ask(`select n_dead_tup from pg_stat_user_tables where relname = 'busy'`)).toEqual({ n_dead_tup: '0' });

    upkeep.stop();
    await pool.end();
    await engine.close();
  });

  test('closing waits for the transaction under way and refuses what comes later', async () => {
    const database = await open();
    const store = await database.store<Tables>('entries', migrations);
    let closing: PromiseLike<void> | undefined;
    await store.transaction(async (tx) => {
      await tx.insertInto('entry').values({ id: 1 }).execute();
      closing = database[Symbol.asyncDispose]();
      await tx.insertInto('entry').values({ id: 2 }).execute();
    });
    await closing;
    await expect(database.ping()).rejects.toMatchObject({ code: 'unavailable' });
    const again = await (await open()).store<Tables>('entries', migrations);
    expect(await again.db.selectFrom('entry').selectAll().execute()).toHaveLength(2);
  });
});

describe('the data folder', () => {
  useFreshDataDir();

  const lockFile = () => join(fresh.dataDir, 'lock');
  const lock = (holder: object) => writeFile(lockFile(), JSON.stringify({ host: hostname(), token: 'other', ...holder }));

  test('is refused while this process has it', async () => {
    const database = await open();
    const failure = await open().catch((error: Error) => error);
    expect(String((failure as Error).cause)).toContain(`in use by process ${process.pid}`);
    await database[Symbol.asyncDispose]();
    await (await open()).ping();
  });

  test('of a dead process is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    await lock({ pid: child.pid, start: 'some time' });
    await (await open()).ping();
  });

  test('is taken over when another process has got the dead one’s id', async () => {
    await lock({ pid: process.pid, start: 'long ago' });
    await (await open()).ping();
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  test('with a lock that cannot be read is taken over', async () => {
    await writeFile(lockFile(), '');
    await (await open()).ping();
  });

  test('held on another host is refused while that host goes on touching the lock', async () => {
    await lock({ pid: 1, start: 'any', host: 'another-host' });
    const failure = await open().catch((error: Error) => error);
    expect(String((failure as Error).cause)).toContain('another-host');
  });

  test('goes to one of many that come at once', async () => {
    await lock({ pid: 2 ** 22 - 3, start: 'dead' });
    const settled = await Promise.allSettled(Array.from({ length: 4 }, () => open()));
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  describe('of a process that is killed', () => {
    let child: ChildProcess;
    let committed: number[];

    beforeEach(async () => {
      child = spawn(process.execPath, [fileURLToPath(new URL('hold-data-dir.js', import.meta.url)), fresh.dataDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      committed = [];
      await new Promise<void>((resolve, reject) => {
        child.once('exit', () => reject(new Error('The holder ended')));
        createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
          if (line !== 'held') committed.push(Number(line));
          if (committed.length === 300) resolve();
        });
      });
    });

    afterEach(() => {
      child.kill('SIGKILL');
    });

    test('is refused, naming it, while it lives; then opens again with everything that was committed', async () => {
      const failure = await open().catch((error: Error) => error);
      expect(String((failure as Error).cause)).toContain(`in use by process ${child.pid}`);

      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      const store = await (await open()).store<Tables>('entries', migrations);
      const kept = new Set((await store.db.selectFrom('entry').select('id').execute()).map((row) => row.id));
      expect(committed.filter((id) => !kept.has(id))).toEqual([]);
      await store.db.insertInto('entry').values({ id: -1 }).execute();
    });
  });
});
