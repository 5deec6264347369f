import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toLines } from './lines.js';

async function linesOf(pieces: readonly Buffer[], largest = 1_000, mostBytes = 1_000_000): Promise<string[]> {
  const lines: string[] = [];
  async function* source() {
    yield* pieces;
  }
  for await (const some of toLines(source(), { largest, mostBytes })) lines.push(...some.map(String));
  return lines;
}

it('cuts the same lines however the stream was cut', async () => {
  const piece = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.infiniteStream(fc.integer({ min: 1, max: 7 })), async (texts, sizes) => {
      const whole = Buffer.from(texts.join('\n'));
      const pieces: Buffer[] = [];
      for (let at = 0; at < whole.length; ) {
        const size = sizes.next().value as number;
        pieces.push(whole.subarray(at, at + size));
        at += size;
      }
      const expected = texts.filter((text) => /[^ \t\r]/.test(text)).map((text) => Buffer.from(text).toString());
      expect(await linesOf(pieces)).toEqual(expected);
    }),
  );
});

it('passes over a line that is too long, and goes on behind it', async () => {
  expect(await linesOf([Buffer.from('a\nbbbbb'), Buffer.from('bbbbb\ncc\nddddd'), Buffer.from('d')], 5)).toEqual([
    'a',
    'too_large',
    'cc',
    'too_large',
  ]);
});

it('stops past its bound', async () => {
  await expect(linesOf([Buffer.alloc(10), Buffer.alloc(10)], 5, 15)).rejects.toMatchObject({ code: 'batch_too_large' });
});
