import { fileURLToPath } from 'node:url';
import { createClaimType } from './claim-type.js';
import { type CatalogueContent, type CatalogueFile, toContent } from './content.js';
import { crossCheck, type Parts } from './cross-checks.js';
import { readEvidence } from './evidence/load.js';
import type { Evidence } from './evidence/types.js';
import { requirementSetSchema } from './requirement-set-schema.js';
import { readRequirementSets, toRequirementSet } from './requirement-sets.js';
import { route } from './routing.js';
import { claimTextsSchema, claimTypesSchema, clientsSchema, providersSchema, purposesSchema } from './schemas.js';
import { type Faults, readSource, type Source } from './source.js';
import { pathsUnder, readTexts, type Texts } from './texts.js';
import type { Agency, Catalogue, ClaimType, Provider } from './types.js';
import { createWords } from './words.js';

/** Where the catalogue is and what the deployment adds to it. */
export interface CatalogueOptions {
  /** Folder with the data; the one that comes with Vouch unless said. */
  readonly dir?: string | undefined;
  /** Addresses (`host:port`) by provider id or by agency, before those in the data; an id wins over an agency. */
  readonly providerAddresses?: Readonly<Partial<Record<Agency, string | undefined>>> | undefined;
}

/** The catalogue's data cannot be used. The message names every fault with its file and line. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';

  constructor(
    dir: string,
    /** Each as `file:line: text`. */
    readonly faults: readonly string[],
  ) {
    super(`The catalogue in ${dir} has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** The data that comes with Vouch. */
export const OWN_DATA = fileURLToPath(new URL('../data', import.meta.url));

/**
 * Reads and checks the catalogue.
 * @throws {CatalogueError} with every fault of every file
 */
export async function loadCatalogue(options: CatalogueOptions = {}): Promise<Catalogue> {
  const dir = options.dir ?? OWN_DATA;
  return readCatalogue(dir, await readTexts(dir), options.providerAddresses ?? {});
}

/**
 * Makes a catalogue of the content that one had before, to look into, not to ask with: providers whose address was given at the time have none.
 * @throws {CatalogueError} when this release cannot read it any more
 */
export function restoreCatalogue(files: readonly Pick<CatalogueFile, 'path' | 'json'>[]): Catalogue {
  const byPath = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return readCatalogue('the store', new Map(byPath.map(({ path, json }) => [path, { text: json }])), undefined);
}

/** A catalogue out of the texts of its files. Without addresses (not even none) it need not have any. */
export function readCatalogue(dir: string, texts: Texts, addresses: CatalogueOptions['providerAddresses']): Catalogue {
  const faults: Faults = [];
  const claimTypes = readSource(texts, 'claim-types.generated.json', claimTypesSchema, faults);
  const purposes = readSource(texts, 'purposes.yaml', purposesSchema, faults);
  const providers = readSource(texts, 'providers.yaml', providersSchema, faults);
  const clients = readSource(texts, 'clients.yaml', clientsSchema, faults);
  const claimTexts = readSource(texts, 'claim-types.yaml', claimTextsSchema, faults);
  const sets = pathsUnder(texts, 'requirement-sets').map((file) => readSource(texts, file, requirementSetSchema, faults));

  const parts: Parts = {
    claimTypes: { source: claimTypes, items: compile(claimTypes, faults) },
    purposes: { source: purposes, items: purposes.data ?? [] },
    providers: { source: providers, items: withAddresses(providers, addresses, faults) },
    clients: { source: clients, items: clients.data ?? [] },
    claimTexts: { source: claimTexts, items: claimTexts.data ?? [] },
    requirementSets: readRequirementSets(sets),
  };
  // A part that could not be read would make everything that names it look wrong.
  if (claimTypes.data && purposes.data && providers.data) crossCheck(parts, faults);
  const spoken = { claimTypes: parts.claimTypes.items, requirementSets: parts.requirementSets.map(({ own }) => own) };
  const isRead = claimTypes.data !== undefined && sets.every(({ data }) => data !== undefined);
  const { evidence, sources } = readEvidence(texts, isRead ? spoken : undefined, faults);
  if (faults.length > 0) throw new CatalogueError(dir, faults);
  const all: readonly Source<unknown>[] = [claimTypes, purposes, providers, clients, claimTexts, ...sets, ...sources];
  return createCatalogue(parts, evidence, toContent(all.map(({ file, raw }) => [file, raw])));
}

function createCatalogue(parts: Parts, evidence: Evidence, content: CatalogueContent): Catalogue {
  const claimTypes = new Map<string, ClaimType>();
  for (const claimType of parts.claimTypes.items) {
    claimTypes.set(`${claimType.name} ${claimType.version}`, claimType);
    const newest = claimTypes.get(claimType.name);
    if (!newest || newest.version < claimType.version) claimTypes.set(claimType.name, claimType);
  }
  const purposes = new Map(parts.purposes.items.map((purpose) => [purpose.id, purpose]));
  const clients = new Map(parts.clients.items.map((client) => [client.id, client]));
  const texts = new Map(parts.claimTexts.items.map((item) => [item.name, item]));
  const isSensitive = (name: string): boolean => texts.get(name)?.sensitive ?? false;
  const whole = parts.requirementSets.filter(({ own }) => !own.abstract);
  const sets = new Map(whole.map((set) => [set.own.id, toRequirementSet(set.whole, isSensitive)]));
  const providers = parts.providers.items;
  return {
    version: content.version,
    content,
    claimTypes: parts.claimTypes.items,
    claimType: (name, wanted) => claimTypes.get(wanted ? `${name} ${wanted}` : name),
    purposes: parts.purposes.items,
    purpose: (id) => purposes.get(id),
    clients: parts.clients.items,
    client: (id) => clients.get(id),
    requirementSets: [...sets.values()],
    requirementSet: (id) => sets.get(id),
    words: createWords(texts),
    isSensitive,
    legalBasisOf: (name) => texts.get(name)?.legalBasis,
    evidence,
    providers,
    providersFor: (claimType, parameters, requestRegion, usable) => route(providers, claimType, parameters, requestRegion, usable),
  };
}

function compile(source: Source<Omit<ClaimType, 'validate'>[]>, faults: Faults): ClaimType[] {
  return (source.data ?? []).flatMap((data, index) => {
    try {
      return [createClaimType(data)];
    } catch (failure) {
      faults.push(source.at([index, 'parametersSchema'], `${data.name}: ${failure instanceof Error ? failure.message : String(failure)}`));
      return [];
    }
  });
}

function withAddresses(
  source: Source<(Omit<Provider, 'address'> & { readonly address?: string | undefined })[]>,
  given: CatalogueOptions['providerAddresses'],
  faults: Faults,
): Provider[] {
  const known = new Set(source.data?.flatMap(({ id, agency }) => [id, agency]));
  for (const name of Object.keys(given ?? {})) {
    if (source.data && !known.has(name))
      faults.push(`${source.file}: an address was given for ${name}, which is no provider and no agency`);
  }
  return (source.data ?? []).map((provider, index) => {
    const address = given?.[provider.id] ?? given?.[provider.agency] ?? provider.address;
    if (given && address === undefined) faults.push(source.at([index], `${provider.id} has no address, and none was given for it`));
    return { ...provider, address: address ?? '' };
  });
}
