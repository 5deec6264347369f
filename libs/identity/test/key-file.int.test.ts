import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadOrCreateKeyFile } from '../src/key-file.js';

const ID_NUMBER = '11010519491231002X';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouch-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('makes a file of mode 0600 once and then reads it', async () => {
  const path = join(folder, 'data', 'keys.json');
  const made = await loadOrCreateKeyFile(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await loadOrCreateKeyFile(path)).pseudonym('audit', ID_NUMBER)).toBe(made.pseudonym('audit', ID_NUMBER));
});

it('gives all who make it at once the same keys, and leaves nothing else', async () => {
  const path = join(folder, 'keys.json');
  const keyrings = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKeyFile(path)));
  expect(new Set(keyrings.map((keyring) => keyring.pseudonym('audit', ID_NUMBER))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['keys.json']);
});

it('refuses a file that is no keyring and keeps it', async () => {
  const path = join(folder, 'keys.json');
  await writeFile(path, 'spoilt');
  await expect(loadOrCreateKeyFile(path)).rejects.toThrow('The keyring cannot be read');
  expect(await readdir(folder)).toEqual(['keys.json']);
});
