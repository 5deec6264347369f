import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '@vouch/catalogue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveLists } from '../pages/serve-lists.js';
import { isAsShown, run, stepsOf } from './walk-through.js';

// The walk through a county's rules, as docs/rules.md has it: every command is run, in order, and must print what the page shows.

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = join(root, 'docs/rules.md');
const steps = stepsOf(page);

let folder: string;
let served: Awaited<ReturnType<typeof serveLists>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-walk-'));
  // What the commands leave behind stays out of the repository.
  for (const name of ['libs', 'node_modules']) await symlink(join(root, name), join(folder, name));
  served = await serveLists(await loadCatalogue());
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

it.each(steps.map((step) => [step.commands.trim().split('\n').at(-1) ?? '', step] as const))('%s', async (_, { commands, printed }) => {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' };
  const text = await run(commands.replaceAll('http://localhost:8080', served.url), { cwd: folder, env });
  if (printed !== undefined && !isAsShown(text, printed)) expect(text).toBe(printed);
});

it('draws the plot that the page shows', async () => {
  expect(await readFile(join(folder, 'moves.svg'), 'utf8')).toBe(await readFile(join(root, 'docs/rules-moves.svg'), 'utf8'));
});

it('walks through all of check, explain, test, diff, lint and the list', () => {
  const commands = steps.map((step) => step.commands).join('');
  for (const one of ['rules check', 'rules explain', 'rules test', 'rules diff', 'catalogue lint', 'curl']) expect(commands).toContain(one);
  expect(steps.filter(({ printed }) => printed !== undefined).length).toBeGreaterThan(6);
});

it('finds output that is not as shown', () => {
  expect(isAsShown('a 3 b\n', 'a … b\n')).toBe(true);
  expect(isAsShown('a 3 c\n', 'a … b\n')).toBe(false);
  expect(isAsShown('x\ny\nlast\n', '…\nlast\n')).toBe(true);
  expect(isAsShown('x\nlast one\n', '…\nlast\n')).toBe(false);
});
