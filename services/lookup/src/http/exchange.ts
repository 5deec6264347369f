import { TerminalError } from '@vouch/errors';
import type { Span } from '@vouch/telemetry';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../callers/authenticate.js';

/** What is known about one request and its answer beside what fastify knows. */
export interface Exchange {
  readonly span: Span;
  readonly startedAt: number;
  /** Who calls, once authenticated. */
  caller?: Caller;
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
  interface FastifyContextConfig {
    /** The body is long, and read by the handler as it comes. */
    longUpload?: true;
    /** The handler serves other types than JSON, and looks at `accept` itself. */
    ownAccept?: true;
  }
}

/** The caller of a request on a guarded route. */
export function callerOf(request: FastifyRequest): Caller {
  const { caller } = request.exchange;
  if (!caller) throw new TerminalError('internal', { cause: new Error('a route without a guard asked who calls') });
  return caller;
}
