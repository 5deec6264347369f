import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CatalogueError, loadCatalogue } from '../src/index.js';

const OWN_DATA = fileURLToPath(new URL('../data', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../requirement-set.schema.json', import.meta.url));
const SETS = 'requirement-sets';
const HUAIYIN = `${SETS}/370104-primary-2024.yaml`;
const LAIWU = `${SETS}/370116-primary-2024.yaml`;
const PROVINCE = `${SETS}/37-primary-2020.yaml`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vouch-sets-'));
  await cp(OWN_DATA, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

/** Faults after a text of a file was replaced by another, and the line where the other stands. */
async function faultsAfter(file: string, from: string, to: string): Promise<{ faults: readonly string[]; line: number }> {
  const text = await readFile(join(dir, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(dir, file), text.replace(from, to));
  const line = text.split(from)[0]?.split('\n').length ?? 0;
  const failure = await loadCatalogue({ dir }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CatalogueError);
  return { faults: (failure as CatalogueError).faults, line };
}

describe('the sets that come with Vouch', () => {
  it('say where each was read, of what grade, in both languages', async () => {
    const { requirementSets } = await loadCatalogue();
    expect(requirementSets.length).toBeGreaterThanOrEqual(20);
    expect(requirementSets.filter(({ region }) => region.startsWith('37')).length).toBeGreaterThanOrEqual(15);
    for (const { id, rules } of requirementSets) {
      const own = (rules.sources ?? []).filter(({ id: source }) => !['groups-2024', 'proofs-2022'].includes(source));
      expect(own, id).not.toEqual([]);
    }
  });

  it('inherit from city and province', async () => {
    const rules = (await loadCatalogue()).requirementSet('370116/primary/2024')?.rules;
    expect(rules?.regions).toMatchObject({ county: ['370116'], urban: expect.arrayContaining(['370102']) });
    expect(rules?.facts?.map(({ id }) => id)).toEqual(expect.arrayContaining(['lives-there', 'dwelling-used']));
    expect((await loadCatalogue()).requirementSet('37/primary/2020')).toBeUndefined();
  });

  it('are accepted by the published JSON Schema, which refuses what is none', async () => {
    const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));
    const accepts = ajv.compile(JSON.parse(await readFile(SCHEMA, 'utf8')));
    for (const file of await readdir(join(OWN_DATA, SETS))) {
      const set = parse(await readFile(join(OWN_DATA, SETS, file), 'utf8'));
      expect(accepts(set), `${file}: ${JSON.stringify(accepts.errors)}`).toBe(true);
      expect(accepts({ ...set, colour: 'red' })).toBe(false);
      expect(accepts({ ...set, requires: [{ allOf: [] }] })).toBe(false);
      expect(accepts({ ...set, requires: [{ stated: 'x', use: 'y' }] })).toBe(false);
    }
  });
});

describe('claim types', () => {
  it('are each spoken of in both languages', async () => {
    const { claimTypes, words } = await loadCatalogue();
    const unspoken = claimTypes.filter(({ name }) => words({ type: name }).title['zh-CN'] === name).map(({ name }) => name);
    expect(unspoken, 'say in libs/catalogue/data/claim-types.yaml what people read of them').toEqual([]);
  });
});

describe('a faulty set is refused, by file and line', () => {
  it.each([
    [HUAIYIN, 'extends: 3701/primary/2020', 'extends: 3701/primary/2019', 'there is no set 3701/primary/2019'],
    [HUAIYIN, '- { use: insured-half-year }', '- { use: insured-whole-year }', 'there is no condition insured-whole-year'],
    [HUAIYIN, '- { stated: full-invoice }', '- { stated: half-invoice }', 'there is no fact half-invoice'],
    [HUAIYIN, 'filedBefore: { date: cutoff }', 'filedBefore: { date: cut-off }', 'there is no date cut-off'],
    [HUAIYIN, 'region: { regions: county }, filedBefore', 'region: { regions: country }, filedBefore', 'there are no regions country'],
    [
      HUAIYIN,
      'source: points-2024\n    when:\n      ladder',
      'source: points-2023\n    when:\n      ladder',
      'there is no source points-2023',
    ],
    [HUAIYIN, 'disclosure: months', 'disclosure: since', 'police.residence-permit does not disclose since'],
    [HUAIYIN, 'perMonth: 1\n', 'perMonth: -1\n', 'Too small'],
    [HUAIYIN, 'over: sum', 'over: mean', 'expected one of'],
    [HUAIYIN, 'waives: [permit-half-year]', 'waives: [permit-year]', 'there is no condition permit-year'],
    [HUAIYIN, 'id: renting', 'id: own-home', 'own-home is defined twice'],
    [HUAIYIN, 'subject: anyGuardian', 'subject: them', 'them means nobody'],
    [HUAIYIN, 'subject: anyGuardian', 'subject: anyUncle', 'must be a subject key'],
    [HUAIYIN, 'continuousMonths: 6', 'continuousMonth: 6', 'parameters/continuousMonth'],
    [HUAIYIN, 'continuousMonths: 6', 'continuousMonths: 0', 'parameters/continuousMonths'],
    [HUAIYIN, 'ladder:', 'ladders:', 'Unrecognized key'],
    [HUAIYIN, "date: '2024'", "date: 'last year'", 'must be YYYY'],
    [HUAIYIN, 'grade: reprint', 'grade: hearsay', 'expected one of'],
    [HUAIYIN, 'whenFull: ranked', 'whenFull: whoever', 'expected one of'],
    [LAIWU, 'bars: [home-and-hukou]', 'bars: [home]', 'there is no category home'],
    [LAIWU, 'years: 5', 'years: 50', 'Too big'],
    [LAIWU, '{ stated: lives-there }', '{ stated: lives-there, use: home-of-guardian }', 'Unrecognized key'],
    [LAIWU, "county: ['370116']", "county: ['379999']", 'GB/T 2260'],
    [PROVINCE, "monthDay: '08-31'", "monthDay: '31 August'", 'must be MM-DD'],
    [PROVINCE, 'applied: { input: applicationDate }', 'applied: { of: applied }', 'worked out from itself'],
    [PROVINCE, 'cutoff-may: {', 'cutoff-may: { input: applicationDate,', 'a date begins with one of'],
  ])('%s: %s -> %s', async (file, from, to, expected) => {
    const { faults, line } = await faultsAfter(file, from, to);
    const told = faults.find((fault) => fault.includes(expected));
    expect(told, faults.join('\n')).toBeDefined();
    const at = Number(/^[^:]+:(\d+): /.exec(told ?? '')?.[1]);
    expect(told?.startsWith(`${file}:`)).toBe(true);
    expect(at).toBe(line);
  });

  it('tells once what many inherit', async () => {
    const { faults } = await faultsAfter(PROVINCE, 'type: police.guardian-of', 'type: police.uncle-of');
    expect(faults).toHaveLength(1);
  });

  it('a set that goes round in circles', async () => {
    const { faults } = await faultsAfter(PROVINCE, 'abstract: true', 'abstract: true\nextends: 370104/primary/2024');
    expect(faults.join('\n')).toContain('not of a region around');
  });
});
