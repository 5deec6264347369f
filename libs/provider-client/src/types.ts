import type { DescribeResponse } from '@vouch/proto/evidence/v1/evidence';
import type { Logger, TraceContext, Tracer } from '@vouch/telemetry';
import type { DayQuota } from './quota.js';

/** What came of one query. */
export type ClaimAnswer = ClaimFinding | ClaimFault;

/** The agency's records answer the claim. */
export interface ClaimFinding {
  readonly kind: 'finding';
  readonly outcome: 'confirmed' | 'refuted' | 'not_found' | 'ambiguous';
  /** Day to which the records are complete, `YYYY-MM-DD`; undefined when the agency cannot say. */
  readonly asOf?: string | undefined;
  /** Only what the claim type declares, of the kinds that it declares. */
  readonly disclosures: Readonly<Record<string, string | number | boolean>>;
}

/** They could not be asked, or what came back cannot be used. */
export interface ClaimFault {
  readonly kind: 'fault';
  /** One of `PROVIDER_FAULTS`, or the agency's own code. */
  readonly code: string;
  /** Whether the same query may succeed later. */
  readonly retryable: boolean;
  /** Earliest useful retry, milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
}

/** One claim about people, asked once. It holds personal data: never log it. */
export interface ClaimQuery {
  readonly claimType: string;
  readonly claimVersion: number;
  /** A JSON object of at most 4096 bytes that the claim type's schema accepts. */
  readonly parametersJson: string;
  /** `subject`, and whoever else the claim type involves, by role. */
  readonly persons: Readonly<Record<string, { readonly idNumber: string; readonly name: string }>>;
  readonly platform: string;
  readonly purpose: string;
  /** Region of the lookup, 6 digits. */
  readonly region: string;
  /** Opaque. */
  readonly actorRef: string;
  /** Opaque reference of the redemption. */
  readonly basisRef: string;
  /** From this instant on nothing may be sent or accepted. */
  readonly leaseEnd: Date;
}

/** Who waits for an answer: a person at a counter, or a list that runs by itself. People go first. */
export type Priority = 'interactive' | 'batch';

/** How long, and on whose behalf, a caller waits. */
export interface CheckCall {
  readonly signal: AbortSignal;
  readonly deadline: Date;
  readonly trace?: TraceContext | undefined;
  /** `interactive` unless said. */
  readonly priority?: Priority | undefined;
}

/**
 * `connecting`: queries wait for the connection. `up`: queries are sent. `trial`: one query at a time, until one is answered.
 * `down`: queries fail at once, and the provider is probed.
 */
export type ProviderState = 'connecting' | 'up' | 'trial' | 'down';

/** One provider, shared by all lookups of the process. */
export interface ProviderClient extends AsyncDisposable {
  readonly id: string;
  /**
   * Asks one claim. Never rejects: what goes wrong is a fault. Settles by the call's deadline, the lease's end or the signal's abort,
   * whichever is first, whatever the provider does. The same question on the same basis at the same time is asked once.
   */
  check(query: ClaimQuery, call: CheckCall): Promise<ClaimAnswer>;
  /**
   * The provider's own account of itself, asked anew.
   * @throws VouchError `unavailable` or `deadline_exceeded`
   */
  describe(): Promise<DescribeResponse>;
  readonly state: ProviderState;
  /** Whether a query would be sent now: `up` or `trial`. */
  readonly healthy: boolean;
  /**
   * Calls the listener each time that more can be asked than before: the provider is reached (again), for a trial or for good.
   * Needs no traffic: a provider that is down is probed. Returns what ends it.
   */
  onHealthy(listener: () => void): () => void;
}

/** What the catalogue says of a claim type, as far as it matters here; a `ClaimType` of @vouch/catalogue is one. */
export interface ExpectedClaimType {
  readonly name: string;
  readonly version: number;
  readonly agency: string;
  readonly parametersSchema: Readonly<Record<string, unknown>>;
  readonly disclosures: Readonly<Record<string, 'integer' | 'boolean' | 'date' | 'code'>>;
  readonly routing: { readonly regionParameter?: string | undefined; readonly combine: 'any' | 'all' };
  readonly involves: readonly { readonly role: string; readonly required: boolean }[];
}

/** Bounds of one provider client. */
export interface ProviderLimits {
  /** Queries that wait to be sent, of people and of batches each; one more gets `hub_busy`. */
  readonly maxQueue: number;
  /** Who may wait for one and the same query; one more gets `hub_busy`. */
  readonly maxWaiters: number;
  /** Queries sent and not answered, whatever window the provider offers, and however well it bears them. */
  readonly maxInFlight: number;
  /** Queries in flight at which the search for the agency's knee begins, and below which it never goes. */
  readonly startInFlight: number;
  readonly minInFlight: number;
  /** Queries in one batch, whatever the provider accepts. */
  readonly maxBatch: number;
  /** Unary batches under way at once, for a provider without streams. */
  readonly maxUnaryCalls: number;
  /** For Describe, milliseconds. */
  readonly connectTimeoutMs: number;
  /** First and longest pause between probes of a provider that is down, milliseconds. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** Failures in a row, with no good answer between, that open the circuit breaker. */
  readonly tripAfter: number;
  /**
   * A query that nobody waits for any more counts as a failure only when it was out for this long, milliseconds, with nothing heard from
   * the provider since: callers with tiny budgets must not shut an agency off for everyone. And what silence is normal at the least.
   */
  readonly silenceMs: number;
}

/** What a provider client needs. */
export interface ProviderClientOptions {
  /** The provider's id in the catalogue. */
  readonly id: string;
  readonly agency: string;
  /** `host:port`. */
  readonly address: string;
  /** Regions that the catalogue routes here; a provider that does not say that it covers them is alarmed about. Read at each connect. */
  readonly regions?: readonly string[];
  /**
   * What the provider is held to: its claim types are compared at connect, and only disclosures that these declare pass. Its list may be
   * another one later: a claim type that is not in it any more stays expected as it was last, for those who still ask it.
   */
  readonly catalogue?: { readonly claimTypes: readonly ExpectedClaimType[] };
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Name of the calling service. */
  readonly caller?: string;
  readonly limits?: Partial<ProviderLimits>;
  /** This process's part of the agency's quota, above 0 and up to 1: with two processes that ask alike, a half. All of it unless said. */
  readonly quotaShare?: number;
  /** A day's quota that several count together; unless given, this process has its part of it, and forgets what it asked when it ends. */
  readonly dayQuota?: DayQuota;
}
