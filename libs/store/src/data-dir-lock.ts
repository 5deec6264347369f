import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TerminalError } from '@vouch/errors';
import { startOf } from './process-start.js';

/** Who holds a data folder. */
interface Holder {
  readonly pid: number;
  /** When that process started, as its system tells: a later process with the same id is another one. */
  readonly start: string | undefined;
  readonly host: string;
  readonly token: string;
}

const LOCK_FILE = 'lock';
const BEAT_EVERY_MS = 3_000;
/** A holder on another host (another container on a shared volume) cannot be looked up; its lock counts while it is being touched. */
const FOREIGN_LIVES_MS = 15_000;
const MOST_ATTEMPTS = 5;

/**
 * Takes a data folder for this process alone, making it (mode 0700) when it is missing. A folder that a live process holds is
 * refused; the lock of a dead one is taken over.
 */
export async function lockDataDir(dataDir: string): Promise<AsyncDisposable> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await chmod(dataDir, 0o700);
  const path = join(dataDir, LOCK_FILE);
  const own: Holder = { pid: process.pid, start: await startOf(process.pid), host: hostname(), token: randomUUID() };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    if (await place(path, own)) return hold(path, own);
    const other = await readHolder(path);
    if (other === undefined) continue;
    if (await isAlive(path, other)) throw refusal(dataDir, other);
    await removeIfStill(path, other);
  }
  throw new TerminalError('internal', { cause: new Error(`The data folder ${dataDir} cannot be locked: others take it again and again`) });
}

/** Writes the lock file with its contents in one step; false when there is one already. */
async function place(path: string, own: Holder): Promise<boolean> {
  const draft = `${path}.${own.token}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (failure) {
    if (isCode(failure, 'EEXIST')) return false;
    throw failure;
  } finally {
    await rm(draft, { force: true });
  }
}

function hold(path: string, own: Holder): AsyncDisposable {
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), BEAT_EVERY_MS);
  beat.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      await removeIfStill(path, own);
    },
  };
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const read = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return { pid: Number(read.pid), start: read.start, host: String(read.host), token: String(read.token) };
  } catch (failure) {
    if (isCode(failure, 'ENOENT')) return undefined;
    if (failure instanceof SyntaxError) return { pid: 0, start: undefined, host: hostname(), token: 'unreadable' };
    throw failure;
  }
}

async function isAlive(path: string, holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) {
    const touched = await stat(path).then(
      (stats) => stats.mtimeMs,
      () => 0,
    );
    return Date.now() - touched < FOREIGN_LIVES_MS;
  }
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (failure) {
    return isCode(failure, 'EPERM');
  }
  const start = await startOf(holder.pid);
  return start === undefined || holder.start === undefined || start === holder.start;
}

/** Takes a lock file away, unless another process has replaced it meanwhile. */
async function removeIfStill(path: string, holder: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (failure) {
    if (isCode(failure, 'ENOENT')) return;
    throw failure;
  }
  const taken = await readHolder(aside);
  if (taken && taken.token !== holder.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function refusal(dataDir: string, holder: Holder): TerminalError {
  const who = holder.host === hostname() ? `process ${holder.pid}` : `process ${holder.pid} on ${holder.host}`;
  const text = `The data folder ${dataDir} is in use by ${who}. Stop that process, or choose another folder.`;
  return new TerminalError('internal', { cause: new Error(text) });
}

const isCode = (failure: unknown, code: string): boolean => failure instanceof Error && 'code' in failure && failure.code === code;
