import { RetryableError } from '@vouch/errors';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { rightsOf } from '../callers/access.js';
import { readIdempotencyKey } from '../requests/idempotency-key.js';
import { verificationRequestSchema } from '../requests/request-schemas.js';
import { readVerificationRequest } from '../requests/verification-request.js';
import { isLast } from '../watching/watches.js';
import { callerOf, signalOf } from './exchange.js';
import { guard } from './guard.js';
import type { HttpParts } from './parts.js';
import { LONGEST_WAIT_S, readWait } from './prefer.js';
import { bearer, gone, json, problems } from './route-docs.js';
import { idempotencyHeaderSchema, preferHeaderSchema, verificationSchema } from './schemas.js';
import { platformOf, sendShown } from './shown.js';

// What a connection may be silent for after the wait.
const ANSWER_WITHIN_MS = 30_000;

/** `POST /v1/verifications`, `GET /v1/verifications/{id}`. */
export function addVerifications(app: FastifyInstance, parts: HttpParts): void {
  const { lookup, catalogue, slots, watches, explainer } = parts;

  app.route({
    method: 'POST',
    url: '/v1/verifications',
    onRequest: guard(parts, { scope: 'verifications:write', kind: 'platform' }),
    schema: {
      operationId: 'createVerification',
      tags: ['verifications'],
      summary: 'Make one lookup',
      description:
        'Asks every agency concerned (explicit claims at once, a requirement set in rounds, no more than it needs) and answers with one verdict. 200: nothing that matters is open. 202: some claim that matters is still unavailable, and is asked again by itself. 403 carries the id of the refused verification. Of a requirement set the answer has an explanation, in words of `accept-language`.',
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
      return sendShown(shown, { explainer, request, reply, pendingStatus: 202 });
    },
  });

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/v1/verifications/:id',
    onRequest: guard(parts, { scope: 'verifications:read' }),
    schema: {
      operationId: 'getVerification',
      tags: ['verifications'],
      summary: 'Read a verification as it stands now, or once it has ended',
      description: `With \`prefer: wait=30\` a pending verification is answered when it ends, or after so many seconds as it then stands; ${LONGEST_WAIT_S} at most. \`preference-applied\` says how long was granted; it is missing while too many wait already.`,
      security: bearer('verifications:read'),
      params: z.object({ id: z.guid() }),
      headers: preferHeaderSchema,
      response: { 200: json('The verification', verificationSchema), ...problems(404), ...gone },
    },
    async handler(request, reply) {
      const clientId = platformOf(request);
      const { id } = request.params;
      const trace = request.exchange.span.context;
      const shown = await lookup.read({ clientId, id, trace });
      const seconds = readWait(request.headers.prefer);
      if (seconds === undefined) return sendShown(shown, { explainer, request, reply });
      const leave = isLast(shown) ? () => {} : enterIfFree(clientId);
      if (!leave) return sendShown(shown, { explainer, request, reply });
      void reply.header('preference-applied', `wait=${seconds}`);
      try {
        // From here on it is counted among those who wait, not among the requests.
        request.exchange.leave?.();
        request.raw.setTimeout(seconds * 1_000 + ANSWER_WITHIN_MS);
        const watch = { clientId, id, trace, signal: signalOf(reply) };
        return await sendShown(await watches.untilEnded(watch, shown, seconds * 1_000), { explainer, request, reply });
      } finally {
        leave();
      }
    },
  });

  // A preference need not be granted: who finds no place is answered at once.
  function enterIfFree(clientId: string): (() => void) | undefined {
    try {
      return slots.enter(rightsOf(catalogue, clientId));
    } catch (failure) {
      if (failure instanceof RetryableError) return undefined;
      throw failure;
    }
  }
}
