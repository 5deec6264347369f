import { evaluateStated, type Language, type WhatIf } from '@vouch/what-if';
import { EXIT } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { openSet } from './open-set.js';
import { layFacts, readFactsFile } from './read-facts.js';

/** How facts are explained. */
export interface ExplainOptions {
  readonly facts?: string;
  readonly language: Language;
  readonly format: 'text' | 'json';
  /** Folder of the catalogue. */
  readonly catalogue?: string;
}

/** Explains what a set, by its id or its file, makes of stated facts. Resolves to the exit status. */
export async function explain(terminal: Terminal, which: string, options: ExplainOptions): Promise<number> {
  const { catalogue, set } = await openSet(which, options.catalogue);
  const facts = options.facts === undefined ? {} : await readFactsFile(options.facts);
  const told = evaluateStated(catalogue, set, layFacts(catalogue, set, facts, options.facts ?? ''), options.language);
  await terminal.out(options.format === 'json' ? `${JSON.stringify(told, null, 2)}\n` : toText(told, options.language));
  return EXIT.ok;
}

const MARKS = { met: '✓', not_met: '✗', undetermined: '?' } as const;

const WORDS = {
  'zh-CN': {
    open: '尚须知道：',
    person: '须当面核实：',
    notNeeded: (count: number) => `无需再查：${count} 项`,
    notInForce: { other_entry_year: '本规则不适用于该入学年份', not_yet: '申请日本规则尚未生效', no_longer: '申请日本规则已失效' },
  },
  en: {
    open: 'Still to be known: ',
    person: 'To be seen in person: ',
    notNeeded: (count: number) => `Not needed any more: ${count}`,
    notInForce: {
      other_entry_year: 'The set is not for this year of entry',
      not_yet: 'The set is not in force yet on the day of the application',
      no_longer: 'The set is not in force any more on the day of the application',
    },
  },
} as const;

function toText(told: WhatIf, language: Language): string {
  const words = WORDS[language];
  const claims = told.open.ask.map((index) => told.claims[index]);
  const asked = [...new Set(claims.map((claim) => `${claim?.title} (${claim?.subject}, ${claim?.type})`))];
  return [
    `${told.requirementSet}  ${told.applicationDate}`,
    ...(told.notInForce ? [words.notInForce[told.notInForce]] : []),
    told.text,
    ...(told.points ? [pointsText(told.points, language)] : []),
    '',
    ...told.categories.map(({ result, text }) => `  ${MARKS[result]} ${text}`),
    '',
    ...(asked.length > 0 ? [words.open, ...asked.map((one) => `  - ${one}`)] : []),
    ...(told.open.facts.length > 0
      ? [words.person, ...told.open.facts.map(({ title, id, office }) => `  - ${title ?? id}${office ? ` (${office})` : ''}`)]
      : []),
    ...(told.notNeeded.length > 0 ? [words.notNeeded(told.notNeeded.length)] : []),
    ...(told.assumption ? [told.assumption] : []),
  ]
    .join('\n')
    .concat('\n');
}

function pointsText({ least, most }: NonNullable<WhatIf['points']>, language: Language): string {
  const range = least === most ? String(least) : `${least}–${most ?? '?'}`;
  return language === 'en' ? `Points: ${range}` : `积分：${range}`;
}
