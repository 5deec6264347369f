import { fromUnknown, RetryableError, TerminalError, type VouchError } from '@vouch/errors';
import { createTraceId, type Logger, type TraceContext } from '@vouch/telemetry';

/** Why an implementation's signal is aborted when its time is over, and what its caller gets. */
export function deadlineExceeded(): RetryableError {
  return new RetryableError('deadline_exceeded');
}

/** Why an implementation's signal is aborted when its caller gave up or went away. */
export function callerGone(): RetryableError {
  return new RetryableError('unavailable', { detail: 'The caller went away' });
}

/**
 * What a caller gets for whatever an implementation threw. Errors that nobody foresaw are logged and become `internal` with a fixed text
 * and the trace id to ask about; their cause stays on this side of the wire.
 */
export function toCallerError(thrown: unknown, trace: TraceContext | undefined, path: string, logger: Logger | undefined): VouchError {
  const error = fromUnknown(thrown);
  if (error.code !== 'internal') return error;
  const traceId = trace?.traceId ?? createTraceId();
  logger?.error({ err: error.cause ?? error, trace: traceId, method: path }, 'call failed unexpectedly');
  return new TerminalError('internal', { detail: `Something went wrong here (trace ${traceId})`, cause: error.cause });
}
