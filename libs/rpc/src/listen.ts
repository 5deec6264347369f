import { createServer } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { RetryableError } from '@vouch/errors';

/** Where a server listens. */
export interface Listener {
  /** `host:port` as really bound. */
  readonly address: string;
  /** Takes no more connections. */
  close(): void;
}

/**
 * Listens for a gRPC server. grpc-js takes as many connections as come when it listens by itself, so the sockets are counted here and handed to
 * it; past `maxConnections` they are closed at once. Rejects with `unavailable` when the address cannot be bound.
 */
export function listen(server: Server, address: string, credentials: ServerCredentials, maxConnections: number): Promise<Listener> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at);
  const injector = server.createConnectionInjector(credentials);
  const sockets = createServer((socket) => {
    socket.setNoDelay(true);
    injector.injectConnection(socket);
  });
  sockets.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    sockets.once('error', (cause) => reject(new RetryableError('unavailable', { detail: `Cannot listen on ${address}`, cause })));
    sockets.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(address.slice(at + 1)) }, () => {
      const bound = sockets.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      resolve({ address: `${host}:${port}`, close: () => void sockets.close() });
    });
  });
}
