import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type ErrorCode, isErrorCode, meaningOf, RetryableError, TerminalError, toVouchError, type VouchError } from '@vouch/errors';
import { decodeStatusDetails, encodeStatusDetails } from './status-details.js';

const DETAILS = 'grpc-status-details-bin';

/** What grpc-js sends as the end of a failed call. */
export interface GrpcStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The gRPC status number of a code. */
export function statusOf(code: ErrorCode): number {
  return status[meaningOf(code).grpc];
}

/** An error of ours as a gRPC status with google.rpc.Status details. */
export function toGrpcStatus(error: VouchError): GrpcStatus {
  const code = statusOf(error.code);
  const metadata = new Metadata();
  const said: Record<string, string> = {};
  if (error.verificationId !== undefined) said.verificationId = error.verificationId;
  // The code says whether a repeat can help, unless whoever threw knew better.
  if (error.retryable !== (meaningOf(error.code).retryable ?? false)) said.retryable = String(error.retryable);
  const { detail: message, faults, retryAfterMs } = error;
  metadata.set(DETAILS, encodeStatusDetails({ status: code, message, reason: error.code, metadata: said, faults, retryAfterMs }));
  return { code, details: message, metadata };
}

/** Codes for statuses that come without our details: from the transport, or from a peer that is not ours. */
const CODES: Partial<Record<number, ErrorCode>> = {
  [status.CANCELLED]: 'unavailable',
  [status.INVALID_ARGUMENT]: 'request_invalid',
  [status.DEADLINE_EXCEEDED]: 'deadline_exceeded',
  [status.RESOURCE_EXHAUSTED]: 'overloaded',
  [status.ABORTED]: 'unavailable',
  [status.UNIMPLEMENTED]: 'route_not_found',
  [status.UNAVAILABLE]: 'unavailable',
  [status.UNAUTHENTICATED]: 'unauthenticated',
  [status.PERMISSION_DENIED]: 'caller_kind_wrong',
};

/** grpc-js words its own refusals of a message's size so; none of our titles reads like it. */
const TOO_LARGE = /message .*larger than/;

/** Whether a status is grpc-js's refusal of a message's size, ours or a peer's. */
export const isTooLarge = ({ code, details }: { readonly code: number; readonly details: string }): boolean =>
  code === status.RESOURCE_EXHAUSTED && TOO_LARGE.test(details);

/** A failed call as an error of ours; of a peer's own words only those come through that it marked as ours. */
export function fromServiceError(failure: ServiceError, path: string): VouchError {
  const [bytes] = failure.metadata?.get(DETAILS) ?? [];
  const details = bytes instanceof Uint8Array ? decodeStatusDetails(bytes) : undefined;
  if (details && isErrorCode(details.reason)) {
    const { message: detail, faults, retryAfterMs, metadata } = details;
    const options = { detail, faults, retryAfterMs, verificationId: metadata.verificationId };
    if (metadata.retryable === 'true') return new RetryableError(details.reason, options);
    if (metadata.retryable === 'false') return new TerminalError(details.reason, options);
    return toVouchError(details.reason, options);
  }
  return toVouchError(isTooLarge(failure) ? 'body_too_large' : (CODES[failure.code] ?? 'internal'), { cause: toCause(failure, path) });
}

/**
 * The cause for the log. A peer's text may name a person, so only that of UNAVAILABLE is kept, which is grpc-js's own
 * (`connect ECONNREFUSED …`) and says where the trouble is.
 */
function toCause(failure: ServiceError, path: string): Error {
  const text = failure.code === status.UNAVAILABLE ? `: ${failure.details}` : '';
  const cause = new GrpcError(`${status[failure.code] ?? failure.code} from ${path}${text}`);
  cause.code = failure.code;
  return cause;
}

class GrpcError extends Error {
  override readonly name = 'GrpcError';
  /** gRPC status number. */
  code: number = status.UNKNOWN;
}

/** The gRPC status number that a peer or the transport ended a call with, for errors that came without our details. */
export function grpcStatusOf(error: VouchError): number | undefined {
  return error.cause instanceof GrpcError ? error.cause.code : undefined;
}
