import { type ErrorCode, meaningOf, type RequestFault, type VouchError } from '@vouch/errors';

/** Problem details of RFC 9457, with Vouch's stable code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  /** Every fault of the request. */
  readonly errors?: readonly RequestFault[];
  /** Verification that a refusal was recorded as. */
  readonly verificationId?: string;
  /** Trace to look for. */
  readonly traceId: string;
}

/** Media type of a problem. */
export const PROBLEM_TYPE = 'application/problem+json';

/** The problem of an error. An internal one says nothing but a fixed text and the trace. */
export function toProblem(error: VouchError, traceId: string): Problem {
  const { http: status, title } = meaningOf(error.code);
  const shown = error.code !== 'internal' && error.detail !== title;
  return {
    type: `urn:vouch:error:${error.code}`,
    title,
    status,
    code: error.code,
    ...(shown ? { detail: error.detail } : {}),
    ...(error.faults.length > 0 ? { errors: error.faults } : {}),
    ...(error.verificationId ? { verificationId: error.verificationId } : {}),
    traceId,
  };
}

const DEFAULT_RETRY_MS = 1_000;

/** Headers that go with an error: when to come again, how to sign in. */
export function headersOf(error: VouchError): Record<string, string> {
  const { http: status, retryable } = meaningOf(error.code);
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (retryable && status !== 500) headers['retry-after'] = toSeconds(error.retryAfterMs ?? DEFAULT_RETRY_MS);
  if (error.code === 'unauthenticated' || error.code === 'token_expired') headers['www-authenticate'] = 'Bearer error="invalid_token"';
  if (error.code === 'scope_missing') headers['www-authenticate'] = 'Bearer error="insufficient_scope"';
  return headers;
}

/** Milliseconds as the whole seconds of `Retry-After`, 1 at least. */
export const toSeconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)));
