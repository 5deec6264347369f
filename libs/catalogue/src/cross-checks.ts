import { checkRequirementSets, type ReadSet } from './check-requirement-sets.js';
import type { Faults, Source } from './source.js';
import type { ClaimTexts, ClaimType, ClientRights, Provider, Purpose } from './types.js';

/** Everything that was read, each part with the file that it came from. */
export interface Parts {
  readonly claimTypes: { readonly source: Source<unknown>; readonly items: readonly ClaimType[] };
  readonly purposes: { readonly source: Source<unknown>; readonly items: readonly Purpose[] };
  readonly providers: { readonly source: Source<unknown>; readonly items: readonly Provider[] };
  readonly clients: { readonly source: Source<unknown>; readonly items: readonly ClientRights[] };
  readonly claimTexts: { readonly source: Source<unknown>; readonly items: readonly ClaimTexts[] };
  readonly requirementSets: readonly ReadSet[];
}

/** Faults between the parts: names that lead nowhere, things defined twice, parameters that a claim type refuses. */
export function crossCheck(parts: Parts, faults: Faults): void {
  checkClaimTypes(parts, faults);
  checkTwice(parts.purposes.source, parts.purposes.items, faults);
  checkTwice(parts.providers.source, parts.providers.items, faults);
  checkTwice(parts.clients.source, parts.clients.items, faults);
  checkClients(parts, faults);
  checkClaimTexts(parts, faults);
  checkRequirementSets(
    parts.requirementSets,
    { purposes: parts.purposes.items, claimTypes: parts.claimTypes.items, providers: parts.providers.items },
    faults,
  );
}

function checkTwice(source: Source<unknown>, items: readonly { readonly id: string }[], faults: Faults): void {
  for (const [index, { id }] of items.entries()) {
    if (items.findIndex((other) => other.id === id) < index)
      faults.push(source.at([index, 'id'], `${id} is defined twice: give one of the two another id, or take it out`));
  }
}

function checkClaimTypes({ claimTypes: { source, items }, providers }: Parts, faults: Faults): void {
  for (const [index, { name, version, agency, involves }] of items.entries()) {
    if (items.findIndex((other) => other.name === name && other.version === version) < index) {
      faults.push(source.at([index], `${name} version ${version} is defined twice: take one out, or raise its version`));
    }
    if (!name.startsWith(`${agency}.`))
      faults.push(source.at([index, 'name'], `${name} must begin with its agency, ${agency}: rename it, or correct the agency`));
    if (new Set(involves.map(({ role }) => role)).size < involves.length) {
      faults.push(source.at([index, 'involves'], `${name} involves a role twice: name each role once`));
    }
    if (!providers.items.some((provider) => provider.agency === agency)) {
      faults.push(source.at([index, 'agency'], `${name}: no provider answers for ${agency}: add one to providers.yaml`));
    }
  }
}

function checkClients({ clients: { source, items }, purposes, claimTypes }: Parts, faults: Faults): void {
  const purposeById = new Map(purposes.items.map((purpose) => [purpose.id, purpose]));
  for (const [index, client] of items.entries()) {
    for (const [at, purpose] of client.purposes.entries()) {
      if (!purposeById.has(purpose))
        faults.push(
          source.at([index, 'purposes', at], `${client.id}: there is no purpose ${purpose}: name one of purposes.yaml, or add it there`),
        );
    }
    for (const [at, purpose] of client.statutoryPurposes.entries()) {
      const path = [index, 'statutoryPurposes', at];
      if (!client.purposes.includes(purpose))
        faults.push(source.at(path, `${client.id}: ${purpose} must also be among its purposes: add it there, or take it out here`));
      else if (purposeById.has(purpose) && !purposeById.get(purpose)?.statutoryBasis) {
        faults.push(
          source.at(
            path,
            `${client.id}: ${purpose} has no statutoryBasis: give it one in purposes.yaml, or let the client ask with consent`,
          ),
        );
      }
    }
    if (client.claimTypes === '*') continue;
    for (const [at, name] of client.claimTypes.entries()) {
      if (!claimTypes.items.some((claimType) => claimType.name === name)) {
        faults.push(source.at([index, 'claimTypes', at], `${client.id}: there is no claim type ${name}: name one that an adapter defines`));
      }
    }
  }
}

function checkClaimTexts({ claimTypes, claimTexts: { source, items } }: Parts, faults: Faults): void {
  for (const [index, { name }] of items.entries()) {
    if (!claimTypes.items.some((claimType) => claimType.name === name))
      faults.push(source.at([index, 'name'], `there is no claim type ${name}: name one that an adapter defines, or take the text out`));
    if (items.findIndex((other) => other.name === name) < index)
      faults.push(source.at([index, 'name'], `${name} is defined twice: keep one of the two`));
  }
}
