import { TerminalError } from '@vouch/errors';

/** One line without its end, or a mark in place of one that is too long. */
export type Line = Buffer | 'too_large';

const LF = 0x0a;

/**
 * Cuts a stream into lines, however it was cut before; never holds more than one line. What is too long is passed over up to its end.
 * Blank lines are left out. Yields what each piece of the stream completes. Throws `batch_too_large` past `mostBytes`.
 */
export async function* toLines(
  source: AsyncIterable<Buffer>,
  { largest, mostBytes, onPiece }: { readonly largest: number; readonly mostBytes: number; readonly onPiece?: (piece: Buffer) => void },
): AsyncGenerator<Line[]> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let bytes = 0;

  const hold = (part: Buffer): void => {
    heldBytes += part.length;
    if (heldBytes > largest) held = [];
    else if (part.length > 0) held.push(part);
  };
  const take = (lines: Line[]): void => {
    if (heldBytes > largest) lines.push('too_large');
    else {
      const line = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
      if (!isBlank(line)) lines.push(line);
    }
    held = [];
    heldBytes = 0;
  };

  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new TerminalError('batch_too_large', { detail: `An upload may have ${mostBytes} bytes` });
    onPiece?.(piece);
    const lines: Line[] = [];
    let from = 0;
    for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, from)) {
      hold(piece.subarray(from, at));
      take(lines);
      from = at + 1;
    }
    hold(piece.subarray(from));
    if (lines.length > 0) yield lines;
  }
  const last: Line[] = [];
  take(last);
  if (last.length > 0) yield last;
}

const isBlank = (line: Buffer): boolean => line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
