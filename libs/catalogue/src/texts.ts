import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of a catalogue's folder as they were at one time: the text of each, or the code of why it cannot be read, by path with `/`. */
export type Texts = ReadonlyMap<string, { readonly text: string } | { readonly code: string }>;

// Files that every catalogue has, and those that it may have.
const REQUIRED = ['claim-types.generated.json', 'purposes.yaml', 'providers.yaml', 'clients.yaml', 'claim-types.yaml'] as const;
/** Files that it may have. */
const OPTIONAL: readonly string[] = ['proofs.yaml', 'claim-relations.yaml'];
const FOLDERS = ['requirement-sets', 'evidence'] as const;

/** Reads every file of a catalogue's folder that the catalogue is made of. */
export async function readTexts(dir: string): Promise<Texts> {
  const paths = await pathsIn(dir);
  return new Map(await Promise.all(paths.map(async (path) => [path, await readText(join(dir, path))] as const)));
}

/** Paths of what a catalogue's folder is made of, with `/`, by name; those that every catalogue has are named even where they are missing. */
export async function pathsIn(dir: string): Promise<string[]> {
  const [own, ...inFolders] = await Promise.all([namesOf(dir), ...FOLDERS.map((folder) => namesOf(join(dir, folder)))]);
  const deeper = FOLDERS.flatMap((folder, index) =>
    (inFolders[index] ?? []).filter((name) => name.endsWith('.yaml')).map((name) => `${folder}/${name}`),
  );
  return [...REQUIRED, ...OPTIONAL.filter((name) => own.includes(name)), ...deeper.sort()];
}

/** Paths of the files in one of its folders. */
export const pathsUnder = (texts: Texts, folder: (typeof FOLDERS)[number]): string[] =>
  [...texts.keys()].filter((path) => path.startsWith(`${folder}/`));

const namesOf = (dir: string): Promise<string[]> => readdir(dir).catch(() => []);

const readText = (path: string) =>
  readFile(path, 'utf8').then(
    (text) => ({ text }),
    (failure: NodeJS.ErrnoException) => ({ code: failure.code ?? 'EIO' }),
  );
