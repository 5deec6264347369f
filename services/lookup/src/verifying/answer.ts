import { assess } from '../domain/progress.js';
import type { Verification } from '../keeping/verification.js';

/** A verification as its platform sees it, as committed: what the audit's digest is of. The HTTP API adds the explanation. */
export interface Answer {
  readonly id: string;
  readonly status: Verification['status'];
  readonly verdict?: 'met' | 'not_met' | 'undetermined';
  readonly purpose: string;
  readonly region: string;
  readonly requirementSet?: string;
  /** Version of the catalogue that it was decided under. */
  readonly catalogueVersion?: string;
  readonly legalBasis: Verification['legalBasis'];
  readonly createdAt: string;
  readonly completedAt?: string;
  /** Code of the refusal or of the closing. */
  readonly code?: string;
  readonly claims: readonly AnsweredClaim[];
  readonly alternatives: readonly AnsweredAlternative[];
}

/** One claim as its platform sees it. */
export interface AnsweredClaim {
  readonly type: string;
  readonly version: number;
  readonly subject: string;
  readonly outcome: string;
  readonly agency: string;
  readonly asOf?: string;
  readonly disclosures: Readonly<Record<string, string | number | boolean>>;
  readonly reason?: string;
  readonly retryAt?: string;
}

/** One alternative as its platform sees it. */
export interface AnsweredAlternative {
  readonly id: string;
  readonly result: 'met' | 'not_met' | 'undetermined';
  readonly reason: string;
  readonly claims: readonly number[];
}

/** The answer of a verification. What it does not have is undefined, and left out where it is written down. */
export function toAnswer(made: Verification): Answer {
  const { retryAt } = made;
  const asked = retryAt === undefined || made.status !== 'pending' ? new Set<number>() : new Set(assess(made, made.claims).retryable);
  return {
    id: made.id,
    status: made.status,
    verdict: made.verdict || undefined,
    purpose: made.purpose,
    region: made.region,
    requirementSet: made.requirementSet || undefined,
    catalogueVersion: made.catalogueVersion || undefined,
    legalBasis: made.legalBasis,
    createdAt: made.createdAt.toISOString(),
    completedAt: made.completedAt?.toISOString(),
    code: made.code || undefined,
    claims: made.claims.map(({ type, version, subject, outcome, agency, asOf, disclosures, reason }, index) => ({
      type,
      version,
      subject,
      outcome,
      agency,
      asOf: asOf || undefined,
      disclosures,
      reason: reason || undefined,
      retryAt: asked.has(index) ? retryAt?.toISOString() : undefined,
    })),
    alternatives: made.alternatives.map(({ id, result, reason, claims }) => ({ id, result, reason, claims })),
  };
}

/** What is left of a verification whose answer was erased, or may no longer be shown: id, times and basis. */
export interface Tombstone {
  readonly id: string;
  readonly createdAt: string;
  readonly completedAt?: string;
  readonly legalBasis: Verification['legalBasis'];
}

/** The tombstone of a verification. */
export function toTombstone({ id, createdAt, completedAt, legalBasis }: Verification): Tombstone {
  return {
    id,
    createdAt: createdAt.toISOString(),
    ...(completedAt ? { completedAt: completedAt.toISOString() } : {}),
    legalBasis,
  };
}
