import type { Application } from '../domain/application.js';
import type { Finding, Outcome } from '../domain/claim.js';
import type { FurtherRules } from '../domain/plan.js';
import type { AnsweredStatus } from '../domain/progress.js';
import type { EvaluatedAlternative, VerdictResult } from '../domain/verdict.js';
import type { LegalBasis } from '../requests/verification-request.js';

/** Where a verification stands. */
export type VerificationStatus = AnsweredStatus | 'refused';

/** A claim with what came of it, as it is stored: parameters and persons are in the sealed part, while they are needed. */
export interface StoredClaim {
  readonly type: string;
  readonly version: number;
  readonly agency: string;
  readonly subject: string;
  readonly asking?: 'least';
  readonly outcome: Outcome;
  readonly asOf?: string;
  readonly disclosures: Finding['disclosures'];
  readonly reason?: string;
  readonly retryable: boolean;
}

/** One verification as committed. */
export interface Verification {
  /** UUID. */
  readonly id: string;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  readonly legalBasis: LegalBasis;
  readonly requirementSet?: string;
  /** Version of the catalogue that it was decided under. */
  readonly catalogueVersion?: string;
  /** What its requirement set was worked out for, without what is personal. */
  readonly application?: Omit<Application, 'personal'>;
  /** The rest of it, sealed. */
  readonly personal?: Buffer;
  readonly status: VerificationStatus;
  /** Undefined when refused or erased. */
  readonly verdict?: VerdictResult;
  /** Code of the refusal or of the closing. */
  readonly code?: string;
  readonly claims: readonly StoredClaim[];
  readonly alternatives: readonly EvaluatedAlternative[];
  /** What the set decides by beside its categories. */
  readonly further?: FurtherRules;
  /** Identities, roles and parameters, sealed; only while pending. */
  readonly sealed?: Buffer;
  /** Keyed digest of the request, when it had an idempotency key. */
  readonly fingerprint?: string;
  /** Of the last event on each of its two topics; from 1. */
  readonly sequence: number;
  /** Retries made. */
  readonly attempts: number;
  readonly createdAt: Date;
  /** When it became complete, closed or refused. */
  readonly completedAt?: Date;
  /** When the answer is erased. */
  readonly eraseAt?: Date;
  /** When the answer was erased: what is left is a tombstone. */
  readonly erasedAt?: Date;
  /** When the agencies are asked again. */
  readonly retryAt?: Date;
  /** When a pending one is given up. */
  readonly giveUpAt?: Date;
  /** Trace that made it. */
  readonly traceparent?: string;
}

/** A claim as it is stored after a finding. */
export function toStoredClaim(claim: Omit<StoredClaim, 'outcome' | 'disclosures' | 'retryable'>, finding: Finding): StoredClaim {
  const { type, version, agency, subject, asking } = claim;
  const { outcome, asOf, disclosures, reason, retryable } = finding;
  return {
    type,
    version,
    agency,
    subject,
    ...(asking ? { asking } : {}),
    outcome,
    ...(asOf ? { asOf } : {}),
    disclosures,
    ...(reason ? { reason } : {}),
    retryable,
  };
}
