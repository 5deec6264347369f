import { IdType, type Query } from '@vouch/proto/evidence/v1/evidence';
import { type Adapter, type ClaimTypeDefinition, fullName, type Person } from './adapter.js';
import type { FaultCode } from './faults.js';

/** Largest `parameters_json`, bytes. */
export const LARGEST_PARAMETERS = 4096;

/** What a well-formed query asks. */
export interface Reading {
  readonly parameters: unknown;
  /** The subject and the roles that the claim type involves; whoever else was named is left out. */
  readonly persons: Readonly<Record<string, Person>>;
}

/** A claim type as queries find it. */
export interface KnownClaimType {
  readonly name: string;
  readonly definition: ClaimTypeDefinition;
}

/** Finds claim types by name, and reads the rest of a query by the one found. */
export interface QueryReader {
  /** The claim type that a query names, whatever its version. */
  claimTypeOf(query: Query): KnownClaimType | undefined;
  /** Reads what a query asks, or says why it cannot be answered. Says nothing about the lease. */
  read(query: Query, claimType: KnownClaimType | undefined): Reading | FaultCode;
}

/** A reader of the queries of one adapter. */
export function createQueryReader(adapter: Adapter): QueryReader {
  const byName = new Map<string, KnownClaimType>(
    Object.entries(adapter.claimTypes).map(([key, definition]) => {
      const name = fullName(adapter, key);
      return [name, { name, definition }];
    }),
  );
  return {
    claimTypeOf: (query) => byName.get(query.claimType),
    read(query, claimType) {
      if (query.id === '') return 'query_malformed';
      if (!claimType) return 'claim_type_unknown';
      if (query.claimVersion !== claimType.definition.version) return 'claim_version_unknown';
      const parameters = readParameters(query.parametersJson, claimType.definition);
      if (parameters === undefined) return 'parameters_invalid';
      const persons = readPersons(query, claimType.definition);
      return typeof persons === 'string' ? persons : { parameters, persons };
    },
  };
}

function readParameters(json: string, definition: ClaimTypeDefinition): object | undefined {
  if (Buffer.byteLength(json) > LARGEST_PARAMETERS) return undefined;
  try {
    const read = definition.parameters.safeParse(JSON.parse(json));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function readPersons(query: Query, definition: ClaimTypeDefinition): Record<string, Person> | FaultCode {
  const persons: Record<string, Person> = {};
  for (const [role, need] of Object.entries({ subject: 'required', ...definition.involves })) {
    const person = Object.hasOwn(query.persons, role) ? query.persons[role] : undefined;
    if (person === undefined) {
      if (need === 'required') return 'person_missing';
      continue;
    }
    if (person.idNumber === '' || person.name === '') return 'person_missing';
    if (person.idType !== IdType.GB11643 && person.idType !== IdType.UNSPECIFIED) return 'id_type_unsupported';
    persons[role] = { idNumber: person.idNumber.toUpperCase(), name: person.name.normalize('NFC').trim() };
  }
  return persons;
}
