import { type ClaimTypeDescription, Combine, type DescribeResponse, DisclosureKind } from '@vouch/proto/evidence/v1/evidence';
import type { ExpectedClaimType } from './types.js';

const KINDS: Readonly<Partial<Record<DisclosureKind, string>>> = {
  [DisclosureKind.INTEGER]: 'integer',
  [DisclosureKind.BOOLEAN]: 'boolean',
  [DisclosureKind.DATE]: 'date',
  [DisclosureKind.CODE]: 'code',
};

/** Key of a claim type at a version. */
export const claimKey = (name: string, version: number): string => `${name} ${version}`;

/** What a provider answers, as it says itself: claim type keys with what each may disclose. */
export function readDescribed(description: DescribeResponse): ReadonlyMap<string, ExpectedClaimType['disclosures']> {
  return new Map(description.claimTypes.map((described) => [claimKey(described.name, described.version), disclosuresOf(described)]));
}

/**
 * Where a provider's account of itself and the catalogue differ, one line each. The catalogue wins either way; somebody should look.
 * @param regions what the catalogue routes to this provider
 */
export function compareDescription(
  description: DescribeResponse,
  agency: string,
  claimTypes: readonly ExpectedClaimType[],
  regions: readonly string[],
): string[] {
  const alarms: string[] = [];
  if (description.agency !== agency) alarms.push(`it answers for another agency than ${agency}`);
  for (const region of regions) {
    if (!description.regions.some((covered) => region.startsWith(covered))) alarms.push(`it does not cover region ${region}`);
  }
  const described = new Map(description.claimTypes.map((claimType) => [claimKey(claimType.name, claimType.version), claimType]));
  for (const expected of claimTypes.filter((claimType) => claimType.agency === agency)) {
    const key = claimKey(expected.name, expected.version);
    const found = described.get(key);
    if (!found) alarms.push(`it does not answer ${key}`);
    else for (const part of differences(expected, found)) alarms.push(`${key} has other ${part} than in the catalogue`);
  }
  return alarms;
}

function differences(expected: ExpectedClaimType, found: ClaimTypeDescription): string[] {
  const pairs: [part: string, expected: unknown, found: unknown][] = [
    ['parameters', expected.parametersSchema, parseJson(found.parametersSchemaJson)],
    ['disclosures', expected.disclosures, disclosuresOf(found)],
    [
      'routing',
      [expected.routing.regionParameter ?? '', expected.routing.combine],
      [found.routing?.regionParameter ?? '', found.routing?.combine === Combine.ALL ? 'all' : 'any'],
    ],
    ['involved roles', rolesOf(expected.involves), rolesOf(found.involves)],
  ];
  return pairs.filter(([, a, b]) => canonical(a) !== canonical(b)).map(([part]) => part);
}

const disclosuresOf = (described: ClaimTypeDescription): ExpectedClaimType['disclosures'] =>
  Object.fromEntries(
    Object.entries(described.disclosures).flatMap(([name, kind]) => {
      const known = KINDS[kind] as ExpectedClaimType['disclosures'][string] | undefined;
      return known ? [[name, known] as const] : [];
    }),
  );

const rolesOf = (involves: readonly { readonly role: string; readonly required: boolean }[]): string[] =>
  involves.map(({ role, required }) => `${role} ${required}`).sort();

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) ?? 'undefined';
