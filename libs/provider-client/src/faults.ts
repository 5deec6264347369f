import type { ClaimFault } from './types.js';

interface FaultMeaning {
  readonly retryable: boolean;
  readonly meaning: string;
  readonly retryAfterMs?: number;
}

/** Codes of the faults that the hub itself makes; agencies add their own. */
export const PROVIDER_FAULTS = {
  agency_timeout: { retryable: true, meaning: 'The agency did not answer within the time for it' },
  agency_unavailable: { retryable: true, meaning: 'The agency cannot be reached, or has not answered for a while' },
  agency_error: { retryable: true, meaning: 'The agency refused a batch as a whole' },
  stream_ended: { retryable: true, meaning: 'The connection ended before the answer came, twice' },
  quota_exhausted: { retryable: true, meaning: "The agency's quota left no room within the time for it" },
  hub_busy: { retryable: true, meaning: 'Too many queries wait for this agency', retryAfterMs: 1000 },
  hub_stopping: { retryable: true, meaning: 'This process of the hub is stopping' },
  cancelled: { retryable: true, meaning: 'The caller gave up' },
  lease_ended: { retryable: true, meaning: 'The lease on the legal basis has ended; renew it' },
  // Retryable, since nonsense mostly means a release gone wrong, which somebody will mend: giving up would close claims that the agency
  // can answer tomorrow. Nothing is disclosed meanwhile, and the pause and the circuit breaker keep the cost of asking low.
  answer_malformed: { retryable: true, meaning: "The agency's answer does not have the declared shape", retryAfterMs: 5000 },
  // Not retryable: the agency says itself that it cannot answer this, until it is told otherwise by a deployment.
  claim_type_unsupported: { retryable: false, meaning: 'The agency does not answer this claim type at this version' },
} as const satisfies Record<string, FaultMeaning>;

/** A fault that the hub makes. */
export type ProviderFault = keyof typeof PROVIDER_FAULTS;

/** The fault of a code. */
export function toFault(code: ProviderFault, retryAfterMs?: number): ClaimFault {
  const meaning: FaultMeaning = PROVIDER_FAULTS[code];
  return { kind: 'fault', code, retryable: meaning.retryable, retryAfterMs: retryAfterMs ?? meaning.retryAfterMs };
}
