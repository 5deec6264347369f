import type { Compared, Move } from './compared.js';
import type { MoveWords } from './move-words.js';

/** How many change category, which way and by which rule; then how many are in each category by either set. */
export function toTable({ families, places, moves }: Compared, words: MoveWords): string {
  const moved = countOf(moves);
  const share = families === 0 ? 0 : (moved / families) * 100;
  const [gained, lost] = [countOf(moves.filter(gains)), countOf(moves.filter(loses))];
  const lines = moves.map(({ families: count, from, to, because }) => [
    String(count),
    words.place(from),
    words.place(to),
    words.cause(because),
  ]);
  const counts = places.map(({ place, before, after }) => [words.place(place), String(before), String(after), signed(after - before)]);
  return [
    words.moved(moved, families, share.toFixed(1)),
    ...(lines.length > 0
      ? [
          words.ways(gained, lost, moved - gained - lost),
          '',
          ...inColumns([[words.families, words.from, words.to, words.because], ...lines]),
        ]
      : []),
    '',
    ...inColumns([[words.category, 'A', 'B', words.change], ...counts]),
    '',
  ].join('\n');
}

const gains = ({ from, to }: Move): boolean => from === 'not_met' && to !== 'undetermined';
const loses = ({ from, to }: Move): boolean => from !== 'undetermined' && to === 'not_met';
const countOf = (moves: readonly Move[]): number => moves.reduce((sum, { families }) => sum + families, 0);
const signed = (number: number): string => (number > 0 ? `+${number}` : String(number));

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) => `  ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))).join('  ')}`.trimEnd());
}

// A Chinese character takes two columns of a terminal.
const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + (/[\u2e80-\uffef]/.test(character) ? 2 : 1), 0);
