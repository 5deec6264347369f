import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The command itself, in a process of its own, on a folder of files.
const VOUCH = fileURLToPath(new URL('../bin/vouch.mjs', import.meta.url));
const DATA = fileURLToPath(new URL('../../catalogue/data', import.meta.url));
const SET = 'requirement-sets/370102-primary-2026.yaml';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vouch-lint-'));
  await cp(DATA, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

function vouch(...args: readonly string[]): Promise<{ readonly exit: number; readonly out: string; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [VOUCH, 'catalogue', 'lint', ...args], { maxBuffer: 2 ** 26 }, (failure, out, said) =>
      resolve({ exit: failure ? Number(failure.code) : 0, out, said }),
    );
  });
}

/** Changes a file of the copy, and gives the line that was changed. */
async function change(file: string, from: string, to: string): Promise<number> {
  const text = await readFile(join(dir, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(dir, file), text.replace(from, to));
  return text.split(from)[0]?.split('\n').length ?? 0;
}

describe('vouch catalogue lint', () => {
  it('finds no error in the catalogue that comes with Vouch', async () => {
    const { exit, out, said } = await vouch('--no-notes');
    expect(said).toBe('');
    expect(exit).toBe(0);
    expect(out).toMatch(/\n0 errors, \d+ warnings, 0 notes\n$/);
  });

  it('groups by file, names line and remedy, and fails on an error', async () => {
    const line = await change(SET, 'minimumShare: 50', 'minimumShare: 500');
    const { exit, out } = await vouch(dir);
    expect(exit).toBe(1);
    const block = out.split('\n\n').find((text) => text.startsWith(`${SET}\n`) || text.startsWith(`\n${SET}\n`));
    expect(block).toMatch(new RegExp(`\\n {2}${line}:\\d+ +error {2}parameter-invalid {2}housing.owns-home: .*\\(500\\)\\n {10}→ Mend`));
    expect(out).not.toContain('catalogue-faulty');
    expect(out).toMatch(/\n1 error, /);
  });

  it('fails on a warning only when it is strict', async () => {
    await change(
      SET,
      'title: { zh-CN: 户籍与自有住房一致, en: Local household with own home }',
      'title: { zh-CN: 户籍与自有住房一致, en: 户籍与自有住房一致 }',
    );
    expect((await vouch(dir)).exit).toBe(0);
    const { exit, out } = await vouch(dir, '--strict', '--language', 'zh-CN');
    expect(exit).toBe(1);
    expect(out).toContain('警告  text-missing  缺少英文：“户籍与自有住房一致”');
  });

  it('tells what the loader refuses, with file and line', async () => {
    const line = await change(SET, 'purpose: school-enrolment', 'purpose: school-enrolmemt');
    const { exit, out } = await vouch(dir, '--format', 'json', '--no-notes');
    expect(exit).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { code: string; file: string; line: number }[] };
    expect(findings.filter(({ code }) => code === 'catalogue-faulty')).toMatchObject([{ file: SET, line }]);
  });

  it('tells what has no shape of a catalogue, and nothing else', async () => {
    const line = await change(SET, 'purpose: school-enrolment', 'porpose: school-enrolment');
    const { exit, out } = await vouch(dir);
    expect(exit).toBe(1);
    expect(out).toMatch(new RegExp(`  ${line}:1 +error  catalogue-faulty`));
    expect(out).toMatch(/\n2 errors, 0 warnings, 0 notes\n$/);
  });

  it('writes SARIF that says where the catalogue is', async () => {
    await change(SET, 'minimumShare: 50', 'minimumShare: 500');
    const { exit, out } = await vouch(dir, '--format', 'sarif');
    expect(exit).toBe(1);
    const { runs } = JSON.parse(out) as {
      runs: { originalUriBaseIds: Record<string, { uri: string }>; results: { ruleId: string; level: string }[] }[];
    };
    expect(runs[0]?.originalUriBaseIds.CATALOGUE?.uri).toMatch(/^file:\/\/\/.*\/$/);
    expect(runs[0]?.results.filter(({ level }) => level === 'error').map(({ ruleId }) => ruleId)).toEqual(['parameter-invalid']);
  });

  it('refuses a format that there is not', async () => {
    expect(await vouch('--format', 'xml')).toMatchObject({ exit: 2, out: '' });
  });
});
