import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small balancer, as platforms meet one in front of several instances of the edge. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Instances that are ready, as it last saw. */
  ready(): readonly string[];
}

const LOOK_EVERY_MS = 100;

/**
 * Passes each request on to the next instance that said at the last look that it is ready. It keeps connections, and repeats nothing: a
 * request that an instance drops is a 502.
 */
export async function startBalancer(instances: readonly string[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const healthy = new Set<string>();
  let turn = 0;
  let closed = false;

  const look = async (instance: string): Promise<void> => {
    while (!closed) {
      const ready = await fetch(`${instance}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) healthy.add(instance);
      else healthy.delete(instance);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const looking = instances.map(look);

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const ready = instances.filter((instance) => healthy.has(instance));
    const instance = ready[turn++ % Math.max(1, ready.length)];
    if (instance === undefined) {
      outgoing.writeHead(502).end('{"code":"nobody_is_ready"}');
      return;
    }
    const { method, url = '/', headers } = incoming;
    const passed = request(new URL(url, instance), { method, headers, agent }, (answer) => {
      const { connection: _own, 'keep-alive': _too, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, rest);
      answer.pipe(outgoing);
    });
    passed.on('error', (failure: NodeJS.ErrnoException) => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end(JSON.stringify({ code: failure.code }));
    });
    incoming.pipe(passed);
  }

  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: () => [...healthy],
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all(looking);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
