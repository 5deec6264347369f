import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const DESCRIPTION = `One consented lookup, many registries, one verdict.

Errors are problem details (RFC 9457) with a stable \`code\`, the same over gRPC. A request's faults come all at once, each with a JSON pointer.
People are named in URLs by opaque references only.

Each client has a rate and a number of requests that may be under way, over HTTP and gRPC together. \`RateLimit-Policy\` and \`RateLimit\` say
what they are and what is left; past them the answer is 429, and when Vouch is busy 503, both with \`Retry-After\`.`;

const SCOPES = {
  'verifications:write': 'Make lookups',
  'verifications:read': 'Read own verifications',
  'consents:write': 'Ask people for consent',
  'consents:read': 'Read consents',
  'consents:decide': 'Grant, refuse and withdraw, as a person',
  'access-log:read': 'Read who looked, as a person',
};

/** `/openapi.json` (3.1, out of the zod schemas) and a reference page at `/docs` that needs no internet. */
export async function addDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vouch',
        version: '1.0.0',
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'This Vouch' }],
      tags: [
        { name: 'verifications', description: 'Lookups and what came of them' },
        { name: 'batches', description: 'Many lookups, submitted at once' },
        { name: 'consents', description: 'Who lets whom ask what' },
        { name: 'access log', description: 'Who looked at whose data' },
        { name: 'catalogue', description: 'What can be asked' },
        { name: 'health', description: 'How the service is' },
      ],
      components: {
        securitySchemes: {
          oauth2: {
            type: 'oauth2',
            description: 'Access tokens (RFC 9068) of the configured issuer; its metadata names the real token endpoint',
            flows: { clientCredentials: { tokenUrl: '/token', scopes: SCOPES } },
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withOneSchemaEach(jsonSchemaTransformObject(document)),
  });
  app.route({
    method: 'GET',
    url: '/openapi.json',
    schema: { hide: true },
    handler: async (_request, reply) => reply.header('cache-control', 'no-cache').send(app.swagger()),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { url: '/openapi.json', validatorUrl: null, persistAuthorization: false, tryItOutEnabled: false },
  });
}

// The generator makes a schema twice, as input and as output. Ours have no transforms, so one is enough: the input's, since the output's
// forbids further fields, and answers may grow.
function withOneSchemaEach<T>(document: T): T {
  const flat = JSON.parse(JSON.stringify(document).replaceAll(/("#\/components\/schemas\/\w+)Input"/g, '$1"')) as {
    components: { schemas: Record<string, unknown> };
  };
  const { schemas } = flat.components;
  for (const [name, schema] of Object.entries(schemas)) {
    if (!name.endsWith('Input')) continue;
    schemas[name.slice(0, -'Input'.length)] = schema;
    delete schemas[name];
  }
  return flat as T;
}
