import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, fromUnknown, TerminalError, type VouchError } from '@vouch/errors';
import { createTraceId, type Logger } from '@vouch/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { FAULTS, toOutsideFault } from '../requests/faults.js';
import { headersOf, PROBLEM_TYPE, toProblem } from '../requests/problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Any failure of a request as an error of ours. */
function toOwnError(failure: unknown): VouchError {
  const { code } = (failure ?? {}) as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
      return new TerminalError('content_type_unsupported');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new TerminalError('body_too_large');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'ECONNRESET':
      return new TerminalError('body_malformed');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_ASYNC_CONSTRAINT':
      return new TerminalError('request_invalid', { detail: FAULTS.url_malformed, faults: [toOutsideFault('url', 'url_malformed')] });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new TerminalError('route_not_found');
    default:
      // Fastify's texts quote the address or the header.
      return fromUnknown(code?.startsWith('FST_') ? new Error(code) : failure);
  }
}

const SECURITY = new Set([400, 401, 403, 413, 415, 429]);

/** Answers a failed request with a problem; what is wrong here goes to the log, in full, and not to the caller. */
export function sendProblem(failure: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const error = toOwnError(failure);
  const span = request.exchange?.span;
  const traceId = span?.context.traceId ?? createTraceId();
  const problem = toProblem(error, traceId);
  const fields = { trace: traceId, code: error.code, route: request.is404 ? undefined : request.routeOptions?.url };
  span?.set({ 'vouch.code': error.code });
  if (problem.status >= 500) {
    span?.fail(error.code);
    if (problem.status === 500) logger.error({ ...fields, err: error }, 'a request failed');
    else logger.warn({ ...fields, err: error }, 'a request could not be served');
  } else if (SECURITY.has(problem.status)) {
    // The security log: what was tried, by which client; no address, which can be a person's, and nothing of the request.
    logger.warn({ ...fields, security: true, client: request.exchange?.caller?.clientId }, 'a request was turned away');
  }
  void reply.code(problem.status).headers(headersOf(error)).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** The answer to a request that is turned away before the app sees it. */
export function toRefusal(error: VouchError): { status: number; headers: Record<string, string>; body: string } {
  const traceId = createTraceId();
  const problem = toProblem(error, traceId);
  const body = JSON.stringify(problem);
  const headers = {
    ...headersOf(error),
    ...SECURITY_HEADERS,
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'x-trace-id': traceId,
  };
  return { status: problem.status, headers, body };
}

const SOCKET_FAULTS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers what is not HTTP, too slow or too large in its head: it never becomes a request. */
export function answerSocket(failure: NodeJS.ErrnoException, socket: Socket): void {
  if (failure.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = SOCKET_FAULTS[failure.code ?? ''];
  const error = code ? new TerminalError(code) : new TerminalError('request_invalid', { detail: 'This is not HTTP/1.1' });
  const { status, headers, body } = toRefusal(error);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
