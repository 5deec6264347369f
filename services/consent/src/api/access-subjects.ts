import { toVouchError } from '@vouch/errors';
import type {
  ListAccessSubjectsRequest,
  ListAccessSubjectsResponse,
  ResolveAccessSubjectRequest,
  ResolveAccessSubjectResponse,
} from '@vouch/proto/consent/v1/consent';
import { isUuid, readViewer } from '../read-requests.js';
import type { ConsentApiOptions } from './options.js';

/** Whose access log a person may read: themselves, then children whose verified guardian they are. */
export async function listAccessSubjects(
  { guardianships }: ConsentApiOptions,
  request: ListAccessSubjectsRequest,
): Promise<ListAccessSubjectsResponse> {
  const rows = await guardianships.accessSubjects(readViewer(request.viewer).pseudonyms);
  return { subjects: rows.map(({ ref, relation }) => ({ subjectRef: ref, relation })) };
}

/** Audit pseudonyms behind a reference. A reference given to another person is as good as none. */
export async function resolveAccessSubject(
  { guardianships }: ConsentApiOptions,
  request: ResolveAccessSubjectRequest,
): Promise<ResolveAccessSubjectResponse> {
  const viewer = readViewer(request.viewer);
  const resolved = isUuid(request.subjectRef) ? await guardianships.resolve(request.subjectRef, viewer.pseudonyms) : undefined;
  if (!resolved) throw toVouchError('subject_not_found');
  return { auditPseudonyms: [...(resolved === 'self' ? viewer.auditPseudonyms : resolved)] };
}
