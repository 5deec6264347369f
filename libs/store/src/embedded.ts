import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createResources } from '@vouch/lifecycle';
import pg from 'pg';
import { lockDataDir } from './data-dir-lock.js';
import type { Database, StoreLogger } from './database.js';
import { startUpkeep } from './embedded-upkeep.js';
import { createExclusivePool } from './exclusive-pool.js';
import { createDatabase } from './kysely-store.js';
import { PgliteSocket } from './pglite-socket.js';

/** Where the embedded database lives. */
export interface EmbeddedOptions {
  /** A folder of this machine for one process at a time; made with mode 0700 when missing. */
  readonly dataDir: string;
  /** Callers that may wait for their turn; one more is refused with `overloaded`. 1000 unless said. */
  readonly maxWaiting?: number;
  /** Longest wait for a turn, then `overloaded`; 10 s unless said. */
  readonly maxWaitMs?: number;
  /** A transaction that does nothing for this long is rolled back when others wait; 5 s unless said. */
  readonly maxIdleMs?: number;
  readonly logger: StoreLogger;
}

/**
 * Opens PostgreSQL inside this process (PGlite). It has one connection, so transactions run one after another. What is
 * committed survives the death of the process, `kill -9` included, but not a power cut: PGlite does not sync to disk.
 * Statement and lock timeouts have no effect here.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const { dataDir, maxWaiting = 1000, maxWaitMs = 10_000, maxIdleMs = 5_000, logger } = options;
  await using opening = createResources();
  opening.use(await lockDataDir(dataDir));
  const engine = await openEngine(join(dataDir, 'postgres'));
  opening.defer(() => engine.close());

  const socket = new PgliteSocket(engine);
  const client = new pg.Client({
    user: 'postgres',
    database: 'postgres',
    password: '',
    ssl: false,
    pipeline: true,
    stream: () => socket as never,
  });
  await client.connect();
  const opened = opening.move();
  const pool = createExclusivePool({ client, maxWaiting, maxWaitMs, maxIdleMs, logger });
  const upkeep = startUpkeep(pool, logger);
  const end = async () => {
    upkeep.stop();
    await pool.end();
  };
  return createDatabase('embedded', { ...pool, end }, async () => opened[Symbol.asyncDispose]());
}

async function openEngine(folder: string): Promise<PGlite> {
  const present = await access(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (!present) await initialise(folder);
  return PGlite.create(folder);
}

/** Makes the database beside its place and moves it there when it is whole: a start that is killed half-way leaves nothing. */
async function initialise(folder: string): Promise<void> {
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  const engine = await PGlite.create(draft);
  await engine.close();
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}
