import { ProblemError } from '@vouch/client';

/** What the command's exit status means. */
export const EXIT = {
  ok: 0,
  /** Vouch refused, or a file cannot be read or written. */
  failed: 1,
  /** The command line or the settings are wrong. */
  usage: 2,
  /** The batch is over, and some of its rows failed. */
  rowsFailed: 3,
  /** The batch was cancelled. */
  cancelled: 4,
  /** Vouch cannot be reached. */
  unreachable: 5,
} as const;

/** Settings are missing or wrong. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Whether a call failed on its way, or Vouch asks to come again: the same call may succeed later. */
export function mayPass(failure: unknown): boolean {
  if (failure instanceof ProblemError) {
    const { status, code } = failure.problem;
    return status === 503 || code === 'rate_limited' || code === 'idempotency_in_progress';
  }
  return isNetworkFailure(failure);
}

/** What a person is told about a failure, and the exit status that goes with it. */
export function describeFailure(failure: unknown): { readonly text: string; readonly exit: number } {
  if (failure instanceof SettingsError) return { text: failure.message, exit: EXIT.usage };
  if (failure instanceof ProblemError) {
    const { code, title, detail, errors = [] } = failure.problem;
    const faults = errors.map(({ pointer, detail: what }) => `\n  ${pointer}: ${what}`);
    return { text: `${detail ?? title} (${code})${faults.join('')}`, exit: mayPass(failure) ? EXIT.unreachable : EXIT.failed };
  }
  if (isNetworkFailure(failure)) return { text: `Vouch cannot be reached: ${causeOf(failure)}`, exit: EXIT.unreachable };
  return { text: failure instanceof Error ? failure.message : String(failure), exit: EXIT.failed };
}

// What fetch throws when there is no answer, or one that is cut.
const isNetworkFailure = (failure: unknown): failure is TypeError =>
  failure instanceof TypeError && ['fetch failed', 'terminated'].includes(failure.message);

function causeOf({ cause, message }: TypeError): string {
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message : message;
}
