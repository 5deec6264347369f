import type { Logger } from '@vouch/telemetry';
import type { z } from 'zod';
import type { CheckResult, Discloses } from './finding.js';

/** Persons that a claim involves beside its subject, by role. */
export type Involves = Readonly<Record<string, 'required' | 'optional'>>;

/** A person in a query. Lives as long as the query; write it nowhere. */
export interface Person {
  /** GB 11643, 18 characters, upper case. */
  readonly idNumber: string;
  readonly name: string;
}

type RolesOf<R, Wanted> = {
  [Role in keyof R]: R[Role] extends Wanted ? Role : never;
}[keyof R];

/** Persons of a query: the subject, and one per role that the claim type involves. */
export type PersonsOf<R> = { readonly subject: Person } & {
  readonly [Role in RolesOf<R, 'required'>]: Person;
} & {
  readonly [Role in RolesOf<R, 'optional'>]?: Person;
};

/** One query as a check sees it: read, validated and within its lease. */
export interface ClaimQuery<Parameters = unknown, R = Involves> {
  readonly parameters: Parameters;
  readonly persons: PersonsOf<R>;
  /** Region of the lookup, 6 digits. */
  readonly region: string;
  readonly platform: string;
  readonly purpose: string;
  /** Opaque references of who asks and on which basis, for agencies whose interface wants them. */
  readonly actorRef: string;
  readonly basisRef: string;
  /** An answer after this instant is worth nothing: the deadline or the lease's end, whichever comes first. */
  readonly deadline: Date;
  /** Aborted when nobody waits for this query any more. */
  readonly signal: AbortSignal;
}

/** What a check is given beside its batch. */
export interface CheckContext {
  /** For technical facts only: never a person, a parameter or an answer. */
  readonly logger: Logger;
}

type Awaitable<T> = T | Promise<T>;

/** What a check returns: one result per query, in the queries' order; a result may be a promise when the agency answers one by one. */
export type CheckResults<D = Discloses> = Awaitable<readonly Awaitable<CheckResult<D>>[]>;

/** How the hub chooses the providers to ask, and how it combines their outcomes. */
export interface Routing<Parameter extends string = string> {
  /** Parameter that holds a region code or a list of them; left out: the request's own region decides. */
  readonly regionParameter?: Parameter;
  /** `any`: confirmed when one provider confirms. `all`: only when all of them do. */
  readonly combine: 'any' | 'all';
}

/** A claim type at one version, as the SDK keeps it, its types forgotten. */
export interface ClaimTypeDefinition {
  /** Rises when the meaning changes. */
  readonly version: number;
  /** Strict object: an unknown parameter is a fault. */
  readonly parameters: z.ZodObject;
  readonly routing: Routing;
  readonly involves?: Involves;
  /** Everything that an answer may disclose; `{}` for the bare outcome. */
  readonly discloses: Discloses;
  /** Batches given to `check` at once; 4 unless said. */
  readonly parallelism?: number;
  check(batch: readonly ClaimQuery[], context: CheckContext): CheckResults;
}

/** What an adapter says of itself beside its claim types. */
interface AdapterHead {
  /** Name in kebab-case, which begins the names of its claim types: `social-security`. */
  readonly agency: string;
  /** GB/T 2260 codes that this provider covers: province, city or county. */
  readonly regions: readonly string[];
  /** Most queries in one batch; 256 unless said. */
  readonly largestBatch?: number;
  /** What the agency allows over all callers. */
  readonly quota?: { readonly perSecond?: number; readonly perDay?: number };
}

/** An adapter: what turns a registry into a provider. */
export interface Adapter extends AdapterHead {
  /** By name without the agency: `household-registered`. */
  readonly claimTypes: Readonly<Record<string, ClaimTypeDefinition>>;
}

type DisclosesAt<D, K> = K extends keyof D ? (D[K] extends Discloses ? D[K] : never) : never;
// biome-ignore lint/complexity/noBannedTypes: no role at all is the empty object.
type InvolvesAt<R, K> = K extends keyof R ? (R[K] extends Involves ? R[K] : {}) : {};

/**
 * The claim types of one adapter. Each member infers one thing (parameters, disclosures, roles) from the literal; the last
 * infers nothing (its `as` clause sees to that) and types `check` by what the others found.
 */
type ClaimTypes<P extends Record<string, z.ZodObject>, D, R> = {
  readonly [K in keyof P]: {
    readonly version: number;
    readonly parameters: P[K];
  };
} & { readonly [K in keyof D]: { readonly discloses: D[K] } } & {
  readonly [K in keyof R]: { readonly involves?: R[K] & Involves };
} & {
  readonly [K in keyof P as K]: {
    readonly routing: Routing<keyof z.input<P[K]> & string>;
    readonly parallelism?: number;
    check(batch: readonly ClaimQuery<z.output<P[K]>, InvolvesAt<R, K>>[], context: CheckContext): CheckResults<DisclosesAt<D, K>>;
  };
};

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Defines an adapter: the one thing that an integration engineer writes. Parameters, persons and disclosures of each `check`
 * are typed by the schema, the roles and the kinds declared beside it. Throws when the definition contradicts itself.
 */
export function defineAdapter<const P extends Record<string, z.ZodObject>, const D extends Record<string, Discloses>, const R>(
  definition: AdapterHead & { readonly claimTypes: ClaimTypes<P, D, R> },
): Adapter {
  // The types above hold per claim type; from here on claim types are met by name only, and their queries are read by schema.
  const adapter = definition as unknown as Adapter;
  const faults = faultsOf(adapter);
  if (faults.length > 0) throw new TypeError(`The adapter of ${adapter.agency} has faults:\n- ${faults.join('\n- ')}`);
  return adapter;
}

/** A claim type's full name: agency, then key. */
export const fullName = (adapter: Adapter, key: string): string => `${adapter.agency}.${key}`;

function faultsOf(adapter: Adapter): string[] {
  const faults: string[] = [];
  if (!NAME.test(adapter.agency)) faults.push('agency: named in kebab-case');
  if (adapter.regions.length === 0) faults.push('regions: name at least one');
  for (const region of adapter.regions) {
    if (!/^\d{2}(\d{2}){0,2}$/.test(region)) faults.push(`regions: ${region} is not a GB/T 2260 code of 2, 4 or 6 digits`);
  }
  if (adapter.largestBatch !== undefined && !(adapter.largestBatch >= 1)) faults.push('largestBatch: at least 1');
  for (const [key, claimType] of Object.entries(adapter.claimTypes)) {
    if (!NAME.test(key)) faults.push(`${key}: claim types are named in kebab-case`);
    if (!Number.isInteger(claimType.version) || claimType.version < 1) faults.push(`${key}: versions are whole numbers from 1`);
    if (claimType.parameters.def.catchall?._zod.def.type !== 'never') faults.push(`${key}: parameters must be a z.strictObject`);
    const { regionParameter } = claimType.routing;
    if (regionParameter !== undefined && !(regionParameter in claimType.parameters.shape)) {
      faults.push(`${key}: routing names the parameter ${regionParameter}, which does not exist`);
    }
    if ('subject' in (claimType.involves ?? {})) faults.push(`${key}: the subject is always there; involves names further roles`);
  }
  return faults;
}
