import type { Keyring } from '@vouch/identity';

/** Lines that stand for what could not even be kept as a row; no JSON begins so. */
export const MARKS = { row_malformed: '!row_malformed', row_too_large: '!row_too_large' } as const;

const placeOf = (batchId: string, number: number) => ({ table: 'lookup.batch_chunks', row: `${batchId}/${number}`, column: 'sealed' });

/** Seals the rows of one chunk, a line each; an empty line is a row that is not needed any more. */
export const sealLines = (keyring: Keyring, batchId: string, number: number, lines: readonly string[]): Buffer =>
  keyring.seal(lines.join('\n'), placeOf(batchId, number));

/** The rows of one chunk. */
export const unsealLines = (keyring: Keyring, batchId: string, number: number, sealed: Uint8Array): string[] =>
  keyring.open(sealed, placeOf(batchId, number)).split('\n');
