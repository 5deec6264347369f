import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { boundedFetch, LARGEST_ISSUER_ANSWER } from './bounded-fetch.js';

let cut = 0;
const server = createServer((request, response) => {
  response.once('close', () => {
    if (!response.writableFinished) cut += 1;
  });
  if (request.url === '/small') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}');
    return;
  }
  // Goes on for ever, as fast as it is read.
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(LARGEST_ISSUER_ANSWER / 4)));
  };
  response.on('drain', more);
  more();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('reads an answer whole', async () => {
  const answer = await boundedFetch(`${url}/small`, {});
  expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([200, 'application/json', { a: 1 }]);
});

it('gives up on one that is too large, and reads no further', async () => {
  await expect(boundedFetch(`${url}/endless`, {})).rejects.toThrow(/larger than/);
  while (cut === 0) await new Promise(setImmediate);
});
