import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequirementSet as Rules } from '@vouch/rules';
import { createClaimType } from './claim-type.js';
import { readEvidence } from './evidence/load.js';
import type { Evidence } from './evidence/types.js';
import { CatalogueError, loadCatalogue, OWN_DATA } from './load.js';
import { createPlaces, type Place } from './places.js';
import { requirementSetSchema } from './requirement-set-schema.js';
import { route } from './routing.js';
import { claimTextsSchema, claimTypesSchema, clientsSchema, providersSchema, purposesSchema } from './schemas.js';
import { type Faults, readSource } from './source.js';
import type { Catalogue, ClaimTexts, ClaimType, Provider } from './types.js';

/** A catalogue as it is written, with where everything stands: for those who look at the text, not for those who ask. */
export interface WrittenCatalogue extends Evidence {
  readonly claimTypes: readonly ClaimType[];
  readonly claimTexts: readonly Pick<ClaimTexts, 'name' | 'title' | 'legalBasis' | 'parameters'>[];
  readonly providers: readonly Provider[];
  /** What they inherit left out. */
  readonly requirementSets: readonly Rules[];
  /** Purposes and clients. */
  readonly texts: readonly object[];
  /** Who must be asked, as the loaded catalogue says it. */
  readonly providersFor: Catalogue['providersFor'];
  /** Where an object stands, or a field of it. */
  placeOf(at: object, key?: PropertyKey): Place;
}

/** What was found in a catalogue's folder. */
export interface CatalogueFiles {
  /** Why it cannot be loaded, each as `file:line: text`; `[]`: it can. */
  readonly faults: readonly string[];
  /** Undefined when some file does not even have the shape of one. */
  readonly written: WrittenCatalogue | undefined;
}

const FILES = [
  ['claim-types.generated.json', claimTypesSchema],
  ['claim-types.yaml', claimTextsSchema],
  ['purposes.yaml', purposesSchema],
  ['providers.yaml', providersSchema],
  ['clients.yaml', clientsSchema],
] as const;
const OPTIONAL: readonly string[] = ['proofs.yaml', 'claim-relations.yaml'];

/** Reads a catalogue's folder (the one that comes with Vouch unless said) as it is written. */
export async function readCatalogueFiles(dir: string = OWN_DATA): Promise<CatalogueFiles> {
  const misshapen: Faults = [];
  for (const [file, schema] of FILES) await readSource(dir, file, schema, misshapen);
  const sets = await namesIn(dir, 'requirement-sets');
  for (const file of sets) await readSource(dir, file, requirementSetSchema, misshapen);
  const faults = await loadCatalogue({ dir }).then(
    () => [],
    (failure: unknown) => {
      if (failure instanceof CatalogueError) return failure.faults;
      throw failure;
    },
  );
  if (misshapen.length > 0) return { faults, written: undefined };

  const evidence = (await namesIn(dir, '')).filter((file) => OPTIONAL.includes(file));
  const texts = new Map<string, string>();
  for (const file of [...FILES.map(([name]) => name), ...sets, ...evidence, ...(await namesIn(dir, 'evidence'))]) {
    texts.set(file, await readFile(join(dir, file), 'utf8'));
  }
  const inEvidence: Faults = [];
  const written = toWrittenCatalogue(texts);
  await readEvidence(dir, written, inEvidence);
  // Evidence with faults may not have its shape.
  return { faults, written: inEvidence.length > 0 ? undefined : written };
}

/** A catalogue out of the texts of its files, by path; each must have the shape that the loader asks for. Files that are left out are empty. */
export function toWrittenCatalogue(texts: ReadonlyMap<string, string>): WrittenCatalogue {
  const places = createPlaces();
  const read = (file: string): unknown => places.read(file, texts.get(file) ?? '[]');
  const list = <T>(file: string): readonly T[] => read(file) as readonly T[];
  const folder = <T>(name: string): readonly T[] =>
    [...texts.keys()].filter((file) => file.startsWith(name)).map((file) => read(file) as T);
  const providers = list<Provider>('providers.yaml');
  const claimTypes = list<ClaimType>('claim-types.generated.json').map((raw) => {
    const claimType = createClaimType(raw);
    places.standsFor(claimType, raw);
    return claimType;
  });
  return {
    claimTypes,
    claimTexts: list('claim-types.yaml'),
    providers,
    requirementSets: folder<Rules>('requirement-sets'),
    proofs: list('proofs.yaml'),
    relations: list('claim-relations.yaml'),
    notices: folder('evidence'),
    texts: [...list<object>('purposes.yaml'), ...list<object>('clients.yaml')],
    providersFor: (claimType, parameters, region) => route(providers, claimType, parameters, region),
    placeOf: places.placeOf,
  };
}

/** YAML files of a folder, by their path inside the catalogue's. */
async function namesIn(dir: string, folder: string): Promise<string[]> {
  const files = await readdir(join(dir, folder)).catch((): string[] => []);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => join(folder, file));
}
