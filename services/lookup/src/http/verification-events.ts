import { Readable } from 'node:stream';
import { fromUnknown } from '@vouch/errors';
import type { Language } from '@vouch/what-if';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { rightsOf } from '../callers/access.js';
import { toProblem } from '../requests/problem.js';
import { toAnswer } from '../verifying/answer.js';
import { type Following, isLast } from '../watching/watches.js';
import { signalOf } from './exchange.js';
import { guard } from './guard.js';
import { languageOf } from './language.js';
import type { HttpParts } from './parts.js';
import { bearer, gone, problems } from './route-docs.js';
import { platformOf, sendShown, toGone } from './shown.js';

/** Media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';

// How long a browser waits before it connects again, milliseconds.
const RECONNECT_MS = 2_000;

/** `GET /v1/verifications/{id}/events`: server-sent events, one for each committed state. */
export function addVerificationEvents(app: FastifyInstance, parts: HttpParts): void {
  const { lookup, catalogues, slots, watches, explainer, authenticator, logger } = parts;

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/v1/verifications/:id/events',
    exposeHeadRoute: false,
    config: { produces: EVENT_STREAM },
    onRequest: guard(parts, { scope: 'verifications:read' }),
    schema: {
      operationId: 'watchVerification',
      tags: ['verifications'],
      summary: 'Follow a verification until it ends',
      description:
        'Server-sent events: `verification`, whose data is the verification as it stands and whose id is its sequence, now (unless `last-event-id` names it) and after each later commit; `gone` when it is erased; `problem` when it may no longer be followed. The stream ends with the verification; whoever connects again after that gets 204. A comment comes while nothing happens.',
      security: bearer('verifications:read'),
      params: z.object({ id: z.guid() }),
      headers: z.object({ 'last-event-id': z.string().optional().meta({ description: 'Sequence of the last event that arrived' }) }),
      response: {
        200: { description: 'The events', content: { [EVENT_STREAM]: { schema: z.string() } } },
        204: z.null().meta({ description: 'It has ended, and its end was seen' }),
        ...problems(404),
        ...gone,
      },
    },
    async handler(request, reply) {
      const { exchange } = request;
      const clientId = platformOf(request);
      const { id } = request.params;
      const trace = exchange.span.context;
      const first = await lookup.read({ clientId, id, trace });
      const after = readLastEventId(request.headers['last-event-id']);
      if (first.kind === 'gone') return sendShown(first, { explainer, request, reply });
      if (isLast(first) && after === first.verification.sequence) return reply.code(204).send();
      const leave = isLast(first) ? () => {} : slots.enter(rightsOf(catalogues.current, clientId));
      // From here on it is counted among those who wait, not among the requests.
      exchange.leave?.();
      reply.raw.once('close', leave);
      const assertAllowed = () => authenticator.authenticate(request.headers.authorization);
      const following: Following = { clientId, id, trace, after, first, assertAllowed, signal: signalOf(reply) };
      return reply
        .type(EVENT_STREAM)
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(Readable.from(toLines(following, languageOf(request, reply)), { objectMode: false }));
    },
  });

  async function* toLines(following: Following, language: Language): AsyncGenerator<string> {
    const { traceId } = following.trace ?? { traceId: '' };
    yield `retry: ${RECONNECT_MS}\n\n`;
    try {
      for await (const shown of watches.follow(following)) {
        if (shown === 'quiet') yield ': nothing new\n\n';
        else if (shown.kind === 'gone') yield toEvent('gone', toGone(shown, traceId), shown.verification.sequence);
        else {
          const { verification } = shown;
          const explanation = await explainer.explain(verification, language);
          yield toEvent('verification', { ...toAnswer(verification), explanation }, verification.sequence);
        }
      }
    } catch (failure) {
      const error = fromUnknown(failure);
      if (error.code === 'internal') logger.error({ trace: traceId, err: error }, 'a stream of events failed');
      // No id: whoever comes again goes on where it was.
      yield toEvent('problem', toProblem(error, traceId));
    }
  }
}

const toEvent = (name: string, data: unknown, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** The sequence that an event's id is; 0 for what is none. */
const readLastEventId = (header: string | string[] | undefined): number =>
  typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
