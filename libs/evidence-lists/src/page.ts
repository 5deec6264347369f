import type { AskedPaper, EvidenceList, Need, RegionLists } from './evidence-list.js';
import { fateWords, type Language, suppliersWords, WORDS } from './words.js';

/** The page's style, for the policy that lets it be used: by its hash. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font-family: system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; line-height: 1.5; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
header { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1.05rem; margin-bottom: .4rem; }
dl.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .5rem; margin: 1rem 0; }
dl.counts div { border: 1px solid #8886; border-radius: .5rem; padding: .5rem .75rem; }
dl.counts dt { font-size: .85rem; } dl.counts dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; vertical-align: top; padding: .4rem .5rem; border-bottom: 1px solid #8886; }
time { white-space: nowrap; } ul { margin: .2rem 0; padding-inline-start: 1.2rem; } .note { font-size: .9rem; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
  tr { display: block; padding: .5rem 0; border-bottom: 2px solid #8886; } td { display: block; border: 0; padding: .15rem 0; }
  td[data-head]::before { content: attr(data-head) " "; font-weight: 600; font-size: .85rem; }
}
@media print { nav { display: none; } body { max-width: none; padding: 0; } tr, dl { break-inside: avoid; } h3 { break-after: avoid; } }
`;

/** A region's lists as a page that needs no script, fits a phone and prints. */
export function toPage({ region, lists }: RegionLists, language: Language): string {
  const other = language === 'en' ? 'zh-CN' : 'en';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(WORDS.heading[language])} · ${escaped(lists[0]?.title[language] ?? region)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(WORDS.heading[language])}</h1>
<nav><a href="?lang=${other}" hreflang="${other}" lang="${other}">${escaped(WORDS.other[language])}</a></nav>
</header>
<p>${escaped(WORDS.intro[language])}</p>
<main>
${lists.map((list) => section(list, language)).join('\n')}
</main>
</body>
</html>
`;
}

function section(list: EvidenceList, language: Language): string {
  const tell = (word: keyof typeof WORDS): string => escaped(WORDS[word][language]);
  const count = (word: keyof typeof WORDS, value: string | number): string =>
    `<div><dt>${tell(word)}</dt><dd>${escaped(String(value))}</dd></div>`;
  const { counts } = list;
  const basis = list.legalBasis ? ` · ${tell('basis')}: ${escaped(list.legalBasis[language])}` : '';
  const categories = list.categories.map(
    ({ title, needs }) => `<h3>${escaped(title[language])}</h3>
${table(
  ['what', 'why', 'who'],
  needs.map((need) => [needCell(need, language), escaped(need.why?.[language] ?? WORDS.noWhy[language]), whoCell(need, language)]),
  language,
)}`,
  );
  return `<section>
<h2>${escaped(list.title[language])}</h2>
<p class="note">${tell('entry')}: ${list.entryYears.join(', ')}${basis}</p>
<dl class="counts">
${count('before', counts.before ?? WORDS.unknown[language])}
${count('now', counts.now)}
${count('data', counts.data)}
${count('looked', counts.looked)}
</dl>
${categories.join('\n')}
<h3>${tell('youBring')}</h3>
${list.now.length === 0 ? `<p>${tell('nothing')}</p>` : `<ul>${list.now.map((paper) => paperItem(paper, language)).join('')}</ul>`}
${formerPapers(list, language)}
${sources(list, language)}
</section>`;
}

function table(heads: readonly (keyof typeof WORDS)[], rows: readonly (readonly string[])[], language: Language): string {
  const names = heads.map((head) => escaped(WORDS[head][language]));
  const body = rows.map((row) => `<tr>${row.map((cell, index) => `<td data-head="${names[index]}">${cell}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${names.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table>`;
}

function needCell({ text, oneOf }: Need, language: Language): string {
  if (oneOf.length === 0) return withDays(withoutBrackets(text[language]));
  const items = oneOf.map((one) => `<li>${needCell(one, language)}</li>`).join('');
  const label = text.en === WORDS.oneOf.en ? '' : `<br>${escaped(WORDS.oneOf[language])}`;
  return `${escaped(text[language])}${label}<ul>${items}</ul>`;
}

const whoCell = ({ suppliers }: Need, language: Language): string => suppliersWords(suppliers, language).map(escaped).join('<br>');

function paperItem({ title, issuer, why, fallback, due }: AskedPaper, language: Language): string {
  const notes = [
    issuer[language],
    why?.[language] ?? WORDS.noWhy[language],
    ...(fallback ? [WORDS.fallback[language]] : []),
    ...(due === 'after-entry' ? [WORDS.afterEntry[language]] : []),
  ];
  return `<li>${escaped(title[language])} <span class="note">(${escaped(notes.join('; '))})</span></li>`;
}

function formerPapers({ before }: EvidenceList, language: Language): string {
  if (!before) return '';
  const from = before.sources.map(({ title, publisher, date }) => `${title}, ${publisher}, ${date}`).join('; ');
  const rows = before.papers.map((paper) => [escaped(paper.title[language]), escaped(fateWords(paper.fate, paper.suppliedBy, language))]);
  return `<h3>${escaped(WORDS.was[language])}</h3>
<p class="note">${escaped(from)}</p>
${table(['before', 'fate'], rows, language)}`;
}

function sources(list: EvidenceList, language: Language): string {
  if (list.sources.length === 0) return '';
  const items = list.sources.map(({ title, publisher, date, grade }) => {
    const note = grade === 'primary' ? '' : ` (${WORDS.secondHand[language]})`;
    return `<li>${escaped(`${title}, ${publisher}, ${date}${note}`)}</li>`;
  });
  return `<p class="note">${escaped(WORDS.sources[language])}:</p><ul class="note">${items.join('')}</ul>`;
}

/** A day is not broken over two lines. */
const withDays = (text: string): string => escaped(text).replaceAll(/\d{4}-\d{2}-\d{2}/g, '<time>$&</time>');

/** A text without the brackets around the whole of it: an item of a list needs none. */
function withoutBrackets(text: string): string {
  const inner = /^[(（]([\s\S]*)[)）]$/.exec(text)?.[1];
  if (inner === undefined) return text;
  let depth = 0;
  for (const character of inner) {
    if ('(（'.includes(character)) depth += 1;
    else if (')）'.includes(character)) depth -= 1;
    if (depth < 0) return text;
  }
  return inner;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
