import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CatalogueError, loadCatalogue, restoreCatalogue } from '../src/index.js';

const OWN_DATA = fileURLToPath(new URL('../data', import.meta.url));
const SET = 'requirement-sets/370102-primary-2026.yaml';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vouch-catalogue-'));
  await cp(OWN_DATA, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

/** Changes a file of the copy; the text to replace must be there. */
async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(dir, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(dir, file), text.replace(from, to));
}

/** 1-based line of the first occurrence of a text. */
async function lineOf(file: string, text: string): Promise<number> {
  return (await readFile(join(dir, file), 'utf8')).split(text)[0]?.split('\n').length ?? 0;
}

async function faults(): Promise<readonly string[]> {
  const failure = await loadCatalogue({ dir }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure === undefined) return [];
  expect(failure).toBeInstanceOf(CatalogueError);
  return (failure as CatalogueError).faults;
}

describe('the catalogue that comes with Vouch', () => {
  it('loads, and answers by name', async () => {
    const catalogue = await loadCatalogue();
    expect(catalogue.claimType('housing.owns-home')).toMatchObject({ agency: 'housing', version: 1 });
    expect(catalogue.claimType('housing.owns-home', 1)).toBe(catalogue.claimType('housing.owns-home'));
    expect(catalogue.claimType('housing.owns-home', 2)).toBeUndefined();
    expect(catalogue.claimType('housing.owns-castle')).toBeUndefined();
    expect(catalogue.purpose('school-enrolment')?.retentionDays).toBeGreaterThan(0);
    expect(catalogue.client('jinan-enrolment')?.regions).toEqual(['3701']);
    expect(catalogue.client('constructor')).toBeUndefined();
    const set = catalogue.requirementSet('370102/primary/2026');
    const agencies = set?.alternatives.flatMap(({ allOf }) => allOf.map(({ type }) => catalogue.claimType(type)?.agency));
    expect([...new Set(agencies)].sort()).toEqual(['housing', 'police', 'social-security', 'tax']);
  });

  it('takes addresses from the caller, by provider before agency', async () => {
    const { providers } = await loadCatalogue({ providerAddresses: { police: 'a:1', 'tax-shandong': 'b:2', tax: 'c:3' } });
    const addresses = Object.fromEntries(providers.map(({ id, address }) => [id, address]));
    expect(addresses).toMatchObject({ 'police-shandong': 'a:1', 'tax-shandong': 'b:2', 'housing-shandong': '127.0.0.1:50062' });
    await expect(loadCatalogue({ providerAddresses: { 'housing-mars': 'a:1' } })).rejects.toThrow(/housing-mars/);
  });
});

describe('version', () => {
  it('changes with the content and not with comments, layout or addresses given', async () => {
    const before = await loadCatalogue({ dir });
    await change('purposes.yaml', '- id: school-enrolment', '# a comment\n\n- id: school-enrolment');
    const commented = await loadCatalogue({ dir, providerAddresses: { police: 'elsewhere:1' } });
    expect(commented.version).toBe(before.version);
    await change('purposes.yaml', 'retentionDays: 180', 'retentionDays: 181');
    expect((await loadCatalogue({ dir })).version).not.toBe(before.version);
  });

  it('does not change with the order of fields, and does with the order of a list: it says who is asked first', async () => {
    const text = await readFile(join(dir, 'purposes.yaml'), 'utf8');
    const before = await loadCatalogue({ dir });
    const data = (parse(text) as Record<string, unknown>[]).map((item) => Object.fromEntries(Object.entries(item).reverse()));
    await writeFile(join(dir, 'purposes.yaml'), JSON.stringify(data));
    expect((await loadCatalogue({ dir })).version).toBe(before.version);
    await writeFile(join(dir, 'purposes.yaml'), JSON.stringify(data.reverse()));
    expect((await loadCatalogue({ dir })).version).not.toBe(before.version);
  });

  it('names content of which the same catalogue is made again, with every file that counts and without addresses given', async () => {
    const addressless = (text: string) => text.replaceAll(/^ {2}address: .*\n/gm, '');
    await writeFile(join(dir, 'providers.yaml'), addressless(await readFile(join(dir, 'providers.yaml'), 'utf8')));
    const given = { police: 'a:1', housing: 'b:2', tax: 'c:3', 'social-security': 'd:4' };
    const { version, content, requirementSets, evidence } = await loadCatalogue({ dir, providerAddresses: given });
    const again = restoreCatalogue(JSON.parse(JSON.stringify(content.files)));
    expect(again).toMatchObject({ version, content, evidence });
    expect(again.requirementSets.map(({ rules }) => rules)).toEqual(requirementSets.map(({ rules }) => rules));
    for (const name of ['', 'requirement-sets', 'evidence']) {
      for (const file of (await readdir(join(dir, name))).filter((one) => /\.(yaml|json)$/.test(one))) {
        expect(content.files.map(({ path }) => path)).toContain(name === '' ? file : `${name}/${file}`);
      }
    }
  });
});

describe('faults', () => {
  it('are all told at once, each with file and line', async () => {
    await change('clients.yaml', 'concurrent: 4 }', 'concurrent: none }\n  colour: red');
    await change('purposes.yaml', '  retentionDays: 180\n', '');
    await change(SET, 'subject: guardian\n', 'subject: uncle\n');
    expect(await faults()).toEqual([
      expect.stringContaining(`purposes.yaml:${await lineOf('purposes.yaml', '- id: school-enrolment')}: 0.retentionDays`),
      expect.stringContaining(`clients.yaml:${await lineOf('clients.yaml', 'concurrent: none')}: 3.limits.concurrent`),
      expect.stringContaining(`clients.yaml:${await lineOf('clients.yaml', 'colour: red')}: 3: Unrecognized key`),
      expect.stringMatching(new RegExp(`${SET}:${await lineOf(SET, 'subject: uncle')}: .*must be a subject key`)),
    ]);
  });

  it('name the line of a parameter that its claim type refuses', async () => {
    await change(SET, 'atLeast: 12', 'atLeast: twelve');
    expect(await faults()).toEqual([expect.stringMatching(new RegExp(`^${SET}:${await lineOf(SET, 'atLeast: twelve')}: `))]);
  });

  it('include YAML that cannot be read, double keys and files that are not there', async () => {
    await writeFile(join(dir, 'purposes.yaml'), '- id: a\n  id: b\n');
    await rm(join(dir, 'clients.yaml'));
    const all = (await faults()).join('\n');
    expect(all).toMatch(/purposes\.yaml:2: .*unique/);
    expect(all).toContain('clients.yaml: cannot be read (ENOENT)');
  });
});
