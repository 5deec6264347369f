import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPopulation } from '@vouch/population';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Compared } from '../src/rules/compared.js';
import { runVouch } from './run-vouch.js';

// Over families of the synthetic population, by the registries' own rulings, in a process of its own as the command has it.

const SETS = fileURLToPath(new URL('../../catalogue/data/requirement-sets/', import.meta.url));
const LIXIA = '370102/primary/2026';
const OWN_HOME = 'local-household-own-home';
const MIGRANT = 'migrant-renting';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-diff-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const diff = (...words: string[]) => runVouch('rules', 'diff', ...words);
const compared = async (...words: string[]): Promise<Compared> => JSON.parse((await diff(...words, '--format', 'json')).out);

/** A draft of Lixia's set, changed. */
async function draft(name: string, ...changes: [from: string | RegExp, to: string][]): Promise<string> {
  let text = await readFile(join(SETS, '370102-primary-2026.yaml'), 'utf8');
  for (const [from, to] of changes) {
    expect(text).toMatch(from);
    text = text.replace(from, to);
  }
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** Categories that all want the same: that the child is registered in Lixia. */
const categories = (ids: readonly string[]): [RegExp, string] => {
  const when = "{ type: police.household-registered, version: 1, subject: child, parameters: { region: '370102' } }";
  return [
    /^categories:[\s\S]*/m,
    `categories:\n${ids.map((id) => `  - { id: ${id}, title: { zh-CN: ${id}, en: ${id} }, when: ${when} }\n`).join('')}`,
  ];
};

it('counts who moves, which way and by which rule', async () => {
  const whole = await draft('whole.yaml', ['minimumShare: 50', 'minimumShare: 100']);
  const { families, applicationDate, places, moves } = await compared(LIXIA, whole, '--population', '600');
  expect([families, applicationDate]).toEqual([600, '2026-08-31']);
  expect(places.map(({ place }) => place)).toEqual([OWN_HOME, MIGRANT, 'undetermined', 'not_met']);
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
  for (const { place, before, after } of places) {
    const came = sum(moves.filter(({ to }) => to === place).map((move) => move.families));
    const left = sum(moves.filter(({ from }) => from === place).map((move) => move.families));
    expect(after - before).toBe(came - left);
  }
  for (const side of ['before', 'after'] as const) expect(sum(places.map((place) => place[side]))).toBe(600);

  const lost = moves.filter(({ from, to }) => from === OWN_HOME && to === 'not_met');
  expect(lost).toMatchObject([
    { because: { set: 'after', category: OWN_HOME, type: 'housing.owns-home', changed: { minimumShare: [50, 100] } } },
  ]);
  const back = await compared(whole, LIXIA, '--population', '600');
  const gained = back.moves.filter(({ from, to }) => from === 'not_met' && to === OWN_HOME);
  expect(gained).toMatchObject([
    {
      families: lost[0]?.families,
      because: { set: 'before', category: OWN_HOME, type: 'housing.owns-home', changed: { minimumShare: [100, 50] } },
    },
  ]);
});

it('counts as the population has it', async () => {
  const registered = await draft('registered.yaml', categories(['registered']));
  const { places } = await compared(LIXIA, registered, '--population', '300', '--seed', '5');
  const population = createPopulation({ seed: 5 });
  let [seen, known] = [0, 0];
  for (const { child, entering } of population.familiesOf('370102')) {
    if (entering !== 'primary') continue;
    if (seen++ === 300) break;
    if (population.police(child).page?.region === '370102') known += 1;
  }
  expect(known).toBeGreaterThan(100);
  expect(places.find(({ place }) => place === 'registered')).toMatchObject({ before: 0, after: known });
});

it('tells a category that only one of them has, and another order of them', async () => {
  const both = await draft('both.yaml', categories(['first', 'second']));
  const only = await compared(both, await draft('second.yaml', categories(['second'])), '--population', '100');
  expect(only.moves).toMatchObject([{ from: 'first', to: 'second', because: { set: 'before', category: 'first', only: true } }]);
  const swapped = await draft('swapped.yaml', categories(['second', 'first']));
  expect((await compared(both, swapped, '--population', '100')).moves).toEqual([
    { from: 'first', to: 'second', families: only.moves[0]?.families },
  ]);
  expect((await diff(both, swapped, '--population', '100')).out).toMatch(/^ {2}\d+ +first +second +the order of the categories$/m);
});

it('finds the same with the same seed, other families with another, and nothing between a set and itself', async () => {
  const easier = await draft('easier.yaml', ['atLeast: 12', 'atLeast: 6'], ['continuousMonths: 12', 'continuousMonths: 6']);
  const once = await compared(LIXIA, easier, '--population', '200', '--seed', '7');
  expect(await compared(LIXIA, easier, '--population', '200', '--seed', '7')).toEqual(once);
  expect((await compared(LIXIA, easier, '--population', '200', '--seed', '8')).places).not.toEqual(once.places);
  expect(await compared(LIXIA, LIXIA, '--population', '200')).toMatchObject({ families: 200, differences: [], moves: [] });
});

it('takes facts that a person has seen', async () => {
  const kuiwen = '370705/primary/2022';
  const placeOf = async (...more: string[]) => {
    const { places } = await compared(kuiwen, kuiwen, '--population', '200', ...more);
    return places.find(({ place }) => place === 'undetermined')?.after ?? 0;
  };
  const facts = ['lives-there', 'full-invoice', 'works-in-licence-or-contract'].flatMap((id) => ['--fact', `${id}=true`]);
  expect(await placeOf(...facts)).toBeLessThan(await placeOf());
});

it('draws a plot and shows how far it is', async () => {
  const plot = join(folder, 'plot.svg');
  const lower = await draft('lower.yaml', ['minimumShare: 50', 'minimumShare: 100'], ['Local household with own home', 'A <b> & "c"']);
  const { out, said, shown, exit } = await diff(LIXIA, lower, '--population', '600', '--plot', plot);
  expect([exit, said]).toEqual([0, [`The plot is in ${plot}`]]);
  expect(shown.at(-1)).toMatch(/^█{40} 600\/600 families$/);
  expect(out).toMatch(/^\d+ of 600 families change category \(\d+\.\d %\)$/m);
  const svg = await readFile(plot, 'utf8');
  expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 860 \d+"/);
  expect(svg).toContain('A &lt;b&gt; &amp; &quot;c&quot;');
  const most = Math.max(...[...out.matchAll(/(\d+) +\d+ +[+-]?\d+$/gm)].map(([, count]) => Number(count)));
  expect(svg).toContain(`>${most}</text>`);
});

it('refuses what cannot be compared', async () => {
  const bad = await draft('bad.yaml', ['atLeast: 12', 'atLeast: twelve']);
  await expect(diff(LIXIA, bad)).rejects.toThrow(`${bad}:`);
  await expect(diff(LIXIA, '370102/primary/1999')).rejects.toThrow(`there is ${LIXIA}`);
  await expect(diff(LIXIA, join(folder, 'nothing.yaml'))).rejects.toThrow('There is no file');
  await expect(diff(LIXIA, LIXIA, '--fact', 'lives-there=true')).rejects.toThrow('neither set has such a fact; they have none');
  await expect(diff(LIXIA, LIXIA, '--fact', 'lives-there')).rejects.toThrow('<id>=true or <id>=false');
  await expect(diff(LIXIA, LIXIA, '--population', '0')).rejects.toThrow('from 1 to 1000000');
  await expect(diff(LIXIA, LIXIA, '--seed', 'x')).rejects.toThrow('whole number');
  await expect(diff(LIXIA, LIXIA, '--applied', '2026-02-30')).rejects.toThrow('YYYY-MM-DD');
  await expect(diff('440307/primary/2017', '440307/primary/2021')).rejects.toThrow('No synthetic family of that age lives in 440307');
});
