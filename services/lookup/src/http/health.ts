import type { FastifyInstance } from 'fastify';
import type { HttpParts } from './parts.js';
import { json } from './route-docs.js';
import { healthSchema } from './schemas.js';

/** `GET /health/live`, `GET /health/ready`. */
export function addHealth(app: FastifyInstance, parts: HttpParts): void {
  app.route({
    method: 'GET',
    url: '/health/live',
    schema: {
      operationId: 'getLiveness',
      tags: ['health'],
      summary: 'Whether the process runs',
      security: [],
      response: { 200: json('It runs', healthSchema) },
    },
    handler: async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'live' }),
  });

  app.route({
    method: 'GET',
    url: '/health/ready',
    schema: {
      operationId: 'getReadiness',
      tags: ['health'],
      summary: 'Whether lookups can be made, which part is not ready, and which catalogue is in effect',
      security: [],
      response: { 200: json('Ready', healthSchema), 503: json('Not ready', healthSchema) },
    },
    async handler(_request, reply) {
      const { ready, parts: states } = await parts.readiness();
      const { version, refused } = parts.standing();
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({
          status: ready ? 'ready' : 'not_ready',
          parts: states,
          // A newer one that is refused makes nothing worse than it was: the service stays ready.
          catalogue: { version, ...(refused && { refused: { ...refused, since: refused.since.toISOString() } }) },
        });
    },
  });
}
