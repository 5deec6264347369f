import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogueError, loadCatalogue } from '../src/index.js';

const OWN_DATA = fileURLToPath(new URL('../data', import.meta.url));
const TYPES = 'claim-types.generated.json';
const LIXIA = 'requirement-sets/370102-primary-2026.yaml';
const HUAIYIN = 'requirement-sets/370104-primary-2024.yaml';
const LAIWU = 'requirement-sets/370116-primary-2024.yaml';
const PROVINCE = 'requirement-sets/37-primary-2020.yaml';
const NOTICE = 'evidence/370102-primary-2026.yaml';

/** One kind of fault: what is written in place of what, where in it the fault stands (a text of `to`), what is told, and what would mend it. */
interface Planted {
  readonly kind: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** `to` unless said. */
  readonly at?: string;
  readonly told: string;
  readonly remedy: string;
}

const planted: readonly Planted[] = [
  // Any file.
  {
    kind: 'no YAML',
    file: 'purposes.yaml',
    from: 'retentionDays: 180',
    to: 'retentionDays: [180',
    at: '',
    told: '',
    remedy: 'mend the YAML',
  },
  {
    kind: 'a key twice',
    file: 'purposes.yaml',
    from: 'retentionDays: 180',
    to: 'retentionDays: 180\n  retentionDays: 90',
    at: 'retentionDays: 90',
    told: 'unique',
    remedy: 'mend the YAML',
  },
  {
    kind: 'an unknown key',
    file: 'clients.yaml',
    from: 'statutoryPurposes: []',
    to: 'statutoryPurposes: []\n  colour: red',
    at: 'colour',
    told: 'Unrecognized key',
    remedy: 'take it out, or correct its name',
  },
  {
    kind: 'a key that is missing',
    file: 'providers.yaml',
    from: '- id: tax-shandong\n  agency: tax\n',
    to: '- id: tax-shandong\n',
    told: '2.agency: Invalid input: expected string, received undefined',
    remedy: 'add it',
  },
  {
    kind: 'a value of another type',
    file: 'purposes.yaml',
    from: 'retentionDays: 180',
    to: 'retentionDays: long',
    told: 'expected number',
    remedy: 'write a value of this type',
  },
  {
    kind: 'a number out of bounds',
    file: 'purposes.yaml',
    from: 'retentionDays: 180',
    to: 'retentionDays: 9999',
    told: 'Too big',
    remedy: 'keep within this bound',
  },
  {
    kind: 'a text in one language only',
    file: 'purposes.yaml',
    from: ', en: Eligibility for a transfer between schools',
    to: '',
    at: '',
    told: 'title.en',
    remedy: 'add it',
  },
  // Purposes, providers, clients.
  {
    kind: 'an id twice',
    file: 'purposes.yaml',
    from: '- id: school-transfer',
    to: '- id: school-enrolment',
    told: 'school-enrolment is defined twice',
    remedy: 'give one of the two another id',
  },
  {
    kind: 'a region that is none',
    file: 'providers.yaml',
    from: "regions: ['37']",
    to: "regions: ['3799']",
    told: 'GB/T 2260',
    remedy: 'write it so',
  },
  {
    kind: 'an address that is none',
    file: 'providers.yaml',
    from: 'address: 127.0.0.1:50061',
    to: 'address: localhost',
    told: 'must be host:port',
    remedy: 'write it so',
  },
  {
    kind: 'no address',
    file: 'providers.yaml',
    from: '  address: 127.0.0.1:50061\n',
    to: '',
    at: '',
    told: 'police-shandong has no address',
    remedy: 'give it by a variable',
  },
  {
    kind: 'a client with an unknown purpose',
    file: 'clients.yaml',
    from: 'school-transfer',
    to: 'school-fees',
    told: 'there is no purpose school-fees',
    remedy: 'name one of purposes.yaml',
  },
  {
    kind: 'a client with an unknown claim type',
    file: 'clients.yaml',
    from: 'police.guardian-of',
    to: 'police.uncle-of',
    told: 'there is no claim type police.uncle-of',
    remedy: 'name one that an adapter defines',
  },
  {
    kind: 'a duty that is no purpose of the client',
    file: 'clients.yaml',
    from: 'statutoryPurposes: []',
    to: 'statutoryPurposes: [enrolment-review]',
    told: 'must also be among its purposes',
    remedy: 'add it there',
  },
  {
    kind: 'a duty without a law',
    file: 'clients.yaml',
    from: 'statutoryPurposes: []',
    to: 'statutoryPurposes: [school-transfer]',
    told: 'has no statutoryBasis',
    remedy: 'give it one in purposes.yaml',
  },
  {
    kind: 'a right twice',
    file: 'clients.yaml',
    from: "regions: ['3701']",
    to: "regions: ['3701', '3701']",
    told: 'must not name anything twice',
    remedy: 'write it so',
  },
  {
    kind: 'an agency that nobody answers for',
    file: 'providers.yaml',
    from: 'agency: tax',
    to: 'agency: housing',
    at: '',
    told: 'no provider answers for tax',
    remedy: 'add one to providers.yaml',
  },
  {
    kind: 'a set that nobody answers for',
    file: 'providers.yaml',
    from: "regions: ['37']",
    to: "regions: ['3702']",
    at: '',
    told: 'no provider covers what is asked',
    remedy: 'or make the set whatIfOnly',
  },
  // Claim types and what people read of them.
  {
    kind: 'a claim type of another agency',
    file: TYPES,
    from: '"name": "housing.handed-over"',
    to: '"name": "tax.handed-over"',
    told: 'must begin with its agency, housing',
    remedy: 'rename it',
  },
  {
    kind: 'a schema that is none',
    file: TYPES,
    from: '"type": "object"',
    to: '"type": "thing"',
    at: '',
    told: 'housing.handed-over: ',
    remedy: 'write a JSON Schema of draft 2020-12',
  },
  {
    kind: 'an unknown kind of disclosure',
    file: TYPES,
    from: '"since": "date"',
    to: '"since": "picture"',
    told: 'expected one of',
    remedy: 'write one of those',
  },
  {
    kind: 'words for no claim type',
    file: 'claim-types.yaml',
    from: 'name: police.residence-permit',
    to: 'name: police.work-permit',
    told: 'there is no claim type police.work-permit',
    remedy: 'take the text out',
  },
  {
    kind: 'words twice',
    file: 'claim-types.yaml',
    from: 'name: police.household-registered',
    to: 'name: police.guardian-of',
    told: 'police.guardian-of is defined twice',
    remedy: 'keep one of the two',
  },
  // Requirement sets.
  {
    kind: 'a set of another region than its id',
    file: LIXIA,
    from: "region: '370102'",
    to: "region: '370103'",
    told: 'must begin with the region',
    remedy: 'correct one of the two',
  },
  {
    kind: 'a set for no purpose',
    file: LIXIA,
    from: 'purpose: school-enrolment',
    to: 'purpose: curiosity',
    told: 'there is no purpose curiosity',
    remedy: 'add it there',
  },
  {
    kind: 'a version that is not there',
    file: LIXIA,
    from: 'version: 1',
    to: 'version: 7',
    at: '',
    told: 'there is no claim type police.guardian-of version 7',
    remedy: 'at its version',
  },
  {
    kind: 'somebody is missing',
    file: LIXIA,
    from: 'with: { guardian: guardian }',
    to: 'with: {}',
    told: 'needs guardian in with',
    remedy: 'say who that is',
  },
  {
    kind: 'somebody too many',
    file: LIXIA,
    from: 'with: { guardian: guardian }',
    to: 'with: { guardian: guardian, witness: guardian }',
    told: 'involves no witness',
    remedy: 'take it out of with',
  },
  {
    kind: 'a parameter that its claim type refuses',
    file: LIXIA,
    from: 'minimumShare: 50',
    to: 'minimumShare: half',
    told: 'parameters/minimumShare',
    remedy: 'write what its schema allows',
  },
  {
    kind: 'a subject that is none',
    file: LIXIA,
    from: 'subject: guardian',
    to: 'subject: uncle',
    told: 'must be a subject key',
    remedy: 'write',
  },
  {
    kind: 'a category twice',
    file: LIXIA,
    from: 'id: migrant-renting',
    to: 'id: local-household-own-home',
    told: 'local-household-own-home is defined twice',
    remedy: 'another id',
  },
  {
    kind: 'a set that nobody can extend',
    file: HUAIYIN,
    from: 'extends: 3701/primary/2020',
    to: 'extends: 3701/primary/2019',
    told: 'there is no set 3701/primary/2019',
    remedy: 'or leave extends out',
  },
  {
    kind: 'an unknown condition',
    file: HUAIYIN,
    from: '- { use: insured-half-year }',
    to: '- { use: insured-whole-year }',
    told: 'there is no condition insured-whole-year',
    remedy: 'add it there',
  },
  {
    kind: 'an unknown fact',
    file: HUAIYIN,
    from: '- { stated: full-invoice }',
    to: '- { stated: half-invoice }',
    told: 'there is no fact half-invoice',
    remedy: 'name one of facts',
  },
  {
    kind: 'an unknown date',
    file: HUAIYIN,
    from: 'filedBefore: { date: cutoff }',
    to: 'filedBefore: { date: cut-off }',
    told: 'there is no date cut-off',
    remedy: 'or write YYYY-MM-DD',
  },
  {
    kind: 'a measure that nobody discloses',
    file: HUAIYIN,
    from: 'disclosure: months',
    to: 'disclosure: since',
    told: 'does not disclose since',
    remedy: 'measure one of its disclosures (',
  },
  {
    kind: 'an exception from nothing',
    file: HUAIYIN,
    from: 'waives: [permit-half-year]',
    to: 'waives: [permit-year]',
    told: 'there is no condition permit-year',
    remedy: 'name the id of one',
  },
  {
    kind: 'a lock on no category',
    file: LAIWU,
    from: 'bars: [home-and-hukou]',
    to: 'bars: [home]',
    told: 'there is no category home',
    remedy: 'name the id of one',
  },
  {
    kind: 'a date worked out from itself',
    file: PROVINCE,
    from: 'applied: { input: applicationDate }',
    to: 'applied: { of: applied }',
    told: 'worked out from itself',
    remedy: 'let one of them begin elsewhere',
  },
  {
    kind: 'a date with two beginnings',
    file: PROVINCE,
    from: 'cutoff-may: {',
    to: 'cutoff-may: { input: applicationDate,',
    told: 'a date begins with one of',
    remedy: 'keep one',
  },
  // Proofs, relations, evidence.
  {
    kind: 'a proof twice',
    file: 'proofs.yaml',
    from: '- id: birth-certificate',
    to: '- id: household-book',
    told: 'household-book is defined twice',
    remedy: 'another id',
  },
  {
    kind: 'a proof issued on none',
    file: 'proofs.yaml',
    from: 'issuedOn: [household-book]',
    to: 'issuedOn: [family-tree]',
    told: 'kinship-letter: there is no proof family-tree',
    remedy: 'name one of proofs.yaml',
  },
  {
    kind: 'a certificate that is none',
    file: 'proofs.yaml',
    from: 'licence: household-book',
    to: 'licence: passport',
    told: 'kinship-letter: there is no proof passport',
    remedy: 'add it there',
  },
  {
    kind: 'a relation of no claim type',
    file: 'claim-relations.yaml',
    from: '- claim: police.guardian-of',
    to: '- claim: police.uncle-of',
    told: 'there is no claim type police.uncle-of',
    remedy: 'name one that an adapter defines',
  },
  {
    kind: 'a relation by no parameter',
    file: 'claim-relations.yaml',
    from: 'stronger: { region: inside, since',
    to: 'stronger: { place: inside, since',
    told: 'has no parameter place',
    remedy: 'one of its schema',
  },
  {
    kind: 'a relation to no claim type',
    file: 'claim-relations.yaml',
    from: 'excludes: [housing.owns-home]',
    to: 'excludes: [housing.owns-hut]',
    told: 'there is no claim type housing.owns-hut',
    remedy: 'name one that an adapter defines',
  },
  {
    kind: 'evidence of no set',
    file: NOTICE,
    from: 'set: 370102/primary/2026',
    to: 'set: 370102/primary/1999',
    told: 'there is no requirement set 370102/primary/1999',
    remedy: 'name one of requirement-sets/',
  },
  {
    kind: 'evidence by no proof',
    file: NOTICE,
    from: 'proof: title-deed',
    to: 'proof: castle-deed',
    told: 'there is no proof castle-deed',
    remedy: 'name one of proofs.yaml',
  },
  {
    kind: 'evidence without a grade',
    file: NOTICE,
    from: 'grade: third-party',
    to: 'grade: gossip',
    told: 'expected one of',
    remedy: 'write one of those',
  },
];

describe('a bad catalogue is refused with file, line and remedy', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vouch-planted-'));
    await cp(OWN_DATA, dir, { recursive: true });
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('in more than thirty kinds, over every kind of file', () => {
    expect(new Set(planted.map(({ kind }) => kind)).size).toBe(planted.length);
    expect(planted.length).toBeGreaterThanOrEqual(30);
    expect(new Set(planted.map(({ file }) => file.replace(/\/.*/, ''))).size).toBe(9);
  });

  it.each(planted)('$kind', async ({ file, from, to, at = to, told, remedy }) => {
    const good = await readFile(join(dir, file), 'utf8');
    const place = good.indexOf(from);
    expect(place, `${file} has no ${from}`).toBeGreaterThanOrEqual(0);
    await writeFile(
      join(dir, file),
      good.replace(from, () => to),
    );
    const failure = await loadCatalogue({ dir })
      .catch((error: unknown) => error)
      .finally(() => writeFile(join(dir, file), good));
    expect(failure).toBeInstanceOf(CatalogueError);
    const { faults, message } = failure as CatalogueError;
    const fault = faults.find((one) => one.includes(told) && one.includes(remedy));
    expect(fault, faults.join('\n')).toBeDefined();
    expect(fault).toMatch(/^[a-z0-9/-]+\.(yaml|generated\.json):\d+: /);
    expect(message).toContain(fault);
    // What nobody answers for stands where it is asked for.
    if (!fault?.startsWith(`${file}:`)) return expect(told).toMatch(/^no provider/);
    const line = good.slice(0, place).split('\n').length + (at === '' ? 0 : to.slice(0, to.indexOf(at)).split('\n').length - 1);
    // Where nothing was left to point at, the nearest thing around it.
    const said = Number(/:(\d+): /.exec(fault ?? '')?.[1]);
    if (at === '') expect(Math.abs(said - line), fault).toBeLessThanOrEqual(3);
    else expect(said, fault).toBe(line);
  });
});
