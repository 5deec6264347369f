import type { EvidenceList, Need, RegionLists } from './evidence-list.js';
import { fateWords, type Language, suppliersWords, WORDS } from './words.js';

/** A region's lists as Markdown. */
export function toMarkdown({ lists }: RegionLists, language: Language): string {
  const heading = `# ${WORDS.heading[language]}\n\n${WORDS.intro[language]}\n`;
  return [heading, ...lists.map((list) => listText(list, language))].join('\n');
}

function listText(list: EvidenceList, language: Language): string {
  const { counts, legalBasis, now, before } = list;
  const lines = [
    `## ${cell(list.title[language])}`,
    '',
    `${WORDS.entry[language]}: ${list.entryYears.join(', ')}${legalBasis ? ` · ${WORDS.basis[language]}: ${cell(legalBasis[language])}` : ''}`,
    '',
    `| ${WORDS.before[language]} | ${WORDS.now[language]} | ${WORDS.data[language]} | ${WORDS.looked[language]} |`,
    '|---|---|---|---|',
    `| ${counts.before ?? WORDS.unknown[language]} | ${counts.now} | ${counts.data} | ${counts.looked} |`,
  ];
  for (const { title, needs } of list.categories) {
    lines.push(
      '',
      `### ${cell(title[language])}`,
      '',
      `| ${WORDS.what[language]} | ${WORDS.why[language]} | ${WORDS.who[language]} |`,
      '|---|---|---|',
    );
    for (const need of needs) lines.push(...needRows(need, '', language));
  }
  lines.push('', `### ${WORDS.youBring[language]}`, '');
  if (now.length === 0) lines.push(WORDS.nothing[language]);
  for (const paper of now) {
    const notes = [
      paper.why?.[language] ?? WORDS.noWhy[language],
      paper.fallback && WORDS.fallback[language],
      paper.due === 'after-entry' && WORDS.afterEntry[language],
    ];
    lines.push(`- ${cell(paper.title[language])} (${notes.filter((note) => note).join('; ')})`);
  }
  if (before) {
    const { sources, papers } = before;
    lines.push(
      '',
      `### ${WORDS.was[language]}`,
      '',
      sources.map(({ title, publisher, date }) => `${cell(title)}, ${cell(publisher)}, ${date}`).join('; '),
      '',
    );
    lines.push(`| ${WORDS.before[language]} | ${WORDS.fate[language]} |`, '|---|---|');
    for (const { title, fate, suppliedBy } of papers)
      lines.push(`| ${cell(title[language])} | ${cell(fateWords(fate, suppliedBy, language))} |`);
  }
  if (list.sources.length > 0) lines.push('', `${WORDS.sources[language]}:`, '');
  for (const { title, publisher, date, grade } of list.sources) {
    lines.push(`- ${cell(title)}, ${cell(publisher)}, ${date}${grade === 'primary' ? '' : ` (${WORDS.secondHand[language]})`}`);
  }
  return `${lines.join('\n')}\n`;
}

function needRows(need: Need, indent: string, language: Language): string[] {
  const who = suppliersWords(need.suppliers, language).join('; ');
  const row = `| ${indent}${cell(need.text[language])} | ${cell(need.why?.[language] ?? WORDS.noWhy[language])} | ${cell(who)} |`;
  return [row, ...need.oneOf.flatMap((one) => needRows(one, `${indent}· `, language))];
}

/** A text that cannot break a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;');
