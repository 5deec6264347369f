import fastify, { type FastifyRequest } from 'fastify';
import { loadOrCreateSecrets, sameSecret } from './secrets.js';
import { createSubjects } from './subjects.js';
import { createTokens, PERSON_SCOPES, PLATFORM_SCOPES } from './tokens.js';

/** Client through which synthetic people sign in. */
export const PORTAL_CLIENT = 'family-portal';

/** How the issuer is set up. */
export interface DevIssuerOptions {
  /** Host to bind. */
  readonly host: string;
  /** Port; 0 picks a free one. */
  readonly port: number;
  /** File of keys and client secrets, made on first use. */
  readonly secretsFile: string;
  /** Audience of the tokens. */
  readonly audience: string;
  /** Client ids of the platforms. */
  readonly platforms: readonly string[];
  /** The synthetic person with an ID number, if there is one. */
  readonly findPerson: (idNumber: string) => { readonly idNumber: string; readonly name: string } | undefined;
}

/** A running issuer. */
export interface DevIssuer extends AsyncDisposable {
  /** Issuer identifier, the base of all its addresses. */
  readonly issuer: string;
  /** Address that gives tokens. */
  readonly tokenEndpoint: string;
  /** Secret of a client. */
  secretOf(clientId: string): string;
}

/** How a synthetic person signs in, for people who read `demo.json`. */
export const HOW_TO_SIGN_IN =
  'POST the token endpoint with HTTP Basic (clientId, clientSecret) and the form fields grant_type=password, username=<ID number>, password=<name>. Development only: real guardians sign in at a real issuer.';

/**
 * Starts the development issuer: client credentials for platforms, tokens and UserInfo for synthetic people.
 * Knowing a synthetic person's number and name is all it takes to sign in as them, so it must never run in production.
 */
export async function startDevIssuer(options: DevIssuerOptions): Promise<DevIssuer> {
  const secrets = await loadOrCreateSecrets(options.secretsFile, [...options.platforms, PORTAL_CLIENT]);
  const subjects = createSubjects(Buffer.from(secrets.subjectKey, 'base64'));
  const app = fastify({ bodyLimit: 16_384, requestTimeout: 10_000 });

  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });

  const clientOf = (request: FastifyRequest, form: Form): string | undefined => {
    const { id, secret } = readClient(request.headers.authorization, form);
    const expected = secrets.clients[id];
    return expected !== undefined && sameSecret(secret, expected) ? id : undefined;
  };

  let issuer = '';
  let tokens: Awaited<ReturnType<typeof createTokens>>;
  const metadata = () => ({
    issuer,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: ['client_credentials', 'password'],
    response_types_supported: ['none'],
    subject_types_supported: ['pairwise'],
    scopes_supported: [...new Set([...PLATFORM_SCOPES, ...PERSON_SCOPES])],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    id_token_signing_alg_values_supported: ['ES256'],
  });

  app.get('/.well-known/openid-configuration', async () => metadata());
  app.get('/.well-known/oauth-authorization-server', async () => metadata());
  app.get('/jwks', async () => tokens.jwks);

  app.post('/token', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const form: Form = typeof request.body === 'object' && request.body !== null ? (request.body as Form) : {};
    const clientId = clientOf(request, form);
    if (clientId === undefined) return reply.code(401).header('www-authenticate', 'Basic').send({ error: 'invalid_client' });
    if (clientId !== PORTAL_CLIENT && form.grant_type === 'client_credentials') {
      return tokens.issue({ subject: clientId, clientId, scopes: narrowed(PLATFORM_SCOPES, form.scope) });
    }
    if (clientId === PORTAL_CLIENT && form.grant_type === 'password') {
      const person = options.findPerson(form.username ?? '');
      if (!person || !sameSecret(form.password ?? '', person.name)) return reply.code(400).send({ error: 'invalid_grant' });
      return tokens.issue({ subject: subjects.toSubject(person.idNumber), clientId, scopes: narrowed(PERSON_SCOPES, form.scope) });
    }
    return reply.code(400).send({ error: 'unsupported_grant_type' });
  });

  app.get('/userinfo', async (request, reply) => {
    const token = await tokens.read(request.headers.authorization?.replace(/^bearer /i, '') ?? '');
    const idNumber = token?.scopes.includes('openid') ? subjects.fromSubject(token.subject) : undefined;
    const person = idNumber === undefined ? undefined : options.findPerson(idNumber);
    if (!token || !person)
      return reply.code(401).header('www-authenticate', 'Bearer error="invalid_token"').send({ error: 'invalid_token' });
    return { sub: token.subject, id_number: person.idNumber, name: person.name };
  });

  const address = await app.listen({ host: options.host, port: options.port });
  issuer = address;
  tokens = await createTokens({ issuer, audience: options.audience, signingKey: secrets.signingKey });
  return {
    issuer,
    tokenEndpoint: `${issuer}/token`,
    secretOf: (clientId) => secrets.clients[clientId] ?? '',
    [Symbol.asyncDispose]: () => app.close(),
  };
}

type Form = Readonly<Partial<Record<string, string>>>;

/** Client id and secret of RFC 6749 §2.3.1: HTTP Basic, or in the form. */
function readClient(authorization: string | undefined, form: Form): { id: string; secret: string } {
  const basic = authorization?.match(/^basic ([A-Za-z0-9+/=_-]+)$/i)?.[1];
  if (basic === undefined) return { id: form.client_id ?? '', secret: form.client_secret ?? '' };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { id: decodeFormPart(id), secret: decodeFormPart(secret) };
}

function decodeFormPart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The scopes that were asked for, within those that may be had; all of them when none was asked for. */
function narrowed(allowed: readonly string[], asked: string | undefined): readonly string[] {
  return asked ? allowed.filter((scope) => asked.split(' ').includes(scope)) : allowed;
}
