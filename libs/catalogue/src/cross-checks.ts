import { route } from './routing.js';
import type { Faults, Path, Source } from './source.js';
import type { ClaimTemplate, ClaimType, ClientRights, Provider, Purpose, RequirementSet } from './types.js';

/** Everything that was read, each part with the file that it came from. */
export interface Parts {
  readonly claimTypes: { readonly source: Source<unknown>; readonly items: readonly ClaimType[] };
  readonly purposes: { readonly source: Source<unknown>; readonly items: readonly Purpose[] };
  readonly providers: { readonly source: Source<unknown>; readonly items: readonly Provider[] };
  readonly clients: { readonly source: Source<unknown>; readonly items: readonly ClientRights[] };
  readonly requirementSets: readonly { readonly source: Source<unknown>; readonly item: RequirementSet }[];
}

/** Faults between the parts: names that lead nowhere, things defined twice, parameters that a claim type refuses. */
export function crossCheck(parts: Parts, faults: Faults): void {
  checkClaimTypes(parts, faults);
  checkTwice(parts.purposes.source, parts.purposes.items, faults);
  checkTwice(parts.providers.source, parts.providers.items, faults);
  checkTwice(parts.clients.source, parts.clients.items, faults);
  checkClients(parts, faults);
  checkRequirementSets(parts, faults);
}

function checkTwice(source: Source<unknown>, items: readonly { readonly id: string }[], faults: Faults): void {
  for (const [index, { id }] of items.entries()) {
    if (items.findIndex((other) => other.id === id) < index) faults.push(source.at([index, 'id'], `${id} is defined twice`));
  }
}

function checkClaimTypes({ claimTypes: { source, items }, providers }: Parts, faults: Faults): void {
  for (const [index, { name, version, agency, involves }] of items.entries()) {
    if (items.findIndex((other) => other.name === name && other.version === version) < index) {
      faults.push(source.at([index], `${name} version ${version} is defined twice`));
    }
    if (!name.startsWith(`${agency}.`)) faults.push(source.at([index, 'name'], `${name} must begin with its agency, ${agency}`));
    if (new Set(involves.map(({ role }) => role)).size < involves.length) {
      faults.push(source.at([index, 'involves'], `${name} involves a role twice`));
    }
    if (!providers.items.some((provider) => provider.agency === agency)) {
      faults.push(source.at([index, 'agency'], `${name}: no provider answers for ${agency}`));
    }
  }
}

function checkClients({ clients: { source, items }, purposes, claimTypes }: Parts, faults: Faults): void {
  const purposeById = new Map(purposes.items.map((purpose) => [purpose.id, purpose]));
  for (const [index, client] of items.entries()) {
    for (const [at, purpose] of client.purposes.entries()) {
      if (!purposeById.has(purpose)) faults.push(source.at([index, 'purposes', at], `${client.id}: there is no purpose ${purpose}`));
    }
    for (const [at, purpose] of client.statutoryPurposes.entries()) {
      const path = [index, 'statutoryPurposes', at];
      if (!client.purposes.includes(purpose)) faults.push(source.at(path, `${client.id}: ${purpose} must also be among its purposes`));
      else if (purposeById.has(purpose) && !purposeById.get(purpose)?.statutoryBasis) {
        faults.push(source.at(path, `${client.id}: ${purpose} has no statutoryBasis`));
      }
    }
    if (client.claimTypes === '*') continue;
    for (const [at, name] of client.claimTypes.entries()) {
      if (!claimTypes.items.some((claimType) => claimType.name === name)) {
        faults.push(source.at([index, 'claimTypes', at], `${client.id}: there is no claim type ${name}`));
      }
    }
  }
}

function checkRequirementSets({ requirementSets, purposes, claimTypes, providers }: Parts, faults: Faults): void {
  const seen = new Map<string, string>();
  for (const { source, item: set } of requirementSets) {
    const before = seen.get(set.id);
    if (before) faults.push(source.at(['id'], `${set.id} is also defined in ${before}`));
    seen.set(set.id, source.file);
    if (set.id.split('/')[0] !== set.region) faults.push(source.at(['region'], `the id must begin with the region, ${set.region}`));
    if (!purposes.items.some(({ id }) => id === set.purpose)) faults.push(source.at(['purpose'], `there is no purpose ${set.purpose}`));
    for (const [index, alternative] of set.alternatives.entries()) {
      if (set.alternatives.findIndex(({ id }) => id === alternative.id) < index) {
        faults.push(source.at(['alternatives', index, 'id'], `${alternative.id} is defined twice`));
      }
      for (const [at, claim] of alternative.allOf.entries()) {
        checkClaim(claim, set, ['alternatives', index, 'allOf', at], source, claimTypes.items, providers.items, faults);
      }
    }
  }
}

function checkClaim(
  claim: ClaimTemplate,
  set: RequirementSet,
  path: Path,
  source: Source<unknown>,
  claimTypes: readonly ClaimType[],
  providers: readonly Provider[],
  faults: Faults,
): void {
  const claimType = claimTypes.find(({ name, version }) => name === claim.type && version === claim.version);
  if (!claimType) {
    faults.push(source.at([...path, 'type'], `there is no claim type ${claim.type} version ${claim.version}`));
    return;
  }
  for (const { pointer, code, detail } of claimType.validate(claim.parameters)) {
    const where = pointer.split('/').slice(1);
    faults.push(source.at([...path, 'parameters', ...where], `${claim.type}: parameters${pointer}: ${detail} (${code})`));
  }
  const given = Object.keys(claim.with ?? {});
  for (const { role, required } of claimType.involves) {
    if (required && !given.includes(role)) faults.push(source.at([...path, 'with'], `${claim.type} needs ${role} in with`));
  }
  for (const role of given) {
    if (!claimType.involves.some((involved) => involved.role === role)) {
      faults.push(source.at([...path, 'with', role], `${claim.type} involves no ${role}`));
    }
  }
  if (route(providers, claimType, claim.parameters, set.region).length === 0) {
    faults.push(source.at([...path, 'type'], `${claim.type}: no provider covers what is asked`));
  }
}
