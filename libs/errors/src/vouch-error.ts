import { type ErrorCode, meaningOf } from './codes.js';

/** One fault of a request. */
export interface RequestFault {
  /** JSON pointer (RFC 6901) to the faulty value. */
  readonly pointer: string;
  /** Stable code, such as `required`, `id_number_check_digit`, `unknown_field`. */
  readonly code: string;
  /** Text for the caller; never echoes the value. */
  readonly detail: string;
}

/** What an error carries beside its code. */
export interface ErrorOptionsOf {
  /** Text for the caller, in place of the code's title. No personal data. */
  readonly detail?: string;
  /** Every fault of the request. */
  readonly faults?: readonly RequestFault[];
  /** Earliest useful repeat, milliseconds. */
  readonly retryAfterMs?: number;
  /** Verification that the refusal was recorded as. */
  readonly verificationId?: string;
  /** For the log only; never reaches a caller. */
  readonly cause?: unknown;
}

/** An error with a stable code and two texts: `detail` for the caller, `cause` for the log. Throw one of its two kinds. */
export abstract class VouchError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly faults: readonly RequestFault[];
  readonly retryAfterMs: number | undefined;
  readonly verificationId: string | undefined;
  /** Whether the same call may succeed later, unchanged. */
  abstract readonly retryable: boolean;

  constructor(code: ErrorCode, options: ErrorOptionsOf = {}) {
    const detail = options.detail ?? meaningOf(code).title;
    super(`[${code}] ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.verificationId = options.verificationId;
  }
}

/** Repeating the call unchanged cannot help. */
export class TerminalError extends VouchError {
  override readonly name = 'TerminalError';
  readonly retryable = false;
}

/** The same call may succeed later. */
export class RetryableError extends VouchError {
  override readonly name = 'RetryableError';
  readonly retryable = true;
}

/** The error of a code, terminal or retryable as the code says. */
export function toVouchError(code: ErrorCode, options?: ErrorOptionsOf): VouchError {
  return meaningOf(code).retryable ? new RetryableError(code, options) : new TerminalError(code, options);
}

/** Any thrown value as a VouchError; what is not one becomes `internal` with the value as its cause. */
export function fromUnknown(thrown: unknown): VouchError {
  return thrown instanceof VouchError ? thrown : new TerminalError('internal', { cause: thrown });
}
