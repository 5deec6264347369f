import { TerminalError } from '@vouch/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readIdempotencyKey } from '../requests/idempotency-key.js';
import { headersOf, PROBLEM_TYPE, toProblem, toSeconds } from '../requests/problem.js';
import { verificationRequestSchema } from '../requests/request-schemas.js';
import { readVerificationRequest } from '../requests/verification-request.js';
import { toAnswer, toTombstone } from '../verifying/answer.js';
import type { Shown } from '../verifying/lookup.js';
import { callerOf } from './exchange.js';
import { guard } from './guard.js';
import type { HttpParts } from './parts.js';
import { bearer, gone, json, problems } from './route-docs.js';
import { idempotencyHeaderSchema, verificationSchema } from './schemas.js';

/** `POST /v1/verifications`, `GET /v1/verifications/{id}`. */
export function addVerifications(app: FastifyInstance, parts: HttpParts): void {
  const { lookup, catalogue } = parts;

  app.route({
    method: 'POST',
    url: '/v1/verifications',
    onRequest: guard(parts, { scope: 'verifications:write', kind: 'platform' }),
    schema: {
      operationId: 'createVerification',
      tags: ['verifications'],
      summary: 'Make one lookup',
      description:
        'Asks every agency concerned at once and answers with one verdict. 200: nothing that matters is open. 202: some claim that matters is still unavailable, and is asked again by itself. 403 carries the id of the refused verification.',
      security: bearer('verifications:write'),
      headers: idempotencyHeaderSchema,
      body: verificationRequestSchema,
      response: {
        200: json('Complete, or closed', verificationSchema),
        202: json('Pending; Retry-After says when to look again', verificationSchema),
        ...problems(400, 404, 409, 413, 415, 422),
        ...gone,
      },
    },
    async handler(request, reply) {
      const { span } = request.exchange;
      const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key']);
      const asked = readVerificationRequest(request.body, catalogue);
      const shown = await lookup.create({ clientId: callerOf(request).clientId, request: asked, idempotencyKey, trace: span.context });
      return send(shown, request, reply);
    },
  });

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/v1/verifications/:id',
    onRequest: guard(parts, { scope: 'verifications:read' }),
    schema: {
      operationId: 'getVerification',
      tags: ['verifications'],
      summary: 'Read a verification as it stands now',
      security: bearer('verifications:read'),
      params: z.object({ id: z.guid() }),
      response: { 200: json('The verification', verificationSchema), ...problems(404), ...gone },
    },
    async handler(request, reply) {
      const caller = callerOf(request);
      // Verifications are their platform's; for anybody else there are none.
      if (caller.kind !== 'platform') throw new TerminalError('verification_not_found');
      const { span } = request.exchange;
      return send(await lookup.read({ clientId: caller.clientId, id: request.params.id, trace: span.context }), request, reply, 200);
    },
  });
}

function send({ kind, verification }: Shown, request: FastifyRequest, reply: FastifyReply, pendingStatus = 202): FastifyReply {
  const { span } = request.exchange;
  if (span.recording)
    span.set({ 'vouch.verification_id': verification.id, 'vouch.status': verification.status, 'vouch.region': verification.region });
  if (kind === 'gone') {
    const error = new TerminalError('verification_gone');
    const body = { ...toProblem(error, span.context.traceId), ...toTombstone(verification) };
    return reply.code(410).headers(headersOf(error)).type(PROBLEM_TYPE).send(JSON.stringify(body));
  }
  const pending = verification.status === 'pending';
  if (pending && verification.retryAt) void reply.header('retry-after', toSeconds(verification.retryAt.getTime() - Date.now()));
  return reply
    .code(pending ? pendingStatus : 200)
    .header('cache-control', 'no-store')
    .send(toAnswer(verification));
}
