import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createEdges } from './edges.js';
import { watchVerification } from './watch.js';

let close = () => {};
afterEach(() => close());

/** A server that answers each connection by the next of the scripts, and notes what was asked. */
async function serve(...scripts: ((answer: ServerResponse) => void)[]) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.headers['last-event-id']?.toString());
    scripts.shift()?.(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const state = (sequence: number, status: string) =>
  `id: ${sequence}\nevent: verification\ndata: ${JSON.stringify({ id: 'v', status, name: '沐辰' })}\n\n`;
const problem =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  (answer: ServerResponse) =>
    answer.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify({ status, code, title: code }));

async function take(url: string, after?: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  try {
    for await (const { sequence, verification } of watchVerification(createEdges(url), async () => 't', 'v', { after })) {
      taken.push([sequence, verification.status]);
    }
  } catch (failure) {
    taken.push((failure as { problem?: { code: string } }).problem?.code ?? failure);
  }
  return taken;
}

it('gives each state until the verification ends, whatever pieces they arrive in', async () => {
  const bytes = Buffer.from(`retry: 2000\n\n${state(1, 'pending')}: nothing new\n\n${state(2, 'complete')}`);
  const { url, asked } = await serve((answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const byte of bytes) answer.write(Buffer.of(byte));
    answer.end();
  });
  expect(await take(url)).toEqual([
    [1, 'pending'],
    [2, 'complete'],
  ]);
  expect(asked).toEqual(['0']);
});

it('goes on after the last state when the connection is lost, its request is cut, or there is no place just now', async () => {
  const { url, asked } = await serve(
    (answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write(state(4, 'pending'), () => answer.destroy());
    },
    problem(429, 'rate_limited', { 'retry-after': '1' }),
    problem(408, 'request_timeout', { 'retry-after': '1' }),
    (answer) => answer.writeHead(204).end(),
  );
  expect(await take(url, 3)).toEqual([[4, 'pending']]);
  expect(asked).toEqual(['3', '4', '4', '4']);
});

it('throws what stands against it', async () => {
  const { url } = await serve(problem(404, 'verification_not_found'), (answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.end(`event: gone\ndata: {"status":410,"code":"verification_gone","title":"gone"}\n\n`);
  });
  expect(await take(url)).toEqual(['verification_not_found']);
  expect(await take(url)).toEqual(['verification_gone']);
});
