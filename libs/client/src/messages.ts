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
  /** Year of entry, with `requirementSet`; the first that the set binds unless said. */
  readonly entryYear?: number;
  /** Day of the application, `YYYY-MM-DD`, with `requirementSet`; today unless said. */
  readonly applicationDate?: string;
  /** Address code that the application is for, or the beginning of one, with `requirementSet`. */
  readonly addressCode?: string;
  /** Facts of the set that a person at the platform has seen, by id. */
  readonly facts?: Readonly<Record<string, boolean>>;
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
  readonly outcome: 'confirmed' | 'refuted' | 'not_found' | 'ambiguous' | 'unavailable' | 'not_needed';
  readonly agency: string;
  readonly asOf?: string;
  readonly disclosures?: Readonly<Record<string, string | number | boolean>>;
  readonly reason?: string;
  readonly retryAt?: string;
}

/** One reason of an explanation; what lacks is not said. */
export interface ExplanationLine {
  readonly code: string;
  /** Index into `claims`. */
  readonly claim?: number;
  /** Id of a fact. */
  readonly fact?: string;
  readonly have?: number;
  readonly need?: number;
  readonly shortBy?: number;
  /** Day from which it would hold, if things go on as they are. */
  readonly from?: string;
  /** Whom the family must see. */
  readonly office?: string;
  readonly parts?: readonly ExplanationLine[];
  readonly text: string;
}

/** One category, explained. */
export interface ExplainedCategory {
  readonly id: string;
  readonly title?: string;
  readonly result: 'met' | 'not_met' | 'undetermined';
  readonly reason: string;
  /** Day from which it would be met, if things go on as they are. */
  readonly from?: string;
  readonly lines: readonly ExplanationLine[];
  readonly text: string;
}

/** What a requirement set makes of the outcomes, in the language that was asked for. */
export interface Explanation {
  readonly language: 'zh-CN' | 'en';
  readonly entryYear: number;
  readonly applicationDate: string;
  readonly verdict: 'met' | 'not_met' | 'undetermined';
  /** Id of the first category that is met. */
  readonly reached?: string;
  /** Ids of the categories that may still be reached. */
  readonly possible: readonly string[];
  /** Whether something is open that only a person can clear up. */
  readonly needsPerson: boolean;
  readonly points?: { readonly least: number; readonly most?: number };
  readonly ties?: readonly { readonly id: string; readonly title: string; readonly first: string; readonly key?: string | number }[];
  readonly text: string;
  /** What every `from` takes for granted. */
  readonly assumption?: string;
  readonly categories: readonly ExplainedCategory[];
  /** Indexes into `claims`. */
  readonly notNeeded: readonly number[];
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
  /** Of a requirement set. */
  readonly explanation?: Explanation;
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
