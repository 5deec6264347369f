import { loadCatalogue } from '@vouch/catalogue';
import { createLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createAdmission } from '../callers/admission.js';
import { createHttpApp } from './app.js';
import type { HttpParts } from './parts.js';

const lines: string[] = [];
const headers = { authorization: 'Bearer t' };

const app = await createHttpApp({
  catalogues: { current: await loadCatalogue() },
  authenticator: {
    // A person with no scope at all: rules are for everyone who is signed in.
    authenticate: async () => ({ kind: 'person', clientId: 'portal', subject: 'p', scopes: new Set(), token: 't' }),
    ready: async () => {},
  },
  admission: createAdmission({ maxInFlight: 100, personRequestsPerSecond: 1_000, failuresPerMinute: 100 }),
  tracer: silentTracer,
  logger: createLogger({
    serviceName: 'lookup',
    logLevel: 'debug',
    prettyLogs: false,
    logDestination: { write: (line) => void lines.push(line) },
  }),
  trustProxy: false,
} as Partial<HttpParts> as HttpParts);
afterAll(() => app.close());
beforeEach(() => {
  lines.length = 0;
});

const get = (path: string, more: Record<string, string> = {}) =>
  app.inject({ url: `/v1/requirement-sets${path}`, headers: { ...headers, ...more } });
const ids = (answer: { json(): { requirementSets: { id: string }[] } }) => answer.json().requirementSets.map(({ id }) => id);

describe('requirement sets', () => {
  it('are listed by region, purpose and year of entry', async () => {
    const all = ids(await get(''));
    expect(all.length).toBeGreaterThan(20);
    const jinan = ids(await get('?region=3701'));
    expect(jinan).toContain('370103/transfer/2022');
    expect(jinan.every((id) => id.startsWith('3701'))).toBe(true);
    const in2026 = ids(await get('?region=370102&entryYear=2026&purpose=school-enrolment'));
    expect(in2026).toEqual(['370102/primary/2026']);
    expect(ids(await get('?purpose=nothing'))).toEqual([]);
  });

  it('refuse what is no filter, and say where', async () => {
    const answer = await get('?region=12345&entryYear=soon&x=1');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/entryYear', '/region', '/x']);
  });

  it('are told whole, in the caller’s language, and not again to who has them', async () => {
    const chinese = await get('/370103/transfer/2022');
    expect(chinese.headers).toMatchObject({ 'content-language': 'zh-CN', vary: 'accept-language' });
    const english = await get('/370103/transfer/2022', { 'accept-language': 'fr, en;q=0.8, zh;q=0.5' });
    expect(english.headers['content-language']).toBe('en');
    expect(english.json()).toMatchObject({ id: '370103/transfer/2022', stage: 'transfer', rules: { region: '370103' } });
    expect(english.json().categories[0].text).not.toBe(chinese.json().categories[0].text);
    const again = await get('/370103/transfer/2022', { 'if-none-match': String(chinese.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('know their versions, and what changed between them', async () => {
    const chain = ['440307/primary/2021', '440307/primary/2017'];
    for (const id of chain) expect(ids(await get(`/${id}/versions`))).toEqual(chain);
    const told = await get('/difference?from=440307/primary/2017&to=440307/primary/2021', { 'accept-language': 'en' });
    expect(told.json().differences.length).toBeGreaterThan(0);
    const same = await get('/difference?from=440307/primary/2017&to=440307/primary/2017');
    expect(same.json().differences).toEqual([]);
    const unknown = await get('/difference?from=440307/primary/1999&to=440307/primary/2017');
    expect(unknown.json().errors).toMatchObject([{ pointer: '/from', code: 'unknown_requirement_set' }]);
  });

  it('are 404 when there are none of the id, and when they are only for others to extend', async () => {
    for (const id of ['370103/transfer/1999', '37/primary/2020']) {
      for (const path of [`/${id}`, `/${id}/versions`]) {
        const answer = await get(path);
        expect([answer.statusCode, answer.json().code]).toEqual([404, 'requirement_set_not_found']);
      }
    }
  });
});

describe('what if', () => {
  const evaluate = (id: string, body: unknown, language = 'en') =>
    app.inject({
      method: 'POST',
      url: `/v1/requirement-sets/${id}/evaluate`,
      headers: { ...headers, 'content-type': 'application/json', 'accept-language': language },
      body: JSON.stringify(body),
    });
  const months = (count: number, more = {}) => ({
    type: 'social-security.insured-months',
    subject: 'guardian',
    disclosures: { months: count, ...more },
  });
  const guardianship = { type: 'police.guardian-of', subject: 'child', outcome: 'confirmed' };
  const permit = { type: 'police.residence-permit', subject: 'guardian', outcome: 'refuted' };
  const home = { type: 'housing.owns-home', subject: 'guardian', outcome: 'refuted' };
  const shizhong = (...claims: object[]) =>
    evaluate('370103/transfer/2022', { applicationDate: '2022-08-31', claims: [guardianship, permit, home, ...claims] });

  it('says by how much a family is short, and from when it is not, in both languages', async () => {
    const short = (await shizhong(months(5, { earliestIfUnchanged: '2022-09-01' }))).json();
    const insured = (lines: { type?: string; parts?: [] }[]): object[] =>
      lines.flatMap((line) => [...(line.type === 'social-security.insured-months' ? [line] : []), ...insured(line.parts ?? [])]);
    expect(insured(short.categories[0].lines)).toMatchObject([{ code: 'short', have: 5, need: 6, shortBy: 1 }]);
    expect(short.categories[0].text).toContain('5 months, 1 month short');
    const chinese = await evaluate('370103/transfer/2022', { claims: [months(5)] }, 'zh-CN');
    expect(chinese.json().categories[0].text).toContain('5 个月，还差 1 个月');
  });

  it('counts stated months against the threshold of each set', async () => {
    expect((await shizhong(months(6))).json()).toMatchObject({ verdict: 'met', reached: 'transfer' });
    expect((await shizhong(months(5))).json().verdict).not.toBe('met');
  });

  it('tells of nothing stated what the set would ask, and what is open', async () => {
    const { verdict, claims, open } = (await evaluate('370103/transfer/2022', {})).json();
    expect(verdict).toBe('undetermined');
    expect(claims.every(({ outcome }: { outcome: string }) => outcome === 'not_asked')).toBe(true);
    expect(open.ask.length).toBeGreaterThan(0);
  });

  it('tells facts that a person must see with their office, and takes them as stated', async () => {
    const before = (await evaluate('370116/primary/2024', { claims: [guardianship] })).json();
    expect(before.open.facts).toContainEqual(expect.objectContaining({ id: 'dwelling-used', office: expect.any(String) }));
    const after = (await evaluate('370116/primary/2024', { claims: [guardianship], facts: { 'dwelling-used': false } })).json();
    expect(after.open.facts).not.toContainEqual(expect.objectContaining({ id: 'dwelling-used' }));
  });

  it('tells every fault by its place', async () => {
    const answer = await evaluate('370103/transfer/2022', {
      facts: { 'no-such-fact': true },
      claims: [
        months(5),
        months(6),
        { type: 'police.nothing', subject: 'child', outcome: 'confirmed' },
        { type: 'police.guardian-of', subject: 'guardian2', outcome: 'confirmed' },
        { type: 'police.guardian-of', subject: 'guardian', outcome: 'confirmed' },
        { ...permit, disclosures: { months: 'many', street: 1 } },
        { type: 'housing.owns-home', subject: 'guardian' },
      ],
    });
    expect(answer.statusCode).toBe(400);
    const told = answer.json().errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);
    expect(told).toEqual([
      '/claims/1 stated_twice',
      '/claims/2/type unknown_claim_type',
      '/claims/3/subject subject_missing',
      '/claims/4 claim_not_asked',
      '/claims/5/disclosures/months type_wrong',
      '/claims/5/disclosures/street unknown_disclosure',
      '/claims/6/outcome required',
      '/facts/no-such-fact unknown_fact',
    ]);
  });

  it.each([
    [{ subjects: { child: { idNumber: '375001201501010013', name: '欧阳测试' } } }, '/subjects unknown_field'],
    [{ claims: Array.from({ length: 201 }, () => guardianship) }, '/claims too_large'],
    [{ people: ['aunt'] }, '/people/0 format_invalid'],
    [{ applicationDate: '2026-02-30' }, '/applicationDate format_invalid'],
  ])('refuses what is too much, or has no place in it', async (body, fault) => {
    const answer = await evaluate('370103/transfer/2022', body);
    expect(answer.statusCode).toBe(400);
    const { pointer, code } = answer.json().errors[0];
    expect(`${pointer} ${code}`).toBe(fault);
    expect(answer.body).not.toContain('欧阳测试');
  });

  it('writes down nothing of what was stated, and no cache keeps it', async () => {
    const answer = await evaluate('370103/transfer/2022', {
      childBirthDate: '2015-02-03',
      addressCode: '370103123456',
      claims: [months(3)],
    });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of ['2015-02-03', '370103123456', 'months']) expect(lines.join('')).not.toContain(secret);
  });
});
