import { describe, expect, it } from 'vitest';
import { aSet, CATEGORIES, head, here, linesOf, lintOf, others, RELATIONS, SET } from './planted.js';

it('finds nothing in a clean catalogue', () => expect(lintOf()).toEqual([]));

const category = (when: string): string => `
categories:
  - id: planted
    title: { zh-CN: 其他, en: Planted }
    when:
${when}
`;
const owns = (share: string, subject = 'guardian2'): string =>
  `{ type: housing.owns-home, version: 1, subject: ${subject}, parameters: { region: '370102'${share && `, minimumShare: ${share}`} } }`;
const registered = (region: string, more = ''): string =>
  `{ type: police.registered, version: 1, subject: child, parameters: { region: '${region}'${more} } }`;
const noHome = (region: string): string =>
  `{ type: housing.no-home-in, version: 1, subject: guardian2, parameters: { region: ${region} } }`;

/** What is planted, by code: the body of the set, with `# here` where the finding is. */
const PLANTED: readonly (readonly [what: string, code: string, body: string])[] = [
  [
    'a home of 51 % and a home, in one all-of',
    'claim-implied',
    category(`
      allOf:
        - ${owns('')} # here
        - ${owns('51')}
        - ${registered('370102', ", since: '2026-01-01'")}`),
  ],
  [
    'a share of more than 50 and one of at least 51, which are the same in whole numbers',
    'claim-repeated',
    category(`
      allOf:
        - ${owns('{ moreThan: 50 }')}
        - ${owns('{ atLeast: 51 }')} # here
        - ${registered('370102')}`),
  ],
  [
    'what is required of all, again',
    'claim-repeated',
    category(`
      allOf:
        - { type: police.guardian-of, version: 1, subject: child, with: { guardian: guardian }, parameters: {} } # here
        - ${owns('51')}`),
  ],
  [
    'either of two counties, beside one of them',
    'claim-implied',
    category(`
      allOf:
        - ${registered('370103')}
        - ${owns('51')}
        - anyOf: [${registered('370103')}, ${registered('370104')}] # here`),
  ],
  [
    'a home of 51 %, beside any home',
    'alternative-pointless',
    category(`
      anyOf:
        - ${owns('51')} # here
        - ${owns('')}
        - { type: housing.lease, version: 1, subject: guardian2, parameters: { region: '370102' } }`),
  ],
  [
    'a home, and no home in the city around it',
    'category-impossible',
    category(`
      allOf:
        - ${owns('')}
        - ${noHome("['3701', '3702']")} # here`),
  ],
  [
    'a person on two household registers',
    'category-impossible',
    category(`
      allOf:
        - ${registered('370102')}
        - ${registered('3702')} # here`),
  ],
  [
    'a claim and its opposite, which another implies',
    'category-impossible',
    category(`
      allOf:
        - ${owns('51')}
        - { not: ${owns('30')} } # here`),
  ],
  [
    'more points than there are',
    'category-impossible',
    `${category(`
      allOf:
        - ${owns('51')}
        - { enoughPoints: { moreThan: 10 } } # here`)}`.replace(
      '\ncategories:',
      `
points:
  items:
    - { id: home, title: { zh-CN: 住房, en: Home }, fixed: { when: ${owns('')}, points: 4 } }
    - id: lease
      title: { zh-CN: 租房, en: Lease }
      measured:
        measure: { claim: { type: housing.lease, version: 1, subject: guardian, parameters: { region: '370102' } }, disclosure: months }
        perMonth: 0.5
        mostMonths: 12
categories:`,
    ),
  ],
];

describe('conditions', () => {
  it.each(PLANTED)('%s: %s', (_what, code, body) => {
    const text = aSet(others(body));
    expect(here(code, SET, text)).toHaveLength(1);
    expect(linesOf(lintOf({ [SET]: text }))).toEqual(here(code, SET, text));
  });

  it('which only a year of entry makes so are not told', () => {
    const body = category(`
      allOf:
        - { forEntryYears: { years: [2026], holds: ${owns('')} } }
        - { forEntryYears: { years: [2027], holds: ${owns('51')} } }
        - ${registered('370104')}`);
    expect(lintOf({ [SET]: aSet(others(body), head('purpose: enrolment', 'purpose: enrolment\nentryYears: [2026, 2027]')) })).toEqual([]);
  });

  it('of different people, or that can hold together, are not told', () => {
    const body = category(`
      allOf:
        - ${owns('51')}
        - ${owns('', 'grandparent1')}
        - { type: housing.no-home-in, version: 1, subject: guardian2, parameters: { region: '3702' } }
        - { type: housing.no-home-in, version: 1, subject: guardian2, parameters: { region: '3701', at: '2020-08-31' } }
        - ${registered('370104', ", at: '2026-08-31'")}
        - ${registered('370105', ", at: '2025-08-31'")}
        - addressWithin: ['370103']`);
    expect(lintOf({ [SET]: aSet(others(body)) })).toEqual([]);
  });

  it('that nobody says how to compare are not compared', () => {
    const relations = RELATIONS.replace(', minimumShare: more', ', minimumShare: same');
    const body = category(`
      allOf:
        - ${owns('')}
        - ${owns('51')}
        - ${registered('370104')}`);
    expect(lintOf({ [SET]: aSet(others(body)), 'claim-relations.yaml': relations })).toEqual([]);
  });
});

describe('a category', () => {
  it('that a higher one holds already is pointless', () => {
    const text = aSet(`${CATEGORIES}
  - id: late # here
    title: { zh-CN: 其他, en: Late }
    when: { allOf: [${registered('370102')}, ${owns('60', 'guardian')}] }
`);
    const findings = lintOf({ [SET]: text });
    expect(findings.map(({ code, line }) => [code, line])).toEqual([
      ['category-pointless', text.split('\n').findIndex((line) => line.includes('# here')) + 1],
    ]);
    expect(findings[0]?.message).toEqual({
      'zh-CN': '类别 late 的家庭都已符合 home',
      en: 'whoever is in the category late is already in home',
    });
  });

  it('that several higher ones hold only together is pointless too', () => {
    const text = aSet(`
categories:
  - { id: one, title: { zh-CN: 一, en: One }, when: { allOf: [${owns('')}, ${registered('370102')}] } }
  - { id: two, title: { zh-CN: 二, en: Two }, when: { allOf: [${owns('')}, { not: ${registered('370102')} }] } }
  - { id: three, title: { zh-CN: 三, en: Three }, when: ${owns('20')} }
${CATEGORIES.replace('\ncategories:\n', '')}`);
    expect(lintOf({ [SET]: text }).map(({ code, message }) => `${code} ${message.en}`)).toEqual([
      'category-pointless whoever is in the category three is already in one, two',
    ]);
  });

  it('that an address decides is judged wherever the family lives', () => {
    const text = aSet(
      others(`
categories:
  - { id: near, title: { zh-CN: 片区内, en: Near }, when: { allOf: [${owns('')}, { addressWithin: ['370102001'] }] } }
  - { id: county, title: { zh-CN: 区内, en: County }, when: { allOf: [${owns('')}, { addressWithin: ['370102'] }] } }
  - { id: inner, title: { zh-CN: 核心区, en: Inner }, when: { allOf: [${owns('')}, { addressWithin: ['370102001001'] }] } }
`),
    );
    expect(lintOf({ [SET]: text }).map(({ code, message }) => `${code} ${message.en}`)).toEqual([
      'category-pointless whoever is in the category inner is already in near',
    ]);
  });
});

describe('what a set inherits', () => {
  it('is told once, where it stands', () => {
    const base = `
id: 37/primary/2026
title: { zh-CN: 全省, en: Province }
region: '37'
purpose: enrolment
abstract: true
conditions:
  twice:
    allOf:
      - ${owns('')} # here
      - ${owns('51')}
`;
    const file = 'requirement-sets/37-primary-2026.yaml';
    const county = (code: string): string =>
      aSet(
        others(`\ncategories:\n  - { id: planted, title: { zh-CN: 其他, en: Planted }, when: { use: twice } }\n`),
        head("region: '370102'", `region: '${code}'\nextends: 37/primary/2026`),
      ).replace('370102/primary', `${code}/primary`);
    const found = lintOf({ [file]: base, [SET]: county('370102'), 'requirement-sets/370103-primary-2026.yaml': county('370103') });
    expect(linesOf(found)).toEqual(here('claim-implied', file, base));
  });
});
