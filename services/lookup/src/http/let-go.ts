import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Lets go of connections when the app closes. Node closes those that are idle between two requests; one on which no request has come yet,
 * and one that is answered while the app closes, would hold it up for as long as a connection may be silent. While the service is `leaving`
 * each answer says that it is its connection's last: one that is simply closed may be closed under a request that is just being sent.
 */
export function letGoOfConnections(app: FastifyInstance, leaving: () => boolean = () => false): void {
  const unused = new Set<Socket>();
  let closing = false;
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }) => void unused.delete(socket));
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (leaving()) void reply.header('connection', 'close');
    done();
  });
  app.addHook('preClose', async () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  });
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (closing) raw.socket.end();
    done();
  });
}
