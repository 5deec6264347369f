import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { guard } from './guard.js';
import type { HttpParts } from './parts.js';
import { json, problems } from './route-docs.js';
import { catalogueSchema } from './schemas.js';

/** `GET /v1/catalogue`: for everyone who is signed in, since it says what can be asked and nothing about who may. */
export function addCatalogue(app: FastifyInstance, parts: HttpParts): void {
  app.route({
    method: 'GET',
    url: '/v1/catalogue',
    onRequest: guard(parts, {}),
    schema: {
      operationId: 'getCatalogue',
      tags: ['catalogue'],
      summary: 'What can be asked',
      description: 'Claim types with the JSON Schema of their parameters, purposes and requirement sets.',
      security: [{ oauth2: [] }],
      response: { 200: json('The catalogue', catalogueSchema), 304: z.null().meta({ description: 'Unchanged' }), ...problems() },
    },
    async handler(request, reply) {
      const { version, purposes, claimTypes, requirementSets } = parts.catalogues.current;
      const etag = `"${version}"`;
      void reply.header('etag', etag).header('cache-control', 'private, max-age=60');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.send({
        version,
        purposes,
        claimTypes: claimTypes.map(({ name, version: claimVersion, agency, parametersSchema, disclosures, routing, involves }) => ({
          name,
          version: claimVersion,
          agency,
          parametersSchema,
          disclosures,
          routing,
          involves,
        })),
        requirementSets,
      });
    },
  });
}
