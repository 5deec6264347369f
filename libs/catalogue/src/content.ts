import { createHash } from 'node:crypto';

/** What one file of a catalogue says, in canonical form: JSON without blanks, fields by name. */
export interface CatalogueFile {
  /** Inside the catalogue's folder, with `/`. */
  readonly path: string;
  /** SHA-256 of the canonical form, 64 hex digits. */
  readonly hash: string;
  readonly json: string;
}

/** Everything that a catalogue says, so that the same catalogue can be made of it again. */
export interface CatalogueContent {
  /** See `Catalogue.version`. */
  readonly version: string;
  /** By path. */
  readonly files: readonly CatalogueFile[];
}

// 128 bits: nobody can write two catalogues of one version, and it is short enough to stand beside each verification.
const VERSION_DIGITS = 32;

/**
 * The content of a catalogue out of what its files say. What is said counts, not how: comments, layout, the order of fields, of files and of
 * loading do not change the version, and neither does another release's reading of what is left unsaid. The order of lists counts: it is
 * what categories are ranked and providers are preferred by.
 */
export function toContent(said: readonly (readonly [path: string, data: unknown])[]): CatalogueContent {
  const files = said
    .map(([path, data]): CatalogueFile => {
      const json = JSON.stringify(data, sortedFields) ?? 'null';
      return { path, hash: sha256(json), json };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { version: sha256(JSON.stringify(files.map(({ path, hash }) => [path, hash]))).slice(0, VERSION_DIGITS), files };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function sortedFields(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
