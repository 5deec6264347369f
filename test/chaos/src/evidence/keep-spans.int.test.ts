import { appendFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepSpans } from './keep-spans.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-spans-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps every span file, also those that gave way, with what was appended later', async () => {
  const file = (name: string) => join(folder, name);
  await writeFile(file('a.jsonl'), '1\n');
  await using kept = await keepSpans(folder, join(folder, 'kept'));
  await kept.keep();
  await appendFile(file('a.jsonl'), '2\n');
  await rename(file('a.jsonl'), file('a.old.jsonl'));
  await writeFile(file('a.jsonl'), '3\n');
  await kept.keep();
  await rename(file('a.jsonl'), file('a.old.jsonl'));
  await kept.keep();
  const texts = await Promise.all((await readdir(kept.folder)).map((name) => readFile(join(kept.folder, name), 'utf8')));
  expect(texts.sort()).toEqual(['1\n2\n', '3\n']);
});
