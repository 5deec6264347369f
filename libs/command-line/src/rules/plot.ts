import type { Compared, Move } from './compared.js';
import type { MoveWords } from './move-words.js';

const WIDTH = 860;
const MARGIN = 20;
const LABELS = 320;
const BARS = 440;
const A = '#8a94a0';
const B = '#1a62c4';
/** So many kinds of moves are drawn; the table has them all. */
const DRAWN_MOVES = 12;

/** Families of each category by either set, and below those that move with the rule that moves them, as bars: an SVG document. */
export function toPlot({ families, places, moves }: Compared, words: MoveWords, { from, to }: { from: string; to: string }): string {
  const shown = places.filter(({ before, after }) => before + after > 0);
  const most = Math.max(1, ...shown.flatMap(({ before, after }) => [before, after]));
  const parts: string[] = [];
  let y = 34;
  const moved = moves.reduce((sum, move) => sum + move.families, 0);
  parts.push(
    text(
      MARGIN,
      y,
      `${words.moved(moved, families, ((moved / Math.max(1, families)) * 100).toFixed(1))}`,
      'font-size="16" font-weight="bold"',
    ),
  );
  for (const [name, which, colour] of [
    ['A', from, A],
    ['B', to, B],
  ] as const) {
    y += 24;
    parts.push(`<rect x="${MARGIN}" y="${y - 11}" width="12" height="12" fill="${colour}"/>`, text(MARGIN + 20, y, `${name}  ${which}`));
  }
  y += 30;
  for (const { place, before, after } of shown) {
    parts.push(label(y + 19, words.place(place)), bar(y, before, most, A), bar(y + 17, after, most, B));
    y += 50;
  }
  if (moves.length > 0) {
    parts.push(text(MARGIN, y + 14, `${words.from} → ${words.to}: ${words.because}`, 'font-weight="bold"'));
    y += 34;
  }
  const largest = moves[0]?.families ?? 1;
  for (const move of moves.slice(0, DRAWN_MOVES)) {
    parts.push(text(MARGIN, y, toSentence(move, words)), bar(y + 8, move.families, largest, B, MARGIN));
    y += 46;
  }
  const title = escaped(`${from} → ${to}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${title}" font-family="sans-serif" font-size="13" fill="#1b1f24">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const toSentence = ({ from, to, because }: Move, words: MoveWords): string =>
  `${words.place(from)} → ${words.place(to)}: ${words.cause(because)}`;

const text = (x: number, y: number, words: string, more = ''): string => `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;
const label = (y: number, words: string): string => text(LABELS - 10, y, words, 'text-anchor="end"');

function bar(y: number, count: number, most: number, colour: string, x = LABELS): string {
  const width = Math.round((count / most) * BARS);
  return `<rect x="${x}" y="${y}" width="${width}" height="15" fill="${colour}"/>${text(x + width + 6, y + 12, String(count), 'font-size="12"')}`;
}

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
