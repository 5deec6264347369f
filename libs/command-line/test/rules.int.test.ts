import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runVouch } from './run-vouch.js';

const SETS = fileURLToPath(new URL('../../catalogue/data/requirement-sets/', import.meta.url));
const LIXIA = '370102/primary/2026';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `vouch rules …`. */
const rules = (...words: string[]) => runVouch('rules', ...words);

/** A draft of Lixia's set, changed. */
async function draft(name: string, ...changes: [string, string][]): Promise<string> {
  let text = await readFile(join(SETS, '370102-primary-2026.yaml'), 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

const facts = (claims: object[]): Promise<string> => {
  const file = join(folder, 'facts.json');
  return writeFile(file, JSON.stringify({ applicationDate: '2026-06-01', claims })).then(() => file);
};

it('finds no fault in the catalogue that comes with Vouch, nor in a draft without any', async () => {
  expect(await rules('check')).toMatchObject({ exit: 0, out: expect.stringMatching(/^\d+ requirement sets checked: no faults\n$/) });
  expect(await rules('check', await draft('good.yaml', ['atLeast: 12', 'atLeast: 9']))).toMatchObject({ exit: 0 });
});

it('tells the faults of a draft by its own name and lines', async () => {
  const file = await draft('bad.yaml', ['housing.owns-home', 'housing.owns-hut'], ['atLeast: 12', 'atLeast: twelve']);
  const { out, exit } = await rules('check', file);
  expect(exit).toBe(1);
  const lines = (await readFile(file, 'utf8')).split('\n');
  const lineOf = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;
  expect(out).toContain(`${file}:${lineOf('owns-hut')}: there is no claim type housing.owns-hut`);
  expect(out).toContain(`${file}:${lineOf('twelve')}: `);
});

it('explains by an id or by a draft, in either language and for programs', async () => {
  const months = { type: 'social-security.insured-months', subject: 'guardian', disclosures: { months: 11 } };
  const file = await facts([months]);
  expect((await rules('explain', LIXIA, '--facts', file)).out).toContain('11 months, 1 month short');
  expect((await rules('explain', LIXIA, '--facts', file, '--lang', 'zh-CN')).out).toContain('11 个月，还差 1 个月');
  const easier = await draft('easier.yaml', ['atLeast: 12', 'atLeast: 11']);
  const told = JSON.parse((await rules('explain', easier, '--facts', file, '--format', 'json')).out);
  expect(told).toMatchObject({ requirementSet: LIXIA, verdict: 'undetermined', possible: ['local-household-own-home', 'migrant-renting'] });
});

it('tells facts that fit nowhere by their place', async () => {
  const file = await facts([{ type: 'police.nothing', subject: 'child', outcome: 'confirmed' }]);
  await expect(rules('explain', LIXIA, '--facts', file)).rejects.toThrow(`${file}: /claims/0/type: there is no such claim type`);
  await expect(rules('explain', '370102/primary/1999')).rejects.toThrow(`there is ${LIXIA}`);
});

it('tries golden families, and tells those that a draft would let in', async () => {
  const before = await rules('test');
  expect(before).toMatchObject({ exit: 0, out: expect.stringMatching(/^\d+ families of \d+ sets: all as expected\n$/) });
  const after = await rules('test', await draft('lower.yaml', ['atLeast: 12', 'atLeast: 11']));
  expect(after.exit).toBe(1);
  expect(after.out).toContain('one month of insurance short, and too late for this year: expected not_met, found met');
});

it('finds golden families that come out otherwise in a file of them', async () => {
  const file = join(folder, 'families.yaml');
  await writeFile(file, `set: ${LIXIA}\nfamilies:\n  - about: nothing is stated\n    expect: { verdict: met }\n`);
  const { out, exit } = await rules('test', file);
  expect([exit, out]).toEqual([1, expect.stringContaining('nothing is stated: expected met, found undetermined')]);
});
