import { TerminalError, type VouchError } from '@vouch/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Tells an unknown address from a known one with another method. */
export interface KnownRoutes {
  /** `method_not_allowed` with an `allow` header, or `route_not_found`. */
  faultOf(request: FastifyRequest, reply: FastifyReply): VouchError;
}

/** Notes every route that is added to the app from now on. */
export function createKnownRoutes(app: FastifyInstance): KnownRoutes {
  const methodsByUrl = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const entry = methodsByUrl.get(url) ?? { pattern: toPattern(url), methods: new Set<string>() };
    for (const name of [method].flat()) entry.methods.add(name);
    methodsByUrl.set(url, entry);
  });
  return {
    faultOf(request, reply) {
      const [path = ''] = request.url.split('?', 1);
      const allowed = [...methodsByUrl.values()].filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]);
      if (allowed.length === 0) return new TerminalError('route_not_found');
      void reply.header('allow', [...new Set(allowed)].sort().join(', '));
      return new TerminalError('method_not_allowed');
    },
  };
}

function toPattern(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
