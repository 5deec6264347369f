import { once } from 'node:events';
import { connect } from 'node:net';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { letGoOfConnections } from './let-go.js';

/** An app that may wait for hours for idle connections. */
async function listening(leaving = false) {
  const app = fastify({ forceCloseConnections: 'idle', keepAliveTimeout: 3_600_000 });
  letGoOfConnections(app, () => leaving);
  let release = () => {};
  const entered = new Promise<void>((resolve) => {
    app.get('/', async () => {
      resolve();
      await new Promise<void>((done) => {
        release = done;
      });
      return 'done';
    });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  return { app, port, entered, release: () => release() };
}

it('closes though a connection has never been used', async () => {
  const { app, port } = await listening();
  const accepted = once(app.server, 'connection');
  const socket = connect(port, '127.0.0.1');
  await accepted;
  const closed = once(socket, 'close');
  await app.close();
  await closed;
});

it('answers what is under way, and then closes its connection', async () => {
  const { app, port, entered, release } = await listening();
  const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  const closed = once(socket, 'close');
  await entered;
  const closing = app.close();
  release();
  await Promise.all([closing, closed]);
  expect(heard).toMatch(/^HTTP\/1\.1 200 [\s\S]*done$/);
});

it('lets a connection go with its answer while the service leaves, and takes others', async () => {
  const { app, port, entered, release } = await listening(true);
  for (let connections = 0; connections < 2; connections += 1) {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    const closed = once(socket, 'close');
    await entered;
    while (heard === '') {
      release();
      await new Promise(setImmediate);
    }
    await closed;
    expect(heard).toMatch(/\r\nconnection: close\r\n[\s\S]*done$/i);
  }
  await app.close();
});
