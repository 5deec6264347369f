import type { Answer } from '../answer.js';
import type { Entry } from '../history.js';

/** A row of `consent.consents`. */
export interface ConsentRow {
  readonly id: string;
  readonly status: string;
  readonly maxUses: number;
  readonly uses: number;
  readonly grantedAt?: Date;
  readonly eventSequence: number;
  readonly auditSequence: number;
}

/** A row of `consent.redemptions`. */
export interface RedemptionRow {
  readonly verificationId: string;
  readonly consentId?: string;
  readonly redeemedAt: Date;
  readonly leaseEnd: Date;
  readonly auditSequence: number;
}

/** A row of `lookup.verifications`, with its answer in the form of the API. */
export interface VerificationRow {
  readonly id: string;
  readonly platform: string;
  readonly status: string;
  readonly code?: string;
  readonly consentId?: string;
  readonly sequence: number;
  readonly createdAt: Date;
  readonly erasedAt?: Date;
  /** When asking again ends. */
  readonly giveUpAt?: Date;
  /** Whether a sealed identity is still there. */
  readonly sealed: boolean;
  /** What the API would show of it but for `retryAt`. */
  readonly answer: Answer;
}

/** What came of a row of a batch, as it is stored. */
export type RowOutcome =
  | { readonly kind: 'verification'; readonly id: string; readonly state: string }
  | { readonly kind: 'fault'; readonly code: string };

/** A row of `lookup.batch_chunks`. */
export interface ChunkRow {
  /** From 1. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** By place; null where there is none. */
  readonly outcomes: readonly (RowOutcome | null)[];
  /** Rows that wait for an agency, by its own count. */
  readonly pending: number;
  /** Whether an instance has it. */
  readonly leased: boolean;
  /** Whether rows are left in it. */
  readonly sealed: boolean;
}

/** A row of `lookup.batches` with its chunks in their order. */
export interface BatchRow {
  readonly id: string;
  readonly platform: string;
  readonly status: string;
  readonly total: number;
  readonly chunks: readonly ChunkRow[];
}

/** A leaf of the audit log with what it stands for. */
export interface LeafRow {
  readonly index: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly leaf: Buffer;
  readonly leafHash: Buffer;
  readonly salt?: Buffer;
  readonly payload?: unknown;
}

/** How many changes of the catalogue a service has recorded. */
export interface CatalogueChanges {
  readonly service: string;
  readonly sequence: number;
}

/** The database at the end. */
export interface DatabaseEvidence {
  readonly consents: readonly ConsentRow[];
  readonly redemptions: readonly RedemptionRow[];
  readonly verifications: readonly VerificationRow[];
  readonly catalogueChanges: readonly CatalogueChanges[];
  readonly leaves: readonly LeafRow[];
  readonly batches: readonly BatchRow[];
  /** Verifications that the audit has noted as never answered. */
  readonly answerUnknown: ReadonlySet<string>;
  /** Events that still wait, by schema. */
  readonly waiting: Readonly<Record<string, number>>;
}

/** A record of a topic. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly id: string;
  readonly sequence: number;
  readonly type: string;
  readonly time: Date;
  /** Trace id of what made it happen; absent where there is none. */
  readonly trace?: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A query that a registry answered with an outcome, out of its spans. */
export interface AnsweredQuery {
  readonly registry: string;
  readonly trace: string;
  /** When it was a retry's: whose. */
  readonly verification?: string;
  /** When it was of a batch and its row's span was kept: which. */
  readonly row?: { readonly batch: string; readonly row: number };
  readonly claimType?: string;
  /** Whoever asked has no span that says that it got the answer in time, or says that its commit was too late and the attempt failed. */
  readonly unused?: true;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Something that was broken, milliseconds since 1970 by the clock of the history. */
export interface Interruption {
  readonly from: number;
  readonly until: number;
  /** A process, the broker, the database, a link (`from->to`), or everything. */
  readonly part: string;
  readonly what: string;
}

/** All that a run leaves behind. */
export interface Evidence {
  readonly history: readonly Entry[];
  readonly database: DatabaseEvidence;
  /** By topic and partition in the order of their offsets. */
  readonly topics: readonly TopicRecord[];
  readonly queries: readonly AnsweredQuery[];
  readonly interruptions: readonly Interruption[];
  /** The right answer by family, found out before anything was broken: verdict, and outcome by claim (`claimKey`). */
  readonly truth: ReadonlyMap<number, { readonly verdict: string; readonly outcomes: ReadonlyMap<string, string> }>;
  /** What had not come to rest when the run stopped waiting. */
  readonly unrest: readonly string[];
}
