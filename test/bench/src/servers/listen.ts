import type { FastifyInstance } from 'fastify';
import type { LookupRequest } from '../lookups/lookup.js';

/** Body of the requests that rows behind Fastify get. */
export type Body = LookupRequest;

/** Listens on the port of `BENCH_PORT` until it is told to stop. */
export async function listen(app: FastifyInstance): Promise<void> {
  app.get('/health/ready', async () => 'ready');
  await app.listen({ host: '127.0.0.1', port: Number(process.env.BENCH_PORT) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      void app.close().finally(() => process.exit());
    });
  }
}

/** What a server of the benchmark is told in a variable; throws when it was not. */
export function told(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
}
