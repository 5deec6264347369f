import { createHash } from 'node:crypto';
import { loadCatalogue } from '@vouch/catalogue';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, describe, expect, it } from 'vitest';
import { createAdmission } from '../callers/admission.js';
import { createHttpApp } from './app.js';
import { evidenceListsSchema } from './evidence-list-schemas.js';
import type { HttpParts } from './parts.js';

const catalogue = await loadCatalogue();
const app = await createHttpApp({
  catalogues: { current: catalogue },
  admission: createAdmission({ maxInFlight: 100, personRequestsPerSecond: 100, failuresPerMinute: 100 }),
  tracer: silentTracer,
  logger: silentLogger,
  trustProxy: false,
} as Partial<HttpParts> as HttpParts);
const url = await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => app.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}/evidence-lists/${path}`, { headers });
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('the evidence lists of a region', () => {
  it('are JSON as described, in both languages, for whoever asks without signing in', async () => {
    const answer = await get('370202');
    expect(answer.status).toBe(200);
    const lists = evidenceListsSchema.parse(await answer.json());
    expect(lists.region).toBe('370202');
    expect(lists.lists.map(({ set }) => set)).toEqual(['370202/primary/2024', '370202/primary/2022']);
    const list = lists.lists.at(-1);
    expect(list?.counts.before).toBeGreaterThan(list?.counts.now ?? Number.POSITIVE_INFINITY);
    expect(list?.before?.papers.filter(({ fate }) => fate === 'data').length).toBeGreaterThan(3);
    expect(list?.categories.flatMap(({ needs }) => needs).flatMap(({ suppliers }) => suppliers.map(({ by }) => by))).toContain('family');
  });

  it('are there for every region that has a requirement set, and every list is whole', async () => {
    for (const region of new Set(catalogue.requirementSets.map((set) => set.region))) {
      const { lists } = evidenceListsSchema.parse(await (await get(region)).json());
      expect(lists.map(({ set }) => set).sort()).toEqual(
        catalogue.requirementSets
          .filter((set) => set.region === region)
          .map(({ id }) => id)
          .sort(),
      );
      for (const { categories } of lists) {
        expect(categories.length).toBeGreaterThan(0);
        for (const need of categories.flatMap(({ needs }) => needs)) expect(need.text.en.length).toBeGreaterThan(2);
      }
    }
  });

  it('are a page for a browser, in the language that it asks for', async () => {
    const page = await get('370202', { accept: BROWSER, 'accept-language': 'en-GB,en;q=0.9,zh;q=0.8' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-language')).toBe('en');
    const text = await page.text();
    expect(text).toContain('<html lang="en">');
    // Words of families: no codes, no day broken over two lines, no brackets around a whole item.
    expect(text).toContain('scheme employee pension');
    expect(text).toContain('counted to <time>2022-05-31</time>');
    expect(text).not.toMatch(/<li>[(（]/);
    const chinese = await get('370202?lang=zh-CN', { accept: BROWSER, 'accept-language': 'en' });
    expect(await chinese.text()).toContain('<html lang="zh-CN">');
    expect((await get('370202', { accept: BROWSER, 'accept-language': 'fr' })).headers.get('content-language')).toBe('zh-CN');
    expect((await get('370202', { accept: BROWSER })).headers.get('vary')).toBe('accept, accept-language');
  });

  it('let a page use its own style and nothing else', async () => {
    const page = await get('370202', { accept: BROWSER });
    const style = /<style>([\s\S]*)<\/style>/.exec(await page.text())?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).not.toContain('unsafe');
  });

  it('are Markdown for whoever accepts that', async () => {
    const answer = await get('370202?lang=en', { accept: 'text/markdown' });
    expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await answer.text()).toMatch(/^# What is needed at enrolment\n/);
  });

  it('are unchanged as long as the catalogue is, by type and language', async () => {
    const first = await get('370202', { accept: BROWSER });
    const etag = first.headers.get('etag') ?? '';
    expect((await get('370202', { accept: BROWSER, 'if-none-match': etag })).status).toBe(304);
    expect((await get('370202?lang=en', { accept: BROWSER, 'if-none-match': etag })).status).toBe(200);
    expect((await get('370202', { 'if-none-match': etag })).status).toBe(200);
  });

  it.each([
    ['990101', {}, 404, 'evidence_list_not_found'],
    ['3702%2F', {}, 404, 'evidence_list_not_found'],
    ['370202?lang=fr', {}, 400, 'request_invalid'],
    ['370202?language=en', {}, 400, 'request_invalid'],
    ['370202', { accept: 'image/png' }, 406, 'not_acceptable'],
  ])('of %s with %j: %i %s', async (path, headers: Record<string, string>, status, code) => {
    const answer = await get(path, headers);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });
});
