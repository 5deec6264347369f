import { TerminalError, VouchError } from '@vouch/errors';
import { UndecodableError } from './envelope.js';

/**
 * What to do about a failed handler:
 * `transient`: bring the same events again, for as long as it takes; `terminal`: put the event aside; `unclear`: try a few times first,
 * since a bug and a passing trouble that nobody mapped look alike.
 */
export type FailureKind = 'transient' | 'terminal' | 'unclear';

const SYSTEM_CODE = /^(?:E[A-Z]{3,}|UND_ERR_\w+)$/;

/** Reads a thrown value. Errors of the system (`ECONNREFUSED`, …) that nobody mapped count as transient. */
export function kindOf(thrown: unknown): FailureKind {
  if (thrown instanceof UndecodableError) return 'terminal';
  if (thrown instanceof VouchError) {
    if (thrown.retryable) return 'transient';
    return thrown.code === 'internal' ? 'unclear' : 'terminal';
  }
  return systemCodeOf(thrown) ? 'transient' : 'unclear';
}

function systemCodeOf(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if ('code' in thrown && typeof thrown.code === 'string' && SYSTEM_CODE.test(thrown.code)) return true;
  return systemCodeOf(thrown.cause);
}

/** Code and text of a dead letter; nothing that could quote the payload. */
export function reasonOf(thrown: unknown): { code: string; reason: string } {
  if (thrown instanceof UndecodableError) return { code: 'undecodable', reason: thrown.message };
  if (thrown instanceof TerminalError) return { code: thrown.code, reason: thrown.detail };
  return { code: 'internal', reason: 'The handler failed again and again' };
}
