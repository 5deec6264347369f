/** gRPC status names that Vouch uses; the numbers live in libs/rpc. */
export type GrpcStatusName =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'UNAUTHENTICATED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED';

/** What one error code means on each edge. */
export interface CodeMeaning {
  /** HTTP status of the problem details. */
  readonly http: number;
  /** gRPC status. */
  readonly grpc: GrpcStatusName;
  /** Short text for the caller; names no person and echoes no input. */
  readonly title: string;
  /** True when the same call may succeed later, unchanged. */
  readonly retryable?: true;
}

/** Every error code, the same over HTTP and gRPC. `docs/errors.md` lists them too, and a test holds the two together. */
export const ERROR_CODES = {
  // The request cannot be read.
  request_invalid: { http: 400, grpc: 'INVALID_ARGUMENT', title: 'The request has faults, listed in errors' },
  body_malformed: { http: 400, grpc: 'INVALID_ARGUMENT', title: 'The body is not valid JSON' },
  body_too_large: { http: 413, grpc: 'RESOURCE_EXHAUSTED', title: 'The body is larger than 256 kB' },
  content_type_unsupported: { http: 415, grpc: 'INVALID_ARGUMENT', title: 'The content type must be application/json' },
  headers_too_large: { http: 431, grpc: 'RESOURCE_EXHAUSTED', title: 'The head of the request is larger than 16 kB' },
  request_timeout: { http: 408, grpc: 'DEADLINE_EXCEEDED', title: 'The request did not arrive in time' },
  not_acceptable: { http: 406, grpc: 'INVALID_ARGUMENT', title: 'None of the accepted media types can be served' },
  route_not_found: { http: 404, grpc: 'UNIMPLEMENTED', title: 'There is nothing at this address' },
  method_not_allowed: { http: 405, grpc: 'UNIMPLEMENTED', title: 'This address does not take this method' },

  // Who asks.
  unauthenticated: { http: 401, grpc: 'UNAUTHENTICATED', title: 'A valid bearer token is needed' },
  token_expired: { http: 401, grpc: 'UNAUTHENTICATED', title: 'The token has expired' },
  scope_missing: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The token lacks the scope for this' },
  caller_kind_wrong: { http: 403, grpc: 'PERMISSION_DENIED', title: 'This is not for this kind of caller' },
  client_unknown: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The catalogue does not know this client' },
  purpose_not_allowed: { http: 403, grpc: 'PERMISSION_DENIED', title: 'This client may not ask for this purpose' },
  region_not_allowed: { http: 403, grpc: 'PERMISSION_DENIED', title: 'This client may not ask in this region' },
  claim_type_not_allowed: { http: 403, grpc: 'PERMISSION_DENIED', title: 'This client may not ask this claim type' },

  // The legal basis refuses.
  consent_not_granted: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The consent is not granted, or not in every part that is asked' },
  consent_expired: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The consent has expired' },
  consent_not_yet_valid: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The consent is not valid yet' },
  consent_withdrawn: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The consent has been withdrawn' },
  consent_spent: { http: 403, grpc: 'PERMISSION_DENIED', title: 'Every use of the consent is spent' },
  consent_other_platform: { http: 403, grpc: 'PERMISSION_DENIED', title: 'No consent of this platform has this id' },
  consent_other_purpose: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The consent is for another purpose' },
  claim_type_not_covered: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The consent does not cover a claim type that is asked' },
  person_not_covered: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The consent does not cover a person who is asked about' },
  statutory_basis_not_granted: {
    http: 403,
    grpc: 'PERMISSION_DENIED',
    title: 'The catalogue grants this client no statutory basis for this purpose',
  },

  // Deciding a consent.
  not_guardian: { http: 403, grpc: 'PERMISSION_DENIED', title: 'The register does not show you as the guardian' },
  part_not_yours: { http: 403, grpc: 'PERMISSION_DENIED', title: 'This part is not yours to decide' },
  consent_closed: { http: 409, grpc: 'FAILED_PRECONDITION', title: 'The consent is closed and cannot change this way' },
  guardianship_unknown: { http: 503, grpc: 'UNAVAILABLE', title: 'Guardianship cannot be checked just now', retryable: true },

  // Things.
  verification_not_found: { http: 404, grpc: 'NOT_FOUND', title: 'There is no such verification' },
  consent_not_found: { http: 404, grpc: 'NOT_FOUND', title: 'There is no such consent' },
  subject_not_found: { http: 404, grpc: 'NOT_FOUND', title: 'There is no such access log' },
  evidence_list_not_found: { http: 404, grpc: 'NOT_FOUND', title: 'There is no evidence list for this region' },
  leaf_not_found: { http: 404, grpc: 'NOT_FOUND', title: 'There is no such leaf in the audit log' },
  requirement_set_not_found: { http: 404, grpc: 'NOT_FOUND', title: 'There is no such requirement set' },
  verification_gone: {
    http: 410,
    grpc: 'FAILED_PRECONDITION',
    title: 'The answer has been erased: its consent was withdrawn or its time is over',
  },

  // Batches.
  batch_not_found: { http: 404, grpc: 'NOT_FOUND', title: 'There is no such batch' },
  batch_closed: { http: 409, grpc: 'FAILED_PRECONDITION', title: 'The batch has ended and cannot change any more' },
  batch_limit_reached: { http: 429, grpc: 'RESOURCE_EXHAUSTED', title: 'The platform has too many batches', retryable: true },
  batch_too_large: { http: 413, grpc: 'RESOURCE_EXHAUSTED', title: 'The batch has more rows or bytes than one may have' },
  batch_unreadable: { http: 422, grpc: 'INVALID_ARGUMENT', title: 'The upload cannot be read as rows' },
  row_malformed: { http: 400, grpc: 'INVALID_ARGUMENT', title: 'The row is no JSON object, or does not fit the header line' },
  row_too_large: { http: 413, grpc: 'RESOURCE_EXHAUSTED', title: 'The row is larger than 64 kB' },

  // Repeats.
  idempotency_mismatch: { http: 422, grpc: 'ALREADY_EXISTS', title: 'The idempotency key was used with another request' },
  idempotency_in_progress: {
    http: 409,
    grpc: 'ABORTED',
    title: 'The first request with this idempotency key is still under way',
    retryable: true,
  },

  // Limits and faults of ours.
  rate_limited: { http: 429, grpc: 'RESOURCE_EXHAUSTED', title: 'Too many requests', retryable: true },
  overloaded: { http: 503, grpc: 'UNAVAILABLE', title: 'Vouch is busy', retryable: true },
  unavailable: { http: 503, grpc: 'UNAVAILABLE', title: 'A part that is needed cannot be reached', retryable: true },
  deadline_exceeded: { http: 503, grpc: 'DEADLINE_EXCEEDED', title: 'The time for this call is over', retryable: true },
  internal: { http: 500, grpc: 'INTERNAL', title: 'Something went wrong here' },
} as const satisfies Record<string, CodeMeaning>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a text is one of our codes. */
export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERROR_CODES, text);

/** What a code means. */
export const meaningOf = (code: ErrorCode): CodeMeaning => ERROR_CODES[code];
