import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalogue, CatalogueError, loadCatalogue } from '@vouch/catalogue';

const SETS = 'requirement-sets';
const OWN = fileURLToPath(new URL('../../../catalogue/data', import.meta.url));

/** A catalogue with drafts in it, or what is wrong with them. */
export interface Opened {
  readonly catalogue?: Catalogue | undefined;
  /** Each as `file:line: text`, files as they were named. */
  readonly faults: readonly string[];
  /** Ids of the drafts' sets, in the order of the files. */
  readonly drafts: readonly string[];
}

/** Folder of a catalogue: the one that is named, or that which comes with Vouch. */
export const catalogueFolder = (dir: string | undefined): string => (dir === undefined ? OWN : resolve(dir));

/**
 * Loads a catalogue with drafts of requirement sets laid over it: each in place of the set that has its id, or beside the others. The catalogue's
 * own files stay as they are.
 */
export async function openCatalogue(dir: string | undefined, files: readonly string[] = []): Promise<Opened> {
  const folder = catalogueFolder(dir);
  if (files.length === 0) return load(folder, (fault) => (dir === undefined ? fault : join(dir, fault)), []);
  const drafts = await Promise.all(files.map((file) => idIn(file)));
  const laid = await mkdtemp(join(tmpdir(), 'vouch-rules-'));
  try {
    const names = await layOver(folder, laid, files, drafts);
    const named = (fault: string): string => {
      const [name = ''] = fault.split(/:\d*:? /, 1);
      const file = names.get(name);
      return file === undefined ? fault : `${file}${fault.slice(name.length)}`;
    };
    return await load(laid, named, drafts);
  } finally {
    await rm(laid, { recursive: true, force: true });
  }
}

async function load(folder: string, named: (fault: string) => string, drafts: readonly string[]): Promise<Opened> {
  try {
    return { catalogue: await loadCatalogue({ dir: folder }), faults: [], drafts };
  } catch (failure) {
    if (failure instanceof CatalogueError) return { faults: failure.faults.map(named), drafts };
    throw failure;
  }
}

/** Links a catalogue's files into an empty folder, and drafts over them. Returns the drafts' files by the name that faults will have. */
async function layOver(folder: string, laid: string, files: readonly string[], drafts: readonly string[]): Promise<Map<string, string>> {
  const link = (from: string, to: string): Promise<void> => symlink(resolve(from), join(laid, to));
  for (const name of await readdir(folder)) if (name !== SETS) await link(join(folder, name), name);
  await mkdir(join(laid, SETS));
  const given = new Set(files.map((file) => resolve(file)));
  for (const name of await readdir(join(folder, SETS))) {
    const file = join(folder, SETS, name);
    if (given.has(file) || !name.endsWith('.yaml') || drafts.includes(await idIn(file))) continue;
    await link(file, join(SETS, name));
  }
  const names = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    const name = join(SETS, `${index}-${basename(file).replace(/\.ya?ml$/, '')}.yaml`);
    await link(file, name);
    names.set(name, file);
  }
  return names;
}

// Also of a file that has faults elsewhere.
const idIn = async (file: string): Promise<string> => /^id:\s*['"]?([^'"\s#]+)/m.exec(await readFile(file, 'utf8'))?.[1] ?? '';
