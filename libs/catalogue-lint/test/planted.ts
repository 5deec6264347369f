import { toWrittenCatalogue } from '@vouch/catalogue';
import { type Finding, lintCatalogue } from '../src/index.js';

const region = { type: 'string', pattern: '^\\d{2,18}$' };
const regions = { anyOf: [region, { type: 'array', items: region }] };
const day = { type: 'string', format: 'date' };

const claimType = (name: string, properties: object, required: readonly string[], combine = 'any', version = 1) => ({
  name,
  version,
  agency: name.split('.')[0],
  parametersSchema: { type: 'object', properties, required, additionalProperties: false },
  disclosures: name.endsWith('lease') ? { months: 'integer' } : {},
  routing: 'region' in properties ? { regionParameter: 'region', combine } : { combine },
  involves: name === 'police.guardian-of' ? [{ role: 'guardian', required: true }] : [],
});

const CLAIM_TYPES = [
  claimType('police.guardian-of', {}, []),
  claimType('police.registered', { region, since: day, at: day, withGuardian: { type: 'boolean', default: false } }, ['region']),
  claimType('housing.owns-home', { region, at: day, minimumShare: { type: 'integer', minimum: 1, maximum: 100 } }, ['region']),
  claimType('housing.no-home-in', { region: regions, at: day }, ['region'], 'all'),
  claimType('housing.lease', { region, months: { type: 'integer', minimum: 1, maximum: 240 } }, ['region']),
];

const CLAIM_TEXTS = `
- { name: police.guardian-of, title: { zh-CN: 监护关系, en: guardianship } }
- name: police.registered
  title: { zh-CN: 户籍, en: household register }
  parameters: { region: { zh-CN: 区域, en: region }, since: { zh-CN: 登记日, en: since }, at: { zh-CN: 某日, en: on }, withGuardian: { zh-CN: 同户, en: same book } }
- name: housing.owns-home
  title: { zh-CN: 自有住房, en: own home }
  parameters: { region: { zh-CN: 区域, en: region }, at: { zh-CN: 某日, en: on }, minimumShare: { zh-CN: 份额, en: share } }
- { name: housing.no-home-in, title: { zh-CN: 名下无房, en: owns no home }, parameters: { region: { zh-CN: 区域, en: region }, at: { zh-CN: 某日, en: on } } }
- name: housing.lease
  title: { zh-CN: 租赁, en: lease }
  parameters: { region: { zh-CN: 区域, en: region }, months: { zh-CN: 月数, en: months } }
`;

/** Which of two parameters asks more, of the catalogue that tests plant faults in. */
export const RELATIONS = `
- { claim: police.guardian-of }
- { claim: police.registered, stronger: { region: inside, since: earlier, at: same, withGuardian: set }, oneRegion: true }
- { claim: housing.owns-home, stronger: { region: inside, at: same, minimumShare: more } }
- { claim: housing.no-home-in, stronger: { region: around, at: same }, excludes: [housing.owns-home] }
- { claim: housing.lease, stronger: { region: inside, months: more } }
`;

const HEAD = `
id: 370102/primary/2026
title: { zh-CN: 小学入学, en: Primary entry }
region: '370102'
purpose: enrolment
legalBasis: { zh-CN: 《义务教育法》第十二条, en: 'Compulsory Education Law, article 12' }
validity: { from: '2026-06-01', until: '2026-06-30' }
announcedOn: '2026-05-01'
requires:
  - { type: police.guardian-of, version: 1, subject: child, with: { guardian: guardian }, parameters: {} }
`;

/** Categories of which each asks something else; every claim type is used. */
export const CATEGORIES = `
categories:
  - id: home
    title: { zh-CN: 有房, en: Home }
    when:
      allOf:
        - { type: police.registered, version: 1, subject: child, parameters: { region: '370102' } }
        - { type: housing.owns-home, version: 1, subject: guardian, parameters: { region: '370102', minimumShare: 51 } }
  - id: lease
    title: { zh-CN: 租房, en: Lease }
    when:
      allOf:
        - { type: housing.no-home-in, version: 1, subject: guardian, parameters: { region: '3701' } }
        - { type: housing.lease, version: 1, subject: guardian, parameters: { region: '370102', months: 6 } }
`;

/** Every question once, so that none is told as unused: for sets whose first category is the planted one. */
export const others = (text: string): string => `${text}${CATEGORIES.replace('\ncategories:\n', '')}`;

/** A requirement set of a text that follows its head. */
export const aSet = (body: string, head = HEAD): string => `${head}${body}`;

/** The head of a set, changed. */
export const head = (from: string, to: string): string => {
  if (!HEAD.includes(from)) throw new Error(`The head has no ${from}`);
  return HEAD.replace(from, to);
};

/** A set's file. */
export const SET = 'requirement-sets/370102-primary-2026.yaml';

/** What the lint finds in a clean catalogue in which some files are others. */
export function lintOf(files: Readonly<Record<string, string>> = {}): readonly Finding[] {
  return lintCatalogue(toWrittenCatalogue(textsOf(files)));
}

/** Texts of a clean catalogue in which some files are others. */
export function textsOf(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({
      'claim-types.generated.json': JSON.stringify(CLAIM_TYPES, null, 1),
      'claim-types.yaml': CLAIM_TEXTS,
      'purposes.yaml': '- { id: enrolment, title: { zh-CN: 入学, en: Enrolment }, retentionDays: 180 }',
      'providers.yaml': "- { id: police, agency: police, regions: ['37'] }\n- { id: housing, agency: housing, regions: ['37'] }",
      'claim-relations.yaml': RELATIONS,
      [SET]: aSet(CATEGORIES),
      ...files,
    }),
  );
}

/** Findings as `code file:line`. */
export const linesOf = (findings: readonly Finding[]): string[] => findings.map(({ code, file, line }) => `${code} ${file}:${line}`);

/** The lines of a file that end in `# here`, as findings of a code are told. */
export function here(code: string, file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => (line.endsWith('# here') ? [`${code} ${file}:${index + 1}`] : []));
}
