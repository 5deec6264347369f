import { bare, bareStream } from './by-hand.js';
import { batch, hub, hubRules, hubUntraced } from './hub.js';
import { hubDistributed } from './hub-distributed.js';
import { hubEmbedded } from './hub-embedded.js';
import { naive } from './naive.js';
import { reference } from './reference.js';
import type { Row } from './row.js';

/** Name of the row that the others are compared with. */
export const REFERENCE = reference.name;

/** Name of the row without any hub. */
export const BARE = bare.name;

/** All rows, in the order of the table. */
const ROWS: readonly Row[] = [bare, bareStream, reference, naive, hub, hubUntraced, hubRules, hubDistributed, hubEmbedded, batch];

/** The rows with these names, in the order of the table; all of them unless said. */
export function findRows(names: readonly string[] = ROWS.map(({ name }) => name)): Row[] {
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}; there are ${ROWS.map(({ name }) => name).join(', ')}`);
  return ROWS.filter(({ name }) => names.includes(name));
}
