/** Every fault code that the SDK gives by itself, and whether the same query may succeed later. */
export const FAULT_CODES = {
  // The query cannot be answered here, now or later.
  query_malformed: false,
  query_id_repeated: false,
  batch_too_large: false,
  claim_type_unknown: false,
  claim_version_unknown: false,
  parameters_invalid: false,
  person_missing: false,
  id_type_unsupported: false,
  // The lease on the legal basis is over: only a new query under a renewed lease may be answered.
  lease_ended: false,
  // The agency, or the way to it.
  agency_error: true,
  agency_timeout: true,
  quota_exhausted: true,
  daily_cap_reached: true,
  // This provider.
  deadline_exceeded: true,
  overloaded: true,
  provider_draining: true,
} as const satisfies Record<string, boolean>;

/** A fault code of the SDK's own. */
export type FaultCode = keyof typeof FAULT_CODES;
