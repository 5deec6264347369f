import type { AuditRecord } from './audit-record.js';
import type { Writer } from './writer.js';

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
  /** Highest sequence number among each writer's records; 0 without one. */
  readonly sequences: Readonly<Record<Writer, number>>;
}

/** A record and when it happened. */
export interface Recorded {
  readonly record: AuditRecord;
  readonly at: Date;
  /** Who wrote it, and its number among what they wrote about the verification; absent when its key tells of something else. */
  readonly writer?: Writer;
  readonly sequence: number;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };
type GrowingLook = Growing<Look> & { persons: Map<string, readonly string[]>; sequences: Record<Writer, number> };

/**
 * Folds records into one look per verification, in whatever order they came: what was asked comes from one service and what became of it
 * from another.
 */
export function looksOf(records: readonly Recorded[]): readonly Look[] {
  const looks = new Map<string, GrowingLook>();
  for (const recorded of records) {
    const { verificationId } = recorded.record;
    if (verificationId === '') continue;
    const before = looks.get(verificationId);
    if (before) add(before, recorded);
    else looks.set(verificationId, begin(recorded));
  }
  return [...looks.values()];
}

function begin(recorded: Recorded): GrowingLook {
  const { verificationId, platform, purpose, region, legalBasis, consentId } = recorded.record;
  const look: GrowingLook = {
    verificationId,
    at: recorded.at,
    platform,
    purpose,
    region,
    legalBasis,
    consentId,
    answered: false,
    persons: new Map(),
    sequences: { consent: 0, lookup: 0 },
  };
  add(look, recorded);
  return look;
}

function add(look: GrowingLook, { record, at, writer, sequence }: Recorded): void {
  const { action, code, leaseEnd, persons } = record;
  if (at < look.at) look.at = at;
  if (leaseEnd && !(look.leaseEnd && look.leaseEnd > leaseEnd)) look.leaseEnd = leaseEnd;
  if (action === 'answered' || action === 'completed' || action === 'closed') look.answered = true;
  if (action === 'refused') look.refusal ??= code;
  for (const { pseudonym, claimTypes } of persons) look.persons.set(pseudonym, union(look.persons.get(pseudonym), claimTypes));
  if (writer) look.sequences[writer] = Math.max(look.sequences[writer], sequence);
}

/** Sorted, each once. What is asked and what is answered name the same claim types mostly. */
function union(known: readonly string[] | undefined, claimTypes: readonly string[]): readonly string[] {
  if (known && claimTypes.every((type) => known.includes(type))) return known;
  return [...new Set([...(known ?? []), ...claimTypes])].sort();
}
