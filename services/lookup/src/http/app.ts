import { TerminalError } from '@vouch/errors';
import { readTraceparent, toTraceparent } from '@vouch/telemetry';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { accepts } from './accept.js';
import { addAccessLog } from './access-log.js';
import { addBatches } from './batches.js';
import { addCatalogue } from './catalogue.js';
import { addConsents } from './consents.js';
import { addDocs } from './docs.js';
import { answerSocket, sendProblem } from './errors.js';
import { addEvidenceLists } from './evidence-lists.js';
import { addHealth } from './health.js';
import { createKnownRoutes } from './known-routes.js';
import { letGoOfConnections } from './let-go.js';
import type { HttpParts } from './parts.js';
import { receiveWithin } from './receive-within.js';
import { addRequirementSets } from './requirement-sets.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { createBoundedServer, RECEIVE_TIMEOUT_MS } from './server.js';
import { addVerificationEvents } from './verification-events.js';
import { addVerifications } from './verifications.js';
import { addWhatIf } from './what-if.js';

/** Largest body, bytes. */
export const LARGEST_BODY = 256 * 1024;

/** The HTTP edge with all its routes; it listens once `listen` is called. */
export async function createHttpApp(parts: HttpParts): Promise<FastifyInstance> {
  const { tracer, logger, receiveWithinMs = RECEIVE_TIMEOUT_MS } = parts;
  const app = fastify({
    serverFactory: (listener) => createBoundedServer(listener, parts.admission, parts),
    bodyLimit: LARGEST_BODY,
    trustProxy: parts.trustProxy,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    logger: false,
    clientErrorHandler: answerSocket,
    frameworkErrors: (failure, request, reply) => sendProblem(failure, request, reply, logger),
  });
  // Bodies are read by our own readers, which tell every fault at once; schemas on routes are for the OpenAPI description.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  readJsonOnly(app);
  letGoOfConnections(app, parts.leaving);

  const known = createKnownRoutes(app);
  app.decorateRequest('exchange');
  app.addHook('onRequest', async (request, reply) => {
    const route = request.is404 ? undefined : request.routeOptions.url;
    const span = tracer.startSpan(route ? `${request.method} ${route}` : request.method, {
      parent: readTraceparent(headerOf(request, 'traceparent')),
      external: true,
      kind: 'server',
    });
    // The path has ids in it and the query string is not recorded: the route is enough to know what was called.
    if (span.recording) span.set({ 'http.request.method': request.method, ...(route ? { 'http.route': route } : {}) });
    request.exchange = { span, startedAt: performance.now() };
    // First, so that what turns the request away carries these headers too.
    void reply.headers(SECURITY_HEADERS).header('x-trace-id', span.context.traceId).header('traceresponse', toTraceparent(span.context));
    const nameless = request.raw.httpVersion === '1.1' && headerOf(request, 'host') === undefined;
    if (nameless) throw new TerminalError('request_invalid', { detail: 'The header host is missing' });
    if (request.is404) throw known.faultOf(request, reply);
    const { produces, longUpload = false, ownAccept = false } = request.routeOptions.config ?? {};
    if (!longUpload) receiveWithin(request, receiveWithinMs);
    if (route?.startsWith('/v1/') && !ownAccept && !accepts(request.headers.accept, produces)) throw new TerminalError('not_acceptable');
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { exchange } = request;
    if (!exchange) return done();
    const { span, startedAt } = exchange;
    if (span.recording) span.set({ 'http.response.status_code': reply.statusCode });
    span.end();
    logger.debug(
      {
        trace: span.context.traceId,
        method: request.method,
        route: request.is404 ? undefined : request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(performance.now() - startedAt),
      },
      'answered',
    );
    done();
  });
  app.setErrorHandler((failure, request, reply) => sendProblem(failure, request, reply, logger));
  app.setNotFoundHandler((request, reply) => sendProblem(new TerminalError('route_not_found'), request, reply, logger));

  await addDocs(app);
  await app.register(async (routes) => {
    addVerifications(routes, parts);
    addVerificationEvents(routes, parts);
    addBatches(routes, parts);
    addConsents(routes, parts);
    addAccessLog(routes, parts);
    addCatalogue(routes, parts);
    addRequirementSets(routes, parts);
    addWhatIf(routes, parts);
    addEvidenceLists(routes, parts);
    addHealth(routes, parts);
    routes.route({ method: 'GET', url: '/', schema: { hide: true }, handler: async (_request, reply) => reply.redirect('/docs/') });
  });
  return app;
}

const NOT_PLAIN = 'Only UTF-8 without a content encoding is read';
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isPlainUtf8(request)) return done(new TerminalError('content_type_unsupported', { detail: NOT_PLAIN }));
    if (body.length === 0) return done(null, undefined);
    let text: string;
    try {
      text = UTF8.decode(body as Buffer);
    } catch {
      return done(new TerminalError('body_malformed'));
    }
    // The parser's own message quotes the body.
    return parse(request, text, (failure, value) => (failure ? done(new TerminalError('body_malformed')) : done(null, value)));
  });
}

function isPlainUtf8(request: FastifyRequest): boolean {
  const encoding = headerOf(request, 'content-encoding') ?? 'identity';
  const charset = /;\s*charset="?([^\s;"]*)/i.exec(headerOf(request, 'content-type') ?? '')?.[1] ?? 'utf-8';
  return /^identity$/i.test(encoding.trim()) && /^utf-?8$/i.test(charset);
}

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};
