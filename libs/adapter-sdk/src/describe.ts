import { z } from 'zod';
import { type Adapter, type ClaimTypeDefinition, fullName } from './adapter.js';
import type { DisclosureKind } from './finding.js';

/** A claim type as the generated catalogue file holds it. */
export interface DescribedClaimType {
  readonly name: string;
  readonly version: number;
  readonly agency: string;
  /** JSON Schema, draft 2020-12, of what a caller sends: a parameter with a default is optional. */
  readonly parametersSchema: Record<string, unknown>;
  readonly disclosures: Readonly<Record<string, DisclosureKind>>;
  readonly routing: {
    readonly regionParameter?: string;
    readonly combine: 'any' | 'all';
  };
  readonly involves: readonly {
    readonly role: string;
    readonly required: boolean;
  }[];
}

/** Every claim type of an adapter, sorted by name. */
export function describeAdapter(adapter: Adapter): DescribedClaimType[] {
  return Object.entries(adapter.claimTypes)
    .map(([key, claimType]) => describe(adapter, key, claimType))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(adapter: Adapter, key: string, claimType: ClaimTypeDefinition): DescribedClaimType {
  return {
    name: fullName(adapter, key),
    version: claimType.version,
    agency: adapter.agency,
    parametersSchema: z.toJSONSchema(claimType.parameters, { io: 'input' }),
    disclosures: sorted(claimType.discloses),
    routing: claimType.routing,
    involves: Object.entries(claimType.involves ?? {})
      .map(([role, need]) => ({ role, required: need === 'required' }))
      .sort((a, b) => (a.role < b.role ? -1 : 1)),
  };
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
