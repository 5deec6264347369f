import { type ErrorCode, RetryableError, toVouchError } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import type { TraceContext } from '@vouch/telemetry';
import type { Committer } from '../keeping/commit.js';
import { keepTrace } from '../keeping/commit.js';
import type { Verification } from '../keeping/verification.js';
import { toAuditedPersons, toEvents } from '../keeping/verification-events.js';
import type { VerificationRequest } from '../requests/verification-request.js';

/** A lookup that is to be refused. */
export interface RefusedLookup {
  /** Id of the refused verification. */
  readonly id: string;
  readonly platform: string;
  readonly request: VerificationRequest;
  readonly code: ErrorCode;
  readonly at: Date;
  /** Whether the id may bear this refusal already. */
  readonly repeatable?: boolean;
  readonly trace?: TraceContext;
}

/**
 * Commits the refusal as a verification of its own, with its events: refused looks are in the audit log too.
 * Always rejects: with the refusal's code and the id, or `unavailable` when it could not be recorded.
 */
export async function refuse(committer: Committer, keyring: Keyring, refused: RefusedLookup): Promise<never> {
  const { id, platform, request, code, at, repeatable = false, trace } = refused;
  const { purpose, region, legalBasis, plan, people } = request;
  const verification: Verification = {
    id,
    platform,
    purpose,
    region,
    legalBasis,
    status: 'refused',
    code,
    claims: [],
    alternatives: [],
    sequence: 1,
    attempts: 0,
    createdAt: at,
    completedAt: at,
    ...keepTrace(trace),
  };
  const persons = toAuditedPersons(keyring, people, plan.claims);
  const events = toEvents(verification, { action: 'refused', persons }, at, trace);
  const committed = await committer.commit({ kind: 'insert', verification, events, trace });
  if (!committed && !repeatable) throw new RetryableError('unavailable', { cause: new Error('a refusal could not be recorded') });
  throw toVouchError(code, { verificationId: id });
}
