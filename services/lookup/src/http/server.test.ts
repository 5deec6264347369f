import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createBoundedServer, type ServerBounds } from './server.js';

const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

async function listening(listener: RequestListener, bounds: ServerBounds) {
  const server = createBoundedServer(listener, { assertRoom: () => {} }, bounds);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    open: (): Socket => connect(port, '127.0.0.1'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it('cuts a connection on which nothing moves, though its request is not answered', async () => {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await using server = await listening((_request, response) => response.once('close', letGo), { idleMs: 50 });
  const socket = server.open();
  socket.write(REQUEST);
  // Half open: it says nothing more, and hears nothing.
  await Promise.all([once(socket, 'close'), gone]);
});

it('closes a connection that was answered and asks nothing more', async () => {
  await using server = await listening((_request, response) => response.end('done'), { keepAliveMs: 50, idleMs: 60_000 });
  const socket = server.open();
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.write(REQUEST);
  await once(socket, 'close');
  expect(heard).toMatch(/^HTTP\/1\.1 200 [\s\S]*done/);
});

it('cuts a connection that never asks anything', async () => {
  await using server = await listening(() => {}, { idleMs: 50 });
  await once(server.open().resume(), 'close');
});

it('ends a request that keeps coming for longer than an upload may take', async () => {
  const bodies: string[] = [];
  const listener: RequestListener = (request) =>
    void request.on('data', (chunk) => bodies.push(String(chunk))).on('error', () => undefined);
  await using server = await listening(listener, { receiveWithinMs: 300, uploadWithinMs: 600, idleMs: 60_000 });
  const socket = server.open();
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.on('error', () => undefined);
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
  // It is never silent, so that only the time that it takes can end it.
  const trickle = setInterval(() => socket.write('1\r\nx\r\n'), 20);
  await once(socket, 'close').finally(() => clearInterval(trickle));
  expect(heard).toMatch(/^HTTP\/1\.1 408 /);
  expect(bodies.length).toBeGreaterThan(1);
});
