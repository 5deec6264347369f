import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateKeyring, type Keyring, readKeyring } from './keyring.js';

/**
 * The keyring in a file; made with a random key when there is none. A new file has mode 0600 and appears whole or not at all; of two
 * processes that make it at once, one wins and both use its keys. Throws what `readKeyring` throws, and file system errors.
 */
export async function loadOrCreateKeyFile(path: string): Promise<Keyring> {
  const found = await readIfThere(path);
  return readKeyring(found ?? (await create(path)));
}

async function create(path: string): Promise<string> {
  const json = generateKeyring();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(json);
      await file.sync();
    } finally {
      await file.close();
    }
    // Unlike rename, link refuses to replace a file that another process has put there meanwhile.
    await link(draft, path);
    return json;
  } catch (failure) {
    const winner = codeOf(failure) === 'EEXIST' ? await readIfThere(path) : undefined;
    if (winner === undefined) throw failure;
    return winner;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (failure) {
    if (codeOf(failure) === 'ENOENT') return undefined;
    throw failure;
  }
}

const codeOf = (failure: unknown): unknown => (failure as NodeJS.ErrnoException | undefined)?.code;
