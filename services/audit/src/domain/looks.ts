import type { AuditRecord } from './audit-record.js';

/** What some records say together about one verification. */
export interface Look {
  readonly verificationId: string;
  /** Earliest time of the records: when it was asked. */
  readonly at: Date;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  readonly legalBasis: string;
  readonly consentId: string;
  /** Latest end of a lease. */
  readonly leaseEnd?: Date;
  /** The platform got an answer, perhaps a partial one. */
  readonly answered: boolean;
  /** Code of the refusal. */
  readonly refusal?: string;
  /** Claim types asked, by the person's pseudonym. */
  readonly persons: ReadonlyMap<string, readonly string[]>;
}

/** A record and when it happened. */
export interface Recorded {
  readonly record: AuditRecord;
  readonly at: Date;
}

const ANSWERS: readonly string[] = ['answered', 'completed', 'closed'];

/**
 * Folds records into one look per verification, in whatever order they came: what was asked comes from one service and what became of it
 * from another.
 */
export function looksOf(records: readonly Recorded[]): readonly Look[] {
  const looks = new Map<string, Look>();
  for (const recorded of records) {
    const { verificationId } = recorded.record;
    if (verificationId === '') continue;
    const before = looks.get(verificationId);
    const look = toLook(recorded);
    looks.set(verificationId, before ? merge(before, look) : look);
  }
  return [...looks.values()];
}

function toLook({ record, at }: Recorded): Look {
  const { verificationId, platform, purpose, region, legalBasis, consentId, leaseEnd, persons } = record;
  return {
    ...{ verificationId, at, platform, purpose, region, legalBasis, consentId },
    ...(leaseEnd && { leaseEnd }),
    answered: ANSWERS.includes(record.action),
    ...(record.action === 'refused' && { refusal: record.code }),
    persons: union(persons.map((person) => [person.pseudonym, person.claimTypes] as const)),
  };
}

function merge(one: Look, other: Look): Look {
  const leaseEnd = latest(one.leaseEnd, other.leaseEnd);
  const refusal = one.refusal ?? other.refusal;
  return {
    ...one,
    at: one.at < other.at ? one.at : other.at,
    ...(leaseEnd && { leaseEnd }),
    answered: one.answered || other.answered,
    ...(refusal !== undefined && { refusal }),
    persons: union([...one.persons, ...other.persons]),
  };
}

function union(entries: readonly (readonly [pseudonym: string, claimTypes: readonly string[]])[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, Set<string>>();
  for (const [pseudonym, claimTypes] of entries) {
    const types = all.get(pseudonym) ?? new Set();
    for (const type of claimTypes) types.add(type);
    all.set(pseudonym, types);
  }
  return new Map([...all].map(([pseudonym, types]) => [pseudonym, [...types].sort()]));
}

const latest = (one: Date | undefined, other: Date | undefined): Date | undefined =>
  one && other ? (one > other ? one : other) : (one ?? other);
