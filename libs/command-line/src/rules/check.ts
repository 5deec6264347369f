import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { openCatalogue } from './open-catalogue.js';

/** What is checked against which catalogue. */
export interface CheckOptions {
  /** Folder of the catalogue. */
  readonly catalogue?: string;
}

/** Checks a catalogue, or drafts of requirement sets as part of one, and tells every fault with its file and line. Resolves to the exit status. */
export async function check(terminal: Terminal, places: readonly string[], options: CheckOptions): Promise<number> {
  const [first] = places;
  const folder =
    first !== undefined && places.length === 1 && (await stat(join(first, 'requirement-sets')).catch(() => undefined)) ? first : undefined;
  const files = folder === undefined ? places : [];
  const { catalogue, faults } = await openCatalogue(folder ?? options.catalogue, files);
  if (catalogue) {
    const what = files.length > 0 ? `${files.length} of ${catalogue.requirementSets.length}` : String(catalogue.requirementSets.length);
    await terminal.out(`${what} requirement sets checked: no faults\n`);
    return EXIT.ok;
  }
  await terminal.out(`${faults.join('\n')}\n`);
  terminal.say(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`);
  return EXIT.failed;
}
