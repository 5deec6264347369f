import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClaimType } from './claim-type.js';
import { crossCheck, type Parts } from './cross-checks.js';
import { readEvidence } from './evidence/load.js';
import type { Evidence } from './evidence/types.js';
import { requirementSetSchema } from './requirement-set-schema.js';
import { readRequirementSets, toRequirementSet } from './requirement-sets.js';
import { route } from './routing.js';
import { claimTextsSchema, claimTypesSchema, clientsSchema, providersSchema, purposesSchema } from './schemas.js';
import { type Faults, readSource, type Source } from './source.js';
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
const SETS = 'requirement-sets';

/**
 * Reads and checks the catalogue.
 * @throws {CatalogueError} with every fault of every file
 */
export async function loadCatalogue(options: CatalogueOptions = {}): Promise<Catalogue> {
  const dir = options.dir ?? OWN_DATA;
  const faults: Faults = [];
  const claimTypes = await readSource(dir, 'claim-types.generated.json', claimTypesSchema, faults);
  const purposes = await readSource(dir, 'purposes.yaml', purposesSchema, faults);
  const providers = await readSource(dir, 'providers.yaml', providersSchema, faults);
  const clients = await readSource(dir, 'clients.yaml', clientsSchema, faults);
  const claimTexts = await readSource(dir, 'claim-types.yaml', claimTextsSchema, faults);
  const sets = [];
  for (const file of await requirementSetFiles(dir)) sets.push(await readSource(dir, join(SETS, file), requirementSetSchema, faults));

  const parts: Parts = {
    claimTypes: { source: claimTypes, items: compile(claimTypes, faults) },
    purposes: { source: purposes, items: purposes.data ?? [] },
    providers: { source: providers, items: withAddresses(providers, options.providerAddresses ?? {}, faults) },
    clients: { source: clients, items: clients.data ?? [] },
    claimTexts: { source: claimTexts, items: claimTexts.data ?? [] },
    requirementSets: readRequirementSets(sets),
  };
  // A part that could not be read would make everything that names it look wrong.
  if (claimTypes.data && purposes.data && providers.data) crossCheck(parts, faults);
  const spoken = { claimTypes: parts.claimTypes.items, requirementSets: parts.requirementSets.map(({ own }) => own) };
  const isRead = claimTypes.data !== undefined && sets.every(({ data }) => data !== undefined);
  const evidence = await readEvidence(dir, isRead ? spoken : undefined, faults);
  if (faults.length > 0) throw new CatalogueError(dir, faults);
  return createCatalogue(
    parts,
    evidence,
    hashOf([claimTypes, purposes, providers, clients, claimTexts, ...sets, evidenceSource(evidence)]),
  );
}

function createCatalogue(parts: Parts, evidence: Evidence, version: string): Catalogue {
  const claimTypes = new Map<string, ClaimType>();
  for (const claimType of parts.claimTypes.items) {
    claimTypes.set(`${claimType.name} ${claimType.version}`, claimType);
    const newest = claimTypes.get(claimType.name);
    if (!newest || newest.version < claimType.version) claimTypes.set(claimType.name, claimType);
  }
  const purposes = new Map(parts.purposes.items.map((purpose) => [purpose.id, purpose]));
  const clients = new Map(parts.clients.items.map((client) => [client.id, client]));
  const texts = new Map(parts.claimTexts.items.map((item) => [item.name, item]));
  const sensitive = (name: string): boolean => texts.get(name)?.sensitive ?? false;
  const whole = parts.requirementSets.filter(({ own }) => !own.abstract);
  const sets = new Map(whole.map((set) => [set.own.id, toRequirementSet(set.whole, sensitive)]));
  const providers = parts.providers.items;
  return {
    version,
    claimTypes: parts.claimTypes.items,
    claimType: (name, wanted) => claimTypes.get(wanted ? `${name} ${wanted}` : name),
    purposes: parts.purposes.items,
    purpose: (id) => purposes.get(id),
    clients: parts.clients.items,
    client: (id) => clients.get(id),
    requirementSets: [...sets.values()],
    requirementSet: (id) => sets.get(id),
    words: createWords(texts),
    legalBasisOf: (name) => texts.get(name)?.legalBasis,
    evidence,
    providers,
    providersFor: (claimType, parameters, requestRegion, usable) => route(providers, claimType, parameters, requestRegion, usable),
  };
}

async function requirementSetFiles(dir: string): Promise<string[]> {
  const files = await readdir(join(dir, SETS)).catch(() => []);
  return files.filter((file) => file.endsWith('.yaml')).sort();
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
  given: Readonly<Record<string, string | undefined>>,
  faults: Faults,
): Provider[] {
  const known = new Set(source.data?.flatMap(({ id, agency }) => [id, agency]));
  for (const name of Object.keys(given)) {
    if (source.data && !known.has(name))
      faults.push(`${source.file}: an address was given for ${name}, which is no provider and no agency`);
  }
  return (source.data ?? []).map((provider, index) => {
    const address = given[provider.id] ?? given[provider.agency] ?? provider.address;
    if (address === undefined) faults.push(source.at([index], `${provider.id} has no address, and none was given for it`));
    return { ...provider, address: address ?? '' };
  });
}

/** What the evidence says, as one source of the version. */
const evidenceSource = (data: Evidence): Pick<Source<Evidence>, 'file' | 'data'> => ({ file: 'evidence', data });

/** Over what is said, not how: comments, layout and the order of fields do not count. */
function hashOf(sources: readonly Pick<Source<unknown>, 'file' | 'data'>[]): string {
  const content = sources.map(({ file, data }) => [file.replaceAll('\\', '/'), data]);
  return createHash('sha256').update(JSON.stringify(content, sortedFields)).digest('hex').slice(0, 16);
}

function sortedFields(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
