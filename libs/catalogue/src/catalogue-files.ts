import type { RequirementSet as Rules } from '@vouch/rules';
import { createClaimType } from './claim-type.js';
import { readEvidence } from './evidence/load.js';
import type { Evidence } from './evidence/types.js';
import { CatalogueError, OWN_DATA, readCatalogue } from './load.js';
import { createPlaces, type Place } from './places.js';
import { requirementSetSchema } from './requirement-set-schema.js';
import { route } from './routing.js';
import { claimTextsSchema, claimTypesSchema, clientsSchema, providersSchema, purposesSchema } from './schemas.js';
import { type Faults, readSource } from './source.js';
import { pathsUnder, readTexts, type Texts } from './texts.js';
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

/** Reads a catalogue's folder (the one that comes with Vouch unless said) as it is written. */
export async function readCatalogueFiles(dir: string = OWN_DATA): Promise<CatalogueFiles> {
  const texts = await readTexts(dir);
  const faults = faultsOf(dir, texts);
  // Of what has no shape nothing can be said but that.
  const misshapen: Faults = [];
  for (const [file, schema] of FILES) readSource(texts, file, schema, misshapen);
  for (const file of pathsUnder(texts, 'requirement-sets')) readSource(texts, file, requirementSetSchema, misshapen);
  if (misshapen.length > 0) return { faults, written: undefined };

  const inEvidence: Faults = [];
  const written = toWrittenCatalogue(new Map([...texts].flatMap(([file, found]) => ('text' in found ? [[file, found.text]] : []))));
  readEvidence(texts, written, inEvidence);
  // Evidence with faults may not have its shape.
  return { faults, written: inEvidence.length > 0 ? undefined : written };
}

const FILES = [
  ['claim-types.generated.json', claimTypesSchema],
  ['claim-types.yaml', claimTextsSchema],
  ['purposes.yaml', purposesSchema],
  ['providers.yaml', providersSchema],
  ['clients.yaml', clientsSchema],
] as const;

function faultsOf(dir: string, texts: Texts): readonly string[] {
  try {
    readCatalogue(dir, texts, {});
    return [];
  } catch (failure) {
    if (failure instanceof CatalogueError) return failure.faults;
    throw failure;
  }
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
