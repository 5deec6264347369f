import type { Evidence, Proof } from '@vouch/catalogue';
import type { RequirementSet } from '@vouch/rules';
import { describe, expect, it } from 'vitest';
import { createEvidenceLists, type ListParts, type RegionLists, toMarkdown, toPage } from '../src/index.js';

const say = (chinese: string, english: string) => ({ 'zh-CN': chinese, en: english });
const LAW = say('《义务教育法》第十二条', 'Compulsory Education Law, article 12');

const set: RequirementSet = {
  id: '370102/primary/2026',
  title: say('历下区小学', 'Lixia, primary'),
  region: '370102',
  purpose: 'school-enrolment',
  legalBasis: say('总依据', 'the set’s basis'),
  dates: { cutoff: { monthDay: '08-31' } },
  sources: [{ id: 'notice', title: '通知', publisher: '教育局', date: '2026', grade: 'reprint' }],
  facts: [
    { id: 'lives-there', title: say('实际居住', 'lives there'), office: say('学校', 'the school') },
    { id: 'invoice', title: say('发票', 'invoice'), office: say('税务局', 'the tax office') },
  ],
  conditions: {
    home: {
      title: say('住房', 'a home'),
      anyOf: [
        { type: 'housing.owns-home', version: 1, subject: 'guardian', parameters: { region: '370102', minimumShare: { moreThan: 50 } } },
        { stated: 'invoice' },
      ],
    },
  },
  requires: [{ type: 'police.guardian-of', version: 1, subject: 'child', with: { guardian: 'guardian' } }],
  categories: [
    {
      id: 'home',
      title: say('有房', 'Own <home>'),
      when: { allOf: [{ use: 'home' }, { stated: 'lives-there', legalBasis: LAW }] },
    },
    {
      id: 'permit',
      title: say('居住证', 'Permit'),
      legalBasis: say('条例', 'the regulations'),
      when: {
        type: 'police.residence-permit',
        version: 1,
        subject: 'anyGuardian',
        parameters: {
          validAt: { date: 'cutoff' },
          heldAt: { date: { input: 'applicationDate' } },
          heldSince: { date: { input: 'childBirthDate' } },
        },
      },
    },
  ],
};

const proof = (id: string, proves: readonly string[], more: Partial<Proof> = {}): Proof => ({
  id,
  title: say(`材料-${id}`, `the ${id}`),
  issuer: say('单位', 'an office'),
  proves,
  ...more,
});
const evidence: Evidence = {
  relations: [],
  proofs: [
    proof('book', ['police.guardian-of']),
    proof('deed', ['housing.owns-home', 'something-else']),
    proof('invoice', ['invoice'], { legalBasis: LAW }),
    proof('letter', ['nothing-asked']),
    proof('birth', ['police.guardian-of']),
  ],
  notices: [
    {
      set: set.id,
      before: {
        sources: [{ title: '旧清单', publisher: '晚报', date: '2018', grade: 'reprint' }],
        proofs: [{ proof: 'book' }, { proof: 'deed' }, { proof: 'invoice' }, { proof: 'letter' }, { proof: 'birth' }],
      },
      now: [
        { proof: 'invoice', fact: 'invoice' },
        { proof: 'birth', fallback: true, due: 'after-entry' },
      ],
    },
  ],
};

const parts: ListParts = {
  sets: [set],
  evidence,
  words: ({ type }) => ({ title: say(`事项 ${type}`, `about ${type}`), office: say(`${type} 窗口`, `the office of ${type}`) }),
  basisOf: (type) => (type === 'police.guardian-of' ? say('监护依据', 'basis of guardianship') : undefined),
};
const lists = (changed: Partial<ListParts> = {}, region = '370102') =>
  createEvidenceLists({ ...parts, ...changed }).of(region) as RegionLists;
const list = (changed: Partial<ListParts> = {}) => {
  const [only] = lists(changed).lists;
  if (!only) throw new Error('There is no list');
  return only;
};

describe('what is needed', () => {
  it('is told by category, with why and by whom', () => {
    const [home, permit] = list().categories;
    expect(home?.needs.map(({ text, why, suppliers }) => [text.en, why?.en, suppliers.map(({ by }) => by)])).toEqual([
      ['the child: about police.guardian-of', 'basis of guardianship', ['data']],
      ['a home', 'the set’s basis', ['data', 'family']],
      ['lives there', LAW.en, ['person']],
    ]);
    expect(home?.needs[1]?.oneOf.map(({ text }) => text['zh-CN'])).toEqual([
      '监护人：事项 housing.owns-home（region 本区（县、市），minimumShare > 50）',
      '发票',
    ]);
    expect(permit?.needs[1]?.why?.en).toBe('the regulations');
  });

  it('has its days worked out where they are the same for every family', () => {
    const permit = list().categories[1]?.needs[1]?.text;
    expect(permit?.en).toContain("(validAt 2026-08-31, heldAt the day of application, heldSince counted from the child's birth)");
    expect(permit?.['zh-CN']).toContain('heldAt 申请之日');
  });

  it('names the paper that a family brings, and who looks where it brings none', () => {
    const suppliers = list().categories[0]?.needs.flatMap((need) => need.suppliers);
    expect(suppliers).toContainEqual({ by: 'family', paper: say('材料-invoice', 'the invoice'), issuer: say('单位', 'an office') });
    expect(suppliers).toContainEqual({ by: 'person', office: say('学校', 'the school') });
  });
});

describe('papers', () => {
  it('are counted before and after', () => {
    expect(list().counts).toEqual({ before: 5, now: 1, data: 3, looked: 1 });
    const unknown = { ...evidence, notices: [] };
    expect(list({ evidence: unknown }).counts).toEqual({ before: undefined, now: 0, data: 3, looked: 2 });
  });

  it('of before are told with what became of them', () => {
    expect(list().before?.papers.map(({ title, fate, suppliedBy }) => [title.en, fate, suppliedBy.map(({ en }) => en)])).toEqual([
      ['the book', 'data', ['about police.guardian-of']],
      ['the deed', 'data', ['about housing.owns-home']],
      ['the invoice', 'asked', []],
      ['the letter', 'dropped', []],
      ['the birth', 'fallback', ['about police.guardian-of']],
    ]);
  });
});

describe('a region', () => {
  const city: RequirementSet = { ...set, id: '3701/primary/2026', region: '3701', title: say('济南', 'Jinan') };
  const earlier: RequirementSet = { ...set, id: '370102/primary/2025', title: say('去年', 'last year') };

  it('has the lists of its own sets, the newest first', () => {
    const { region, lists: found } = lists({ sets: [earlier, city, set] });
    expect(region).toBe('370102');
    expect(found.map(({ set: id }) => id)).toEqual(['370102/primary/2026', '370102/primary/2025']);
  });

  it('without sets of its own has those of the nearest region around it', () => {
    const made = createEvidenceLists({ ...parts, sets: [city, set] });
    expect(made.of('370103')?.lists.map(({ set: id }) => id)).toEqual(['3701/primary/2026']);
    expect(made.of('370102001')?.lists.map(({ set: id }) => id)).toEqual(['370102/primary/2026']);
    expect(made.of('370201')).toBeUndefined();
    expect(made.of('37')).toBeUndefined();
    expect(made.regions).toEqual(['3701', '370102']);
  });
});

describe('a page', () => {
  const page = toPage(lists(), 'en');

  it('is whole without scripts, names its language and leads to the other', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|javascript:| on\w+=|<link|src=/);
    expect(page).toContain('<a href="?lang=zh-CN" hreflang="zh-CN" lang="zh-CN">中文</a>');
    expect(toPage(lists(), 'zh-CN')).toContain('<h1>入学材料清单</h1>');
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page).toContain('@media print');
  });

  it('lets no text of the catalogue become markup', () => {
    expect(page).toContain('<h3>Own &lt;home&gt;</h3>');
    expect(page).not.toContain('<home>');
  });

  it('has every tag closed', () => {
    const open: string[] = [];
    for (const [, end, name] of page.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (['meta', 'br'].includes(name as string)) continue;
      if (end) expect(open.pop()).toBe(name);
      else open.push(name as string);
    }
    expect(open).toEqual([]);
  });

  it('says how many papers there were and are', () => {
    expect(page.match(/<dt>[^<]*<\/dt><dd>[^<]*<\/dd>/g)).toEqual([
      '<dt>Papers before</dt><dd>5</dd>',
      '<dt>Papers now</dt><dd>1</dd>',
      '<dt>Answered by data</dt><dd>3</dd>',
      '<dt>Looked at by a person</dt><dd>1</dd>',
    ]);
  });
});

describe('Markdown', () => {
  const text = toMarkdown(lists(), 'en');

  it('has the counts, and a row for each need and each paper of before', () => {
    expect(text).toContain('| 5 | 1 | 3 | 1 |');
    expect(text).toContain('| a home | the set’s basis | data (the office of housing.owns-home); you: the invoice (an office) |');
    expect(text).toContain('| the letter | asked of nobody any more |');
    expect(text).toContain('- the birth (not stated; only when the data says nothing of you; may follow after term starts)');
  });

  it('has as many cells in each row of a table as its head', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect([3, 4, 5]).toContain(row.split(/(?<!\\)\|/).length - 1);
  });

  it('is told in Chinese, too', () =>
    expect(toMarkdown(lists(), 'zh-CN')).toContain('| 以前要交 | 现在要交 | 由数据核验的事项 | 由人核实的事项 |'));
});
