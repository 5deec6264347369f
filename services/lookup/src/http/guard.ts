import { meaningOf, VouchError } from '@vouch/errors';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { rightsOf } from '../callers/access.js';
import { assertKind, assertScope, type Caller, type Scope } from '../callers/authenticate.js';
import type { HttpParts } from './parts.js';
import { toRateLimitHeaders } from './rate-limit-headers.js';

/** Who may call a route. */
export interface Guard {
  /** Any valid token will do unless said. */
  readonly scope?: Scope;
  /** Either kind unless said. */
  readonly kind?: Caller['kind'];
}

/**
 * A hook that lets only such callers in, before the body is read: signed in, with the scope, of the kind, and not too many at once.
 */
export function guard({ authenticator, admission, catalogues }: HttpParts, { scope, kind }: Guard): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { exchange } = request;
    const caller = await authenticator.authenticate(request.headers.authorization).catch((failure: unknown) => {
      if (failure instanceof VouchError && meaningOf(failure.code).http === 401) {
        admission.failed(request.ip);
      }
      throw failure;
    });
    exchange.caller = caller;
    if (scope) assertScope(caller, scope);
    if (kind) assertKind(caller, kind);
    const entry =
      caller.kind === 'platform'
        ? admission.enterClient(rightsOf(catalogues.current, caller.clientId))
        : admission.enterPerson(caller.subject);
    void reply.headers(toRateLimitHeaders(entry.allowance));
    if (entry.refusal) throw entry.refusal;
    exchange.leave = entry.leave;
    reply.raw.once('close', entry.leave);
    if (exchange.span.recording && caller.kind === 'platform') exchange.span.set({ 'vouch.platform': caller.clientId });
  };
}
