import { loadCatalogue } from '@vouch/catalogue';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finding, type ScriptedProvider, startProvider } from './agencies.js';
import { type CatalogueCopy, copyCatalogue } from './catalogue-copy.js';
import { eventually, type LookupUnderTest, lookupBody, PLATFORM, startLookupUnderTest } from './lookup-under-test.js';

let copy: CatalogueCopy;
let lookup: LookupUnderTest;
/** Housing's other endpoint, which a later catalogue names for one county. */
let county: ScriptedProvider;

beforeAll(async () => {
  copy = await copyCatalogue();
  county = await startProvider('housing', await loadCatalogue());
  lookup = await startLookupUnderTest();
  // Where the agencies are is said by the catalogue alone here, so that it can say something else later.
  for (const [agency, { address }] of Object.entries(lookup.providers)) {
    const written = await copy.read('providers.yaml');
    await copy.write('providers.yaml', written.replace(new RegExp(`(agency: ${agency}\\n.*\\n {2}address: ).*`), `$1${address}`));
  }
  await lookup.restart({ catalogueDir: copy.dir, providerAddresses: {}, lookAtCatalogueEveryMs: 20 });
});
afterAll(async () => {
  await lookup?.[Symbol.asyncDispose]();
  await county?.[Symbol.asyncDispose]();
  await copy?.[Symbol.asyncDispose]();
});

const make = (overrides: Record<string, unknown> = {}) => lookup.call('/v1/verifications', { method: 'POST', body: lookupBody(overrides) });
const health = async () => (await lookup.call('/health/ready', { token: null })).body;
const version = async (): Promise<string> => (await health()).catalogue.version;
const another = (than: string) => eventually(async () => (await version()) !== than && version());

it('limits, rights, sets and lists follow the folder while it runs, and everything names the version', async () => {
  const before = await version();
  const sets = await lookup.call('/v1/requirement-sets');
  expect(sets.body.catalogueVersion).toBe(before);
  const list = await lookup.call('/evidence-lists/370102', { token: null });
  expect((await make({ purpose: 'school-transfer' })).status).toBe(200);

  await copy.change('clients.yaml', 'purposes: [school-enrolment, school-transfer]', 'purposes: [school-enrolment]');
  await copy.change(
    'clients.yaml',
    'limits: { requestsPerSecond: 2000, concurrent: 1000 }',
    'limits: { requestsPerSecond: 700, concurrent: 9 }',
  );
  await copy.change('requirement-sets/370102-primary-2026.yaml', 'minimumShare: 50', 'minimumShare: 60');
  // All three at once: a look between two of them would take the first alone, which is a good catalogue, too.
  await lookup.running.reload();
  const after = await version();
  expect(after).not.toBe(before);
  expect(after).toMatch(/^[0-9a-f]{32}$/);

  expect((await make({ purpose: 'school-transfer' })).body.code).toBe('purpose_not_allowed');
  const found = await lookup.call('/v1/requirement-sets/370102/primary/2026', {
    headers: { 'if-none-match': sets.headers.get('etag') ?? '' },
  });
  expect([found.status, found.body.catalogueVersion]).toEqual([200, after]);
  expect(JSON.stringify(found.body.rules)).toContain('"minimumShare":60');
  expect(found.headers.get('ratelimit-policy')).toContain('700');
  expect((await lookup.call('/v1/catalogue')).body.version).toBe(after);
  const difference = (from: string) =>
    lookup.call(`/v1/requirement-sets/difference?from=370102/primary/2026&to=370102/primary/2026&fromCatalogue=${from}`, {
      headers: { 'accept-language': 'en' },
    });
  expect((await difference(before)).body).toMatchObject({ catalogueVersion: after, fromCatalogue: before });
  expect(JSON.stringify((await difference(before)).body.differences)).toContain('60');
  expect((await difference(after)).body.differences).toEqual([]);
  expect((await difference('0'.repeat(32))).body.errors).toMatchObject([{ code: 'unknown_catalogue_version' }]);
  const listed = await lookup.call('/evidence-lists/370102', { token: null, headers: { 'if-none-match': list.headers.get('etag') ?? '' } });
  expect(listed.status).toBe(200);
});

it('a faulty one is refused and told, the service goes on as it was and is ready, and the next good one takes effect', async () => {
  const before = await version();
  const good = await copy.read('requirement-sets/370102-primary-2026.yaml');
  // As a writer that died half-way leaves it.
  await copy.write('requirement-sets/370102-primary-2026.yaml', good.slice(0, good.length / 2));
  const { refused } = (await eventually(async () => (await health()).catalogue.refused && health())).catalogue;
  expect(refused).toMatchObject({ reason: 'faulty', faults: expect.any(Number), since: expect.stringMatching(/^\d{4}-/) });
  expect(refused.faults).toBeGreaterThan(0);
  expect(await health()).toMatchObject({ status: 'ready', catalogue: { version: before } });
  expect((await make()).status).toBe(200);

  await copy.write('requirement-sets/370102-primary-2026.yaml', good.replace('minimumShare: 60', 'minimumShare: 61'));
  await another(before);
  expect((await health()).catalogue).not.toHaveProperty('refused');
});

it('what is put back as it was before is no change, and no longer refused', async () => {
  const before = await version();
  const good = await copy.read('purposes.yaml');
  await copy.write('purposes.yaml', `${good}\n- id: half`);
  await eventually(async () => (await health()).catalogue.refused);
  await copy.write('purposes.yaml', good);
  await eventually(async () => !(await health()).catalogue.refused);
  expect(await version()).toBe(before);
});

it('a lookup under way ends as it began, and the next goes where the newer catalogue says', async () => {
  const before = await version();
  let answer: (() => void) | undefined;
  lookup.providers.housing.answer('housing.owns-home', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { $case: 'finding', value: { outcome: Outcome.CONFIRMED, asOf: '2026-08-30', disclosures: {} } };
  });
  county.answer('housing.owns-home', finding(Outcome.REFUTED));
  const underWay = make({ timeBudgetMs: 10_000 });
  await eventually(() => answer);

  const written = await copy.read('providers.yaml');
  const more = `- id: housing-lixia\n  agency: housing\n  regions: ['370102']\n  address: ${county.address}\n`;
  await copy.write('providers.yaml', `${written}\n${more}`);
  // And the platform loses the right to ask at all.
  await copy.change('clients.yaml', "regions: ['3701']", "regions: ['370102']");
  await lookup.running.reload();
  expect(await version()).not.toBe(before);
  const later = await eventually(async () => {
    const made = await make();
    return made.body.status === 'complete' && made;
  });
  expect(later.body.claims[1]).toMatchObject({ type: 'housing.owns-home', outcome: 'refuted' });

  answer?.();
  const { status, body } = await underWay;
  expect([status, body.claims[1].outcome]).toEqual([200, 'confirmed']);
  lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
});

it('an answer is explained by the version that decided it, also after that is in effect nowhere and in a new process', async () => {
  const set = { claims: undefined, requirementSet: '370102/primary/2026' };
  const read = (id: string) => lookup.call(`/v1/verifications/${id}`, { headers: { 'accept-language': 'en' } });
  const first = await read((await make(set)).body.id);
  expect(first.body).toMatchObject({ catalogueVersion: await version(), explanation: { verdict: 'met' } });
  const title = first.body.explanation.categories[0].title;
  await copy.change('requirement-sets/370102-primary-2026.yaml', `en: ${title} }`, 'en: Renamed }');
  await lookup.running.reload();
  const second = await read((await make(set)).body.id);
  expect(second.body.explanation.categories[0].title).toBe('Renamed');
  expect(second.body.catalogueVersion).not.toBe(first.body.catalogueVersion);
  expect((await read(first.body.id)).body).toEqual(first.body);
  await lookup.restart({ catalogueDir: copy.dir, providerAddresses: {}, lookAtCatalogueEveryMs: 20 });
  expect((await read(first.body.id)).body).toEqual(first.body);
});

it('a platform that the newer catalogue does not know any more is turned away', async () => {
  const before = await version();
  await copy.change('clients.yaml', `- id: ${PLATFORM}`, '- id: somebody-else');
  await another(before);
  expect((await make()).body.code).toBe('client_unknown');
});
