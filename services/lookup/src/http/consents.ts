import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { toConsentAnswer } from '../consenting/consent-answer.js';
import { readConsentRequest, readDecision } from '../consenting/consent-request.js';
import type { Decision } from '../consenting/consents.js';
import { readIdempotencyKey } from '../requests/idempotency-key.js';
import { consentRequestSchema, decisionRequestSchema } from '../requests/request-schemas.js';
import { callerOf } from './exchange.js';
import { guard } from './guard.js';
import type { HttpParts } from './parts.js';
import { bearer, json, problems } from './route-docs.js';
import { consentSchema, idempotencyHeaderSchema } from './schemas.js';

const DECISIONS: Readonly<Record<Decision, { readonly summary: string; readonly description: string }>> = {
  grant: {
    summary: 'Grant parts of a consent',
    description:
      'All parts that the signed-in person may decide, unless some are named. A guardian of a child under 14 is checked at the police.',
  },
  refuse: { summary: 'Refuse parts of a consent', description: 'The consent as a whole is then refused.' },
  withdraw: {
    summary: 'Withdraw a consent',
    description:
      'Stops new lookups at once. `withdrawing` until every lookup under way has ended, `withdrawn` from then on: no answer is shown any more. A part cannot be used without the others, so withdrawing some withdraws the consent.',
  },
};

/** `/v1/consents`. */
export function addConsents(app: FastifyInstance, parts: HttpParts): void {
  const { consents, catalogues } = parts;

  app.route({
    method: 'POST',
    url: '/v1/consents',
    onRequest: guard(parts, { scope: 'consents:write', kind: 'platform' }),
    schema: {
      operationId: 'requestConsent',
      tags: ['consents'],
      summary: 'Ask people for consent',
      security: bearer('consents:write'),
      headers: idempotencyHeaderSchema,
      body: consentRequestSchema,
      response: { 201: json('Requested', consentSchema), ...problems(400, 409, 413, 415, 422) },
    },
    async handler(request, reply) {
      const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key']);
      const asked = readConsentRequest(request.body, catalogues.current, new Date());
      const trace = request.exchange.span.context;
      const consent = await consents.request({ clientId: callerOf(request).clientId, request: asked, idempotencyKey, trace });
      return reply
        .code(201)
        .header('location', `/v1/consents/${consent.id}`)
        .header('cache-control', 'no-store')
        .send(toConsentAnswer(consent));
    },
  });

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/v1/consents/:id',
    onRequest: guard(parts, { scope: 'consents:read' }),
    schema: {
      operationId: 'getConsent',
      tags: ['consents'],
      summary: 'Read a consent with its history',
      security: bearer('consents:read'),
      params: z.object({ id: z.guid() }),
      response: { 200: json('The consent', consentSchema), ...problems(404) },
    },
    async handler(request, reply) {
      const consent = await consents.read(callerOf(request), request.params.id, request.exchange.span.context);
      return reply.header('cache-control', 'no-store').send(toConsentAnswer(consent));
    },
  });

  for (const decision of ['grant', 'refuse', 'withdraw'] as const) {
    app.route<{ Params: { id: string } }>({
      method: 'POST',
      url: `/v1/consents/:id/${decision}`,
      onRequest: guard(parts, { scope: 'consents:decide', kind: 'person' }),
      schema: {
        operationId: `${decision}Consent`,
        tags: ['consents'],
        ...DECISIONS[decision],
        security: bearer('consents:decide'),
        params: z.object({ id: z.guid() }),
        body: decisionRequestSchema.optional(),
        response: { 200: json('The consent as it is now', consentSchema), ...problems(400, 404, 409, 413, 415) },
      },
      async handler(request, reply) {
        const named = readDecision(request.body);
        const consent = await consents.decide(callerOf(request), request.params.id, decision, named, request.exchange.span.context);
        return reply.header('cache-control', 'no-store').send(toConsentAnswer(consent));
      },
    });
  }
}
