import { TerminalError } from '@vouch/errors';
import { evaluateStated, matchStated, statedFactsSchema } from '@vouch/what-if';
import type { FastifyInstance } from 'fastify';
import { fromIssues, inOrder, toFault } from '../requests/faults.js';
import { assertBounded, STATED_BOUND } from '../requests/request-bounds.js';
import { guard } from './guard.js';
import { languageOf } from './language.js';
import type { HttpParts } from './parts.js';
import { setParamsSchema, whatIfSchema } from './requirement-set-schemas.js';
import { SET_URL, setOf } from './requirement-sets.js';
import { json, problems } from './route-docs.js';

/**
 * `POST /v1/requirement-sets/{id}/evaluate`: for everyone who is signed in, since it knows nothing but the rules and what is stated. No agency is
 * asked, nothing is kept, and the body reaches neither log nor span.
 */
export function addWhatIf(app: FastifyInstance, parts: HttpParts): void {
  app.route({
    method: 'POST',
    url: `${SET_URL}/evaluate`,
    onRequest: guard(parts, {}),
    schema: {
      operationId: 'evaluateRequirementSet',
      tags: ['requirement sets'],
      summary: 'What if?',
      description:
        'What the set makes of stated facts, explained in words of `accept-language`: `zh-CN` unless said, or `en`. No agency is asked and nothing is kept. Facts that state nothing (`{}`) tell which claims the set would ask.',
      security: [{ oauth2: [] }],
      params: setParamsSchema,
      body: statedFactsSchema,
      response: { 200: json('What the set makes of it', whatIfSchema), ...problems(400, 404, 408, 413, 415) },
    },
    async handler(request, reply) {
      const catalogue = parts.catalogues.current;
      const set = setOf(catalogue, request);
      assertBounded(request.body, STATED_BOUND);
      const stated = statedFactsSchema.safeParse(request.body);
      if (!stated.success) throw new TerminalError('request_invalid', { faults: inOrder(fromIssues(stated.error.issues, request.body)) });
      const matched = matchStated(catalogue, set, stated.data);
      const faults = matched.faults.map(({ path, code }) => toFault(path, code));
      if (faults.length > 0) throw new TerminalError('request_invalid', { faults: inOrder(faults) });
      return reply.header('cache-control', 'no-store').send(evaluateStated(catalogue, set, matched, languageOf(request, reply)));
    },
  });
}
