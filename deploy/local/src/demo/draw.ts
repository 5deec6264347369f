import colors from 'picocolors';

/** Columns that a text takes in a terminal: CJK characters take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1;
  return width;
}

/** One cell: a text, and how it is coloured after it was padded. */
export interface Cell {
  readonly text: string;
  readonly colour?: (text: string) => string;
}

/** A table with a header, columns as wide as their widest cell. */
export function drawTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = header.map((title, column) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column]?.text ?? ''))));
  const line = (cells: readonly Cell[]) =>
    `   ${cells.map(({ text, colour = String }, column) => colour(text + ' '.repeat((widths[column] ?? 0) - widthOf(text)))).join('  ')}`.trimEnd();
  return [line(header.map((text) => ({ text, colour: colors.dim }))), ...rows.map(line)].join('\n');
}

const OUTCOME_COLOURS: Readonly<Record<string, (text: string) => string>> = {
  confirmed: colors.green,
  met: colors.green,
  complete: colors.green,
  granted: colors.green,
  answered: colors.green,
  refuted: colors.red,
  not_met: colors.red,
  refused: colors.red,
  withdrawn: colors.red,
  not_found: colors.yellow,
  ambiguous: colors.yellow,
  unavailable: colors.yellow,
  undetermined: colors.yellow,
  pending: colors.yellow,
};

/** The colour of what one of Vouch's words means. */
export const colourOf = (word: string): ((text: string) => string) => OUTCOME_COLOURS[word] ?? String;
