/** A person in an audit record. */
export interface AuditedPerson {
  /** Pseudonym in context `audit`. */
  readonly pseudonym: string;
  readonly claimTypes: readonly string[];
}

/** What a service wrote down about a verification or a consent. */
export interface AuditRecord {
  /** UUID, or empty when it is about a consent only. */
  readonly verificationId: string;
  readonly consentId: string;
  /** What happened; actions that are not known yet are kept and change nothing. */
  readonly action: string;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  readonly legalBasis: string;
  /** Code of a refusal; empty otherwise. */
  readonly code: string;
  readonly persons: readonly AuditedPerson[];
  readonly leaseEnd?: Date;
}
