import type { AuditServiceService, ListAccessesResponse } from '@vouch/proto/audit/v1/audit';
import type { AccessSubject, ConsentServiceService } from '@vouch/proto/consent/v1/consent';
import type { Port } from '@vouch/rpc';
import type { TraceContext } from '@vouch/telemetry';
import type { Caller } from '../callers/authenticate.js';
import type { Viewers } from '../callers/viewer.js';
import { NEVER } from '../verifying/never.js';

/** Who looked at whose data, for the people concerned. */
export interface AccessLog {
  /** Whose log the person may read: their own, and those of children whose verified guardian they are. */
  subjects(caller: Caller, trace?: TraceContext): Promise<readonly AccessSubject[]>;
  /** One page of a log, newest first; `subject_not_found` for a reference that was not given to this person. */
  list(
    caller: Caller,
    page: { readonly subjectRef: string; readonly size: number; readonly token: string },
    trace?: TraceContext,
  ): Promise<ListAccessesResponse>;
}

const TIMEOUT_MS = 5_000;

/** The access log over the consent service's and the audit service's ports. */
export function createAccessLog(parts: {
  readonly consent: Port<ConsentServiceService>;
  readonly audit: Port<AuditServiceService>;
  readonly viewers: Viewers;
}): AccessLog {
  const { consent, audit, viewers } = parts;
  const callIn = (trace: TraceContext | undefined) => ({ signal: NEVER, deadline: new Date(Date.now() + TIMEOUT_MS), trace });
  return {
    async subjects(caller, trace) {
      const viewer = await viewers.viewerOf(caller);
      return (await consent.listAccessSubjects({ viewer }, callIn(trace))).subjects;
    },
    async list(caller, { subjectRef, size, token }, trace) {
      const viewer = await viewers.viewerOf(caller);
      const { auditPseudonyms } = await consent.resolveAccessSubject({ viewer, subjectRef }, callIn(trace));
      return audit.listAccesses({ auditPseudonyms, pageSize: size, pageToken: token }, callIn(trace));
    },
  };
}
