import type { BatchClient, RowFormat } from '@vouch/client';
import { again, FIRST_CONTACT_MS, LATER_CONTACT_MS } from './again.js';
import { mayPass } from './failure.js';
import type { Terminal } from './terminal.js';

/** Which results. */
export interface ResultsOptions {
  readonly id: string;
  readonly format: RowFormat;
  /** Only rows behind this one. */
  readonly after: number;
}

const MOST_CUTS = 10;

/**
 * Writes the results so far, a line a row. When the answer is cut, it goes on behind the last whole line. Returns the number of the last
 * row written.
 */
export async function writeResults(
  client: BatchClient,
  terminal: Terminal,
  write: (text: string) => Promise<void>,
  { id, format, after }: ResultsOptions,
): Promise<number> {
  let last = after;
  let headed = false;
  for (let cuts = 0; ; cuts += 1) {
    const before = last;
    try {
      const pieces = await again(
        terminal,
        () => client.results(id, { format, after: last }),
        cuts === 0 ? FIRST_CONTACT_MS : LATER_CONTACT_MS,
      );
      let heads = format === 'csv' ? 1 : 0;
      for await (const lines of toWholeLines(pieces)) {
        const head = lines.slice(0, heads);
        const rows = lines.slice(heads);
        heads -= head.length;
        await write([...(headed ? [] : head), ...rows].join(''));
        headed ||= head.length > 0;
        const row = rows.at(-1);
        if (row !== undefined) last = rowOf(row, format);
      }
      return last;
    } catch (failure) {
      if (!mayPass(failure) || (cuts >= MOST_CUTS && last === before)) throw failure;
      terminal.say(`The results were cut behind row ${last}; going on`);
    }
  }
}

/** The lines that each piece completes; what is left at the end without its line's end is not whole, and left out. */
async function* toWholeLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + decoder.decode(piece, { stream: true });
    const lines = text.split(/(?<=\n)/);
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    if (lines.length > 0) yield lines;
  }
}

const rowOf = (line: string, format: RowFormat): number =>
  format === 'csv' ? Number.parseInt(line, 10) : (JSON.parse(line) as { row: number }).row;
