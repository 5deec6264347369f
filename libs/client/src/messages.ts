/** A person of a lookup or a consent. */
export interface Subject {
  /** GB 11643 number. */
  readonly idNumber: string;
  /** Full name. */
  readonly name: string;
}

/** One claim to verify. */
export interface Claim {
  readonly type: string;
  readonly version?: number;
  readonly subject: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Body of `POST /v1/verifications`: a requirement set or claims. */
export interface VerificationRequest {
  readonly purpose: string;
  readonly region: string;
  readonly requirementSet?: string;
  readonly claims?: readonly Claim[];
  readonly subjects: Readonly<Record<string, Subject>>;
  readonly legalBasis: { readonly type: 'consent'; readonly consentId: string } | { readonly type: 'statutory_duty' };
  readonly timeBudgetMs?: number;
  /** Seconds for which unavailable agencies are asked again, 0 (not at all) to 259200. */
  readonly retryForSeconds?: number;
}

/** What came of one claim. */
export interface ClaimResult {
  readonly type: string;
  readonly subject: string;
  readonly outcome: 'confirmed' | 'refuted' | 'not_found' | 'ambiguous' | 'unavailable';
  readonly agency: string;
  readonly asOf?: string;
  readonly disclosures?: Readonly<Record<string, string | number | boolean>>;
  readonly reason?: string;
  readonly retryAt?: string;
}

/** A verification as `GET /v1/verifications/{id}` returns it. */
export interface Verification {
  readonly id: string;
  readonly status: 'pending' | 'complete' | 'closed' | 'refused';
  readonly verdict?: 'met' | 'not_met' | 'undetermined';
  readonly legalBasis: unknown;
  readonly createdAt: string;
  readonly completedAt?: string;
  /** Code of the refusal or of the closing. */
  readonly code?: string;
  readonly claims: readonly ClaimResult[];
}

/** Body of `POST /v1/consents`. */
export interface ConsentRequest {
  readonly purpose: string;
  readonly claimTypes: readonly (string | { readonly type: string; readonly version?: number; readonly subjects?: readonly string[] })[];
  readonly subjects: Readonly<Record<string, Subject>>;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly maxUses?: number;
  readonly retentionDays?: number;
}

/** One part of a consent. */
export interface ConsentPart {
  readonly subject: string;
  readonly claimType: string;
  readonly version?: number;
}

/** A consent as `GET /v1/consents/{id}` returns it. */
export interface Consent {
  readonly id: string;
  readonly status: 'requested' | 'granted' | 'refused' | 'expired' | 'withdrawing' | 'withdrawn' | 'spent';
  readonly parts: readonly (ConsentPart & { readonly state: string })[];
  readonly uses?: number;
  readonly history: readonly { readonly change: string; readonly actor: string; readonly at: string }[];
}

/** Someone whose access log may be read. */
export interface AccessSubject {
  readonly subjectRef: string;
  readonly relation: string;
}

/** One look at a person's facts. */
export interface Access {
  readonly verificationId: string;
  readonly at: string;
  readonly platform: string;
  readonly purpose: string;
  readonly claimTypes: readonly string[];
  readonly legalBasis: string;
  readonly result: string;
  readonly code?: string;
}
