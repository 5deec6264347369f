import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CODES } from '../src/index.js';
import { here, linesOf, lintOf, RELATIONS } from './planted.js';

/** The papers of the catalogue that comes with Vouch, with claim types that are called as here. */
const PROOFS = readFileSync(new URL('../../catalogue/data/proofs.yaml', import.meta.url), 'utf8')
  .replaceAll('police.household-registered', 'police.registered')
  .replaceAll('housing.registered-lease', 'housing.lease');
const FILE = 'evidence/370102-primary-2026.yaml';

/** What is found in a list of papers that a county asks for. */
function listed(now: string, proofs = PROOFS): { readonly found: string[]; readonly notice: string } {
  const notice = `set: 370102/primary/2026\nnow:\n${now}\n`;
  const findings = lintOf({ 'proofs.yaml': proofs, [FILE]: notice });
  // Papers that nobody asks for are told as unused; that is not what is looked at here.
  return { found: linesOf(findings).filter((line) => !line.startsWith('name-unused')), notice };
}

/** Facts from life (section 2.2 of the facts file), and what each is found to be. */
const FROM_LIFE: readonly (readonly [what: string, codes: readonly string[], now: string])[] = [
  [
    'Jinan, 2018: book and birth certificate in every district, and nobody can name the basis',
    ['proof-repeated', 'data-could-supply', 'proof-without-basis'],
    '  - { proof: household-book }\n  - { proof: birth-certificate } # here',
  ],
  [
    'Cili, 2019: the book shows it, the school wants a letter',
    ['proof-shown-by-licence'],
    '  - { proof: kinship-letter, fallback: true, legalBasis: { zh-CN: 依据, en: a basis } } # here',
  ],
  ['Jinan, Bao’an: a paper that one owns no home', ['data-could-supply', 'proof-without-basis'], '  - { proof: no-home-paper } # here'],
  [
    'Jinan High-tech, 2018: the neighbourhood writes that one has moved in',
    ['proof-promise-would-do', 'proof-uncertifiable', 'proof-without-basis'],
    '  - { proof: moved-in-letter } # here',
  ],
  [
    'Jinan, older: gives up schooling at home',
    ['proof-uncertifiable', 'proof-withdrawn'],
    '  - { proof: no-schooling-at-home-letter } # here',
  ],
  ['Lixia, Sishui 2023: only-child certificate', ['proof-withdrawn'], '  - { proof: only-child-certificate } # here'],
  ['Qingdao, old: family-planning paper', ['proof-withdrawn'], '  - { proof: birth-permission } # here'],
  ['Kuiwen, 2022: vaccination card before entry', ['proof-too-early'], '  - { proof: vaccination-card } # here'],
  [
    'Tengzhou 2020, Sishui 2023: six months of bills',
    ['proof-promise-would-do', 'proof-without-basis'],
    '  - { proof: utility-bills } # here',
  ],
  ['parents’ post and income', ['proof-withdrawn'], '  - { proof: income-paper } # here'],
];

describe('papers from life', () => {
  it.each(FROM_LIFE)('%s: %j', (_what, codes, now) => {
    const { found, notice } = listed(now);
    const expected = codes.flatMap((code) => here(code, FILE, notice));
    expect(expected).toHaveLength(codes.length);
    expect(found.filter((line) => expected.includes(line)).sort()).toEqual([...expected].sort());
    if (!now.includes('household-book')) expect(found.sort()).toEqual([...expected].sort());
  });

  it('are in order when they have a basis, repeat nothing and no data supplies them', () => {
    expect(
      listed(`
  - { proof: household-book, fallback: true }
  - { proof: birth-certificate, fallback: true, legalBasis: { zh-CN: 依据, en: a basis } }
  - { proof: full-invoice }
  - { proof: vaccination-card, due: after-entry }`).found,
    ).toEqual([]);
  });

  it('for a fact or a category that the set does not have are told', () => {
    const { found, notice } = listed('  - { proof: full-invoice, fact: gone, categories: [home, nobody] } # here');
    expect(found).toEqual([...here('list-outdated', FILE, notice), ...here('list-outdated', FILE, notice)]);
  });

  it('of which somebody says what is being done are notes that say so', () => {
    const notice = `set: 370102/primary/2026\nnow:\n  - { proof: only-child-certificate, known: { zh-CN: 正在清理, en: being replaced } }\n`;
    const found = lintOf({ 'proofs.yaml': PROOFS, [FILE]: notice }).filter(({ code }) => code === 'proof-withdrawn');
    expect(found).toMatchObject([{ severity: 'note', remedy: { 'zh-CN': '正在清理', en: 'being replaced' } }]);
    expect(CODES['proof-withdrawn'].severity).toBe('error');
  });
});

const paper = (id: string, more: string): string =>
  `- { id: ${id}, title: { zh-CN: 材料, en: the ${id} }, issuer: { zh-CN: 单位, en: office }, legalBasis: { zh-CN: 依据, en: law }, ${more} }`;

describe('two papers', () => {
  it('of which one shows all that the other shows are one too many, whichever comes first', () => {
    const proofs = [paper('wide', 'proves: [a, b]'), paper('narrow', 'proves: [a]'), paper('other', 'proves: [c]')].join('\n');
    const { found, notice } = listed('  - { proof: narrow } # here\n  - { proof: wide }\n  - { proof: other }', proofs);
    expect(found).toEqual(here('proof-repeated', FILE, notice));
  });

  it('that show the same: the later one is', () => {
    const { found, notice } = listed(
      '  - { proof: one }\n  - { proof: two } # here',
      [paper('one', 'proves: [a]'), paper('two', 'proves: [a]')].join('\n'),
    );
    expect(found).toEqual(here('proof-repeated', FILE, notice));
  });

  it('of which one is said to cover the other', () => {
    const { found, notice } = listed(
      '  - { proof: one } # here\n  - { proof: two }',
      [paper('one', 'proves: [a], coveredBy: [two]'), paper('two', 'proves: [b]')].join('\n'),
    );
    expect(found).toEqual(here('proof-repeated', FILE, notice));
  });

  it('that data supplies where no provider answers are needed', () => {
    const notice = 'set: 370102/primary/2026\nnow:\n  - { proof: title }\n';
    const files = { 'proofs.yaml': paper('title', 'proves: [housing.owns-home]'), [FILE]: notice };
    const elsewhere = "- { id: police, agency: police, regions: ['37'] }\n- { id: housing, agency: housing, regions: ['3702'] }";
    const codes = (all: Readonly<Record<string, string>>) => new Set(lintOf(all).map(({ code }) => code));
    expect(codes(files)).toEqual(new Set(['data-could-supply']));
    expect(codes({ ...files, 'providers.yaml': elsewhere })).toEqual(new Set(['provider-missing']));
  });
});

describe('a circle', () => {
  const circles = (proofs: string, relations = RELATIONS) => {
    const notice = `set: 370102/primary/2026\nbefore:\n  sources: [{ title: t, publisher: p, date: '2018', grade: reprint }]\n  proofs: [${[...proofs.matchAll(/id: ([\w-]+)/g)].map(([, id]) => `{ proof: ${id} }`).join(', ')}]\n`;
    return lintOf({ 'proofs.yaml': proofs, 'claim-relations.yaml': relations, [FILE]: notice });
  };

  it('of two: Rui’an, 2015, notary and police each want the other’s paper', () => {
    const proofs = [
      paper('notarised', 'proves: [kin], issuedOn: [letter]'),
      `${paper('letter', 'proves: [kin], issuedOn: [notarised]')}`,
    ].join('\n');
    const found = circles(proofs);
    expect(linesOf(found)).toEqual(['issue-circle proofs.yaml:1']);
    expect(found[0]?.message.en).toBe('a circle: the notarised ← the letter ← the notarised (each is given on showing the next)');
  });

  it('of three, through a register: permit, proof of rent, the landlord’s filing', () => {
    const relations = RELATIONS.replace('claim: housing.lease,', 'claim: housing.lease, issuedOn: [permit],');
    const proofs = [paper('permit', 'proves: [a], issuedOn: [rent]'), paper('rent', 'proves: [b], issuedOn: [housing.lease]')].join('\n');
    const found = circles(proofs, relations);
    expect(found.map(({ code, message }) => `${code} ${message.en}`)).toEqual([
      'issue-circle a circle: lease ← the permit ← the rent ← lease (each is given on showing the next)',
    ]);
    expect(found[0]?.file).toBe('claim-relations.yaml');
  });

  it('is none where one is given on showing another and that is all', () => {
    const proofs = [
      paper('one', 'proves: [a], issuedOn: [two, three]'),
      paper('two', 'proves: [b], issuedOn: [three]'),
      paper('three', 'proves: [c]'),
    ];
    expect(circles(proofs.join('\n'))).toEqual([]);
  });
});
