import { TerminalError } from '@vouch/errors';
import type { Span } from '@vouch/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../callers/authenticate.js';

/** What is known about one request and its answer beside what fastify knows. */
export interface Exchange {
  readonly span: Span;
  readonly startedAt: number;
  /** Who calls, once authenticated. */
  caller?: Caller;
  /** Ends its being counted as under way, before it is answered. */
  leave?: () => void;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media type of the route's answers; JSON unless said. */
    produces?: string;
  }
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

/** A signal that aborts when the answer is out, or nobody waits for it any more. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort();
  else reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
