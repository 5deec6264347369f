import { readFile, writeFile } from 'node:fs/promises';
import type { Lookup } from './lookup.js';

/** Writes lookups where drivers read them. */
export function writeLookups(file: string, lookups: readonly Lookup[]): Promise<void> {
  return writeFile(file, lookups.map((lookup) => JSON.stringify(lookup)).join('\n'));
}

/** Reads lookups. */
export async function readLookups(file: string): Promise<Lookup[]> {
  return (await readFile(file, 'utf8')).split('\n').map((line) => JSON.parse(line) as Lookup);
}
