import { TerminalError } from '@vouch/errors';
import { type Access, AccessResult } from '@vouch/proto/audit/v1/audit';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fromIssues, inOrder } from '../requests/faults.js';
import { callerOf } from './exchange.js';
import { guard } from './guard.js';
import type { HttpParts } from './parts.js';
import { bearer, json, problems } from './route-docs.js';
import { accessesSchema, accessSubjectsSchema } from './schemas.js';

const RESULT: Partial<Record<AccessResult, string>> = {
  [AccessResult.UNDER_WAY]: 'under_way',
  [AccessResult.ANSWERED]: 'answered',
  [AccessResult.REFUSED]: 'refused',
  [AccessResult.ANSWER_UNKNOWN]: 'answer_unknown',
};

const pageSchema = z.strictObject({
  pageSize: z.coerce.number().int().min(1).max(200).optional().meta({ description: 'Most entries; 50 unless said' }),
  pageToken: z.string().max(512).optional().meta({ description: '`nextPageToken` of the page before' }),
});

/** `/v1/access-log`. */
export function addAccessLog(app: FastifyInstance, parts: HttpParts): void {
  const { accessLog } = parts;
  const onRequest = guard(parts, { scope: 'access-log:read', kind: 'person' });

  app.route({
    method: 'GET',
    url: '/v1/access-log/subjects',
    onRequest,
    schema: {
      operationId: 'listAccessSubjects',
      tags: ['access log'],
      summary: 'Whose access log I may read',
      security: bearer('access-log:read'),
      response: { 200: json('Myself first, then children', accessSubjectsSchema), ...problems() },
    },
    async handler(request, reply) {
      const subjects = await accessLog.subjects(callerOf(request), request.exchange.span.context);
      return reply
        .header('cache-control', 'no-store')
        .send({ subjects: subjects.map(({ subjectRef, relation }) => ({ subjectRef, relation })) });
    },
  });

  app.route<{ Params: { subjectRef: string } }>({
    method: 'GET',
    url: '/v1/access-log/:subjectRef',
    onRequest,
    schema: {
      operationId: 'listAccesses',
      tags: ['access log'],
      summary: 'Who looked, when, for what',
      description: 'Answers and refusals, newest first.',
      security: bearer('access-log:read'),
      params: z.object({ subjectRef: z.string() }),
      querystring: pageSchema,
      response: { 200: json('One page', accessesSchema), ...problems(400, 404) },
    },
    async handler(request, reply) {
      const page = pageSchema.safeParse(request.query);
      if (!page.success) throw new TerminalError('request_invalid', { faults: inOrder(fromIssues(page.error.issues, request.query)) });
      const { pageSize: size = 50, pageToken: token = '' } = page.data;
      const { subjectRef } = request.params;
      const listed = await accessLog.list(callerOf(request), { subjectRef, size, token }, request.exchange.span.context);
      return reply.header('cache-control', 'no-store').send({
        accesses: listed.accesses.map(toAccess),
        ...(listed.nextPageToken ? { nextPageToken: listed.nextPageToken } : {}),
      });
    },
  });
}

function toAccess({ at, result, code, consentId, ...access }: Access) {
  const { verificationId, platform, purpose, region, claimTypes, legalBasis } = access;
  return {
    verificationId,
    at: at?.toISOString(),
    platform,
    purpose,
    region,
    claimTypes,
    legalBasis,
    ...(consentId ? { consentId } : {}),
    result: RESULT[result],
    ...(code ? { code } : {}),
  };
}
