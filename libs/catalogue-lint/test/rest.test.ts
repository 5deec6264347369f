import { describe, expect, it } from 'vitest';
import { aSet, CATEGORIES, head, here, linesOf, lintOf, RELATIONS, SET, textsOf } from './planted.js';

/** The clean set, changed, and what the lint finds in it. */
function changed(from: string, to: string): { readonly text: string; readonly found: string[]; readonly told: string[] } {
  const before = aSet(CATEGORIES);
  if (!before.includes(from)) throw new Error(`The set has no ${from}`);
  const text = before.replace(from, to);
  const findings = lintOf({ [SET]: text });
  return { text, found: linesOf(findings), told: findings.map(({ message }) => message.en) };
}

describe('a legal basis', () => {
  const without = head("legalBasis: { zh-CN: 《义务教育法》第十二条, en: 'Compulsory Education Law, article 12' }\n", '');
  const body = CATEGORIES.replace('type: housing.owns-home', 'type: housing.owns-home');

  it('is missed once per claim type', () => {
    const found = lintOf({ [SET]: aSet(body, without) });
    expect(found.map(({ code }) => code)).toEqual(Array(5).fill('claim-without-basis'));
    expect(found.map(({ severity }) => severity)).toEqual(Array(5).fill('warning'));
  });

  it('of a category is one of all in it, and of a claim type of all that ask it', () => {
    const grounded = body
      .replace('title: { zh-CN: 有房, en: Home }', '$&\n    legalBasis: { zh-CN: 条例, en: a law }')
      .replace('title: { zh-CN: 租房, en: Lease }', '$&\n    legalBasis: { zh-CN: 条例, en: a law }');
    const texts = (textsOf({}).get('claim-types.yaml') ?? '').replace(
      'en: guardianship }',
      'en: guardianship }, legalBasis: { zh-CN: 条例, en: a law }',
    );
    expect(linesOf(lintOf({ [SET]: aSet(grounded, without) }))).toEqual([`claim-without-basis ${SET}:9`]);
    expect(lintOf({ [SET]: aSet(grounded, without), 'claim-types.yaml': texts })).toEqual([]);
  });
});

describe('a fact that a person looks at', () => {
  const facts = (wanted: string): string => `
facts:
  - id: lives-there # here
    title: { zh-CN: 实际居住, en: lives there }
    office: { zh-CN: 学校, en: the school }
    wanted: ${wanted} # wanted
${CATEGORIES.replace('when:\n      allOf:\n', 'when:\n      allOf:\n        - { stated: lives-there }\n')}`;

  it('is told when the list does not say what a family brings for it', () => {
    const text = aSet(facts('housing.lived-in'));
    expect(linesOf(lintOf({ [SET]: text }))).toEqual(here('fact-unlisted', SET, text));
    const proofs =
      '- { id: visit, title: { zh-CN: 走访, en: visit }, issuer: { zh-CN: 学校, en: school }, legalBasis: { zh-CN: 法, en: law }, proves: [lives-there] }';
    const notice = 'set: 370102/primary/2026\nnow: [{ proof: visit, fact: lives-there }]';
    expect(lintOf({ [SET]: text, 'proofs.yaml': proofs, 'evidence/370102.yaml': notice })).toEqual([]);
  });

  it('is told when a claim type gives it by now', () => {
    const text = aSet(facts('housing.lease'));
    const line = text.split('\n').findIndex((one) => one.endsWith('# wanted')) + 1;
    expect(linesOf(lintOf({ [SET]: text }))).toContain(`data-could-supply ${SET}:${line}`);
  });
});

describe('a claim', () => {
  it('has parameters that its claim type takes', () => {
    const { text, found, told } = changed('minimumShare: 51 } }', 'minimumShare: 151 } } # here');
    expect(found).toEqual(here('parameter-invalid', SET, text));
    expect(told[0]).toContain('(too_large) (151)');
  });

  it('has parameters that are in range when they are worked out', () => {
    const { text, found } = changed('minimumShare: 51 } }', 'minimumShare: { moreThan: 100 } } } # here');
    expect(found).toEqual(here('parameter-invalid', SET, text));
  });

  it('has a provider in its region, unless the set is for what-if alone', () => {
    const nobody = "- { id: police, agency: police, regions: ['3702'] }\n- { id: housing, agency: housing, regions: ['37'] }";
    const found = lintOf({ 'providers.yaml': nobody });
    expect(found.map(({ code, message }) => `${code} ${message.en}`)).toEqual([
      'provider-missing nobody answers police.guardian-of for what is asked in 370102',
      'provider-missing nobody answers police.registered for what is asked in 370102',
    ]);
    expect(
      lintOf({ 'providers.yaml': nobody, [SET]: aSet(CATEGORIES, head('purpose: enrolment', 'purpose: enrolment\nwhatIfOnly: true')) }),
    ).toEqual([]);
  });

  it('of a version that has been followed by another is told', () => {
    const types = JSON.parse(textsOf({}).get('claim-types.generated.json') ?? '[]') as { name: string; version: number }[];
    const newer = types.filter(({ name }) => name === 'housing.lease').map((one) => ({ ...one, version: 2 }));
    const text = aSet(CATEGORIES.replace('months: 6 } }', 'months: 6 } } # here'));
    const found = lintOf({ [SET]: text, 'claim-types.generated.json': JSON.stringify([...types, ...newer]) });
    expect(linesOf(found)).toEqual(here('claim-outdated', SET, text));
  });

  it('that no rule asks is told', () => {
    const text = aSet(CATEGORIES.replace('type: housing.lease', 'type: housing.owns-home').replace(', months: 6', ''));
    expect(lintOf({ [SET]: text }).map(({ code, message }) => `${code} ${message.en}`)).toContain(
      'claim-unused no rule asks housing.lease',
    );
  });

  it('whose parameters nobody orders is told', () => {
    const found = lintOf({ 'claim-relations.yaml': RELATIONS.replace(', withGuardian: set', '') });
    expect(found.map(({ code, message }) => `${code} ${message.en}`)).toEqual([
      'relation-missing police.registered: nothing says which withGuardian asks more',
    ]);
  });
});

describe('dates', () => {
  it.each([
    [
      'until before from',
      "validity: { from: '2026-06-01', until: '2026-06-30' }",
      "validity: { from: '2026-07-01', until: '2026-06-30' } # here",
    ],
    ['in force before it is announced', "announcedOn: '2026-05-01'", "announcedOn: '2026-06-02' # here"],
    [
      'in force after the year that it binds',
      "validity: { from: '2026-06-01', until: '2026-06-30' }",
      "validity: { from: '2027-06-01' } # here",
    ],
    [
      'a cut-off after entry',
      'requires:',
      "dates:\n  cutoff: { monthDay: '08-31', months: 6 } # here\nrequires:\n  - { not: { dayBetween: { day: cutoff, from: '2026-01-01' } } }",
    ],
    [
      'a span that ends before it begins',
      'requires:',
      "dates: { cutoff: { monthDay: '08-31' } }\nrequires:\n  - { dayBetween: { day: { input: applicationDate }, from: { monthDay: '09-01' }, to: cutoff } } # here",
    ],
  ])('%s', (_what, from, to) => {
    const { text, found } = changed(from, to);
    expect(found).toEqual(here('date-contradiction', SET, text));
  });

  it('of a set and of the one that it follows do not overlap', () => {
    const file = 'requirement-sets/370102-primary-2025.yaml';
    const before = (validity: string, year: string): string =>
      aSet(CATEGORIES)
        .replace('370102/primary/2026', '370102/primary/2025')
        .replace("from: '2026-06-01', until: '2026-06-30'", validity)
        .replace("announcedOn: '2026-05-01'\n", '')
        .replace('purpose: enrolment', `purpose: enrolment\nentryYears: [${year}]`);
    const text = aSet(CATEGORIES, head('purpose: enrolment', 'purpose: enrolment\npredecessor: 370102/primary/2025 # here'));
    const found = (validity: string, year: string) => linesOf(lintOf({ [SET]: text, [file]: before(validity, year) }));
    expect(found("from: '2026-05-01', until: '2026-06-30'", '2026')).toEqual(here('date-contradiction', SET, text));
    expect(found("from: '2026-05-01', until: '2026-06-30'", '2027')).toEqual(here('date-contradiction', SET, text));
    expect(found("from: '2026-05-01', until: '2026-05-31'", '2026')).toEqual([]);
    expect(found("from: '2025-05-01', until: '2026-06-30'", '2025')).toEqual([]);
  });
});

describe('a text', () => {
  it.each([
    ['that is a copy of the other', 'title: { zh-CN: 有房, en: Home }', 'title: { zh-CN: Home, en: Home } # here'],
    ['that is left in Chinese', 'title: { zh-CN: 有房, en: Home }', 'title: { zh-CN: 有房, en: 有房 } # here'],
    ['that is not there', 'title: { zh-CN: 有房, en: Home }', 'title: { zh-CN: 有房 } # here'],
    ['that is empty', 'title: { zh-CN: 有房, en: Home }', "title: { zh-CN: ' ', en: Home } # here"],
  ])('%s', (_what, from, to) => {
    const { text, found } = changed(from, to);
    expect(found).toEqual(here('text-missing', SET, text));
  });

  it('of a claim type, or of its parameters', () => {
    const texts = textsOf({}).get('claim-types.yaml') ?? '';
    const found = lintOf({
      'claim-types.yaml': texts.replace(/- name: housing.lease[\s\S]*$/, '').replace(', withGuardian: { zh-CN: 同户, en: same book }', ''),
    });
    expect(found.map(({ code, message }) => `${code} ${message.en}`).sort()).toEqual([
      'text-missing housing.lease has no title and no description',
      'text-missing police.registered: withGuardian has no name',
    ]);
  });
});

it('names that nothing speaks of are told, and those that only they speak of', () => {
  const extra = `
dates:
  used: { monthDay: '08-31' }
  first: { of: second } # here
  second: { monthDay: '05-31' } # here
regions:
  town: ['370102'] # here
conditions:
  alone: { type: housing.owns-home, version: 1, subject: guardian2, parameters: { region: { regions: town } } } # here
facts:
  - id: forgotten # here
    title: { zh-CN: 其他, en: other }
    office: { zh-CN: 学校, en: school }
`;
  const text = aSet(
    `${extra}${CATEGORIES.replace("parameters: { region: '370102' } }", "parameters: { region: '370102', since: { date: used } } }")}`,
  );
  expect(linesOf(lintOf({ [SET]: text }))).toEqual(here('name-unused', SET, text));
  const proofs = '- { id: nobody, title: { zh-CN: 材料, en: paper }, issuer: { zh-CN: 单位, en: office }, proves: [] }';
  expect(linesOf(lintOf({ 'proofs.yaml': proofs }))).toEqual(['name-unused proofs.yaml:1']);
});
