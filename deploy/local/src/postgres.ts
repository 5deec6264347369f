import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openPostgres } from '@vouch/store';
import { readLocalConfig } from './config.js';
import { findFreePort } from './free-port.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { type ServerProcess, startServer } from './server-process.js';

const run = promisify(execFile);

/** Where a PostgreSQL server of our own keeps its data and listens. */
export interface PostgresServerOptions {
  /** Folder of its data, kept when it stops; without one a temporary folder is used and removed. */
  readonly dataDir?: string;
  /** Port on the loopback address; a free one unless said. */
  readonly port?: number;
  /** Hears one line about each thing that takes time. */
  readonly log?: (line: string) => void;
}

/** A running PostgreSQL server of our own; closing stops it in good order. */
export interface LocalPostgres extends AsyncDisposable {
  /** For `DATABASE_URL`; its user may make databases. */
  readonly url: string;
  /** Process id of the postmaster; another one after each restart. */
  readonly pid: number;
  /** Kills the server as a crash would. */
  kill9(): Promise<void>;
  /** Starts it again on the same address with the same data. */
  restart(): Promise<void>;
}

const USER = 'vouch';
const DATABASE = 'postgres';
const START_WITHIN_MS = 30_000;
const MOST_ATTEMPTS = 3;
const SETTINGS = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'max_connections=200', 'listen_addresses=127.0.0.1'];

/** Starts a real PostgreSQL server that syncs to disk as in production, and waits until it answers. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<LocalPostgres> {
  const log = options.log ?? (() => undefined);
  const binaries = await findPostgresBinaries(readLocalConfig());
  const folder = await makeFolder(options.dataDir, binaries, log);
  log('Starting PostgreSQL …');
  const password = await initialise(folder, binaries);

  let port = options.port ?? (await findFreePort());
  const urlOf = (at: number) => `postgres://${USER}:${password}@127.0.0.1:${at}/${DATABASE}`;
  let server: ServerProcess | undefined;
  for (let attempt = 1; !server; attempt += 1) {
    try {
      server = await startCluster(folder, binaries, port, urlOf(port));
    } catch (failure) {
      // A port may have been taken since it was found free.
      if (options.port !== undefined || attempt === MOST_ATTEMPTS || !/Address already in use/.test(String(failure))) throw failure;
      port = await findFreePort();
    }
  }
  let running = server;
  log(`PostgreSQL is ready on 127.0.0.1:${port}`);

  return {
    url: urlOf(port),
    get pid() {
      return running.pid;
    },
    kill9: () => running.kill9(),
    async restart() {
      if (!running.ended) await running.stop();
      running = await startCluster(folder, binaries, port, urlOf(port));
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      if (options.dataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeFolder(dataDir: string | undefined, { user }: PostgresBinaries, log: (line: string) => void): Promise<string> {
  if (dataDir === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'vouch-postgres-data-'));
    if (user) await chown(folder, user.uid, user.gid);
    return folder;
  }
  let folder = resolve(dataDir);
  if (user) {
    await mkdir(dirname(folder), { recursive: true });
    if (!(await mayEnter(dirname(folder), user))) {
      // As root, the server runs as another user, who may not enter a folder such as one below /root.
      const asked = folder;
      folder = join('/var/tmp', `vouch-postgres-data-${createHash('sha256').update(asked).digest('hex').slice(0, 12)}`);
      log(`PostgreSQL cannot run as root, and no other user may enter ${dirname(asked)}: its data are in ${folder}`);
    }
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  return folder;
}

async function mayEnter(folder: string, user: { uid: number; gid: number }): Promise<boolean> {
  return run('ls', ['-d', `${folder}/.`], { ...user }).then(
    () => true,
    () => false,
  );
}

/** Makes the cluster unless it is there; returns its password, which is kept beside it. */
async function initialise(folder: string, { initdb, user }: PostgresBinaries): Promise<string> {
  const passwordFile = join(folder, 'password');
  const cluster = join(folder, 'cluster');
  const present = await access(join(folder, 'complete')).then(
    () => true,
    () => false,
  );
  if (present) return (await readFile(passwordFile, 'utf8')).trim();
  await rm(cluster, { recursive: true, force: true });
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--username=${USER}`, `--pwfile=${passwordFile}`];
  await run(initdb, [`--pgdata=${cluster}`, ...flags], { ...user, cwd: folder });
  await writeFile(join(folder, 'complete'), '');
  return password;
}

async function startCluster(folder: string, binaries: PostgresBinaries, port: number, url: string): Promise<ServerProcess> {
  const until = performance.now() + START_WITHIN_MS;
  for (;;) {
    const server = await startServer({
      command: binaries.postgres,
      args: [
        '-D',
        join(folder, 'cluster'),
        '-p',
        String(port),
        ...[...SETTINGS, 'unix_socket_directories='].flatMap((setting) => ['-c', setting]),
      ],
      ...(binaries.user && { user: binaries.user }),
      cwd: folder,
      stopSignal: 'SIGINT',
    });
    if (await answers(server, url, until)) return server;
    await server.kill9();
    // Children of a killed server end by themselves, a moment later.
    const wait = /is still in use|lock file .* already exists/.test(server.lastOutput) && performance.now() < until;
    if (!wait) throw new Error(`PostgreSQL did not start. It wrote:\n${server.lastOutput}`);
    await delay(200);
  }
}

async function answers(server: ServerProcess, url: string, until: number): Promise<boolean> {
  const silent = { info: () => undefined, warn: () => undefined };
  while (!server.ended && performance.now() < until) {
    try {
      const database = await openPostgres({ url, logger: silent, maxConnections: 1, openWithinMs: 0 });
      await database[Symbol.asyncDispose]();
      return true;
    } catch {
      await delay(50);
    }
  }
  return false;
}
