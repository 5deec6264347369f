import { connect } from 'node:net';
import { loadCatalogue } from '@vouch/catalogue';
import { createLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, afterEach, expect, it } from 'vitest';
import { createAdmission } from '../callers/admission.js';
import { createHttpApp } from './app.js';
import type { HttpParts } from './parts.js';

const NAME = '欧阳测试';
const lines: string[] = [];
const authorization = 'Bearer t';
let room = 100;
let authenticated = 0;

// Only what stands before a handler is tried here, so what handlers need is left out.
const app = await createHttpApp({
  catalogues: { current: await loadCatalogue() },
  authenticator: {
    async authenticate() {
      authenticated += 1;
      return {
        kind: 'platform',
        clientId: 'jinan-enrolment',
        subject: 'jinan-enrolment',
        scopes: new Set(['verifications:write', 'verifications:read']),
        token: 't',
      };
    },
    ready: async () => {},
  },
  admission: createAdmission({
    get maxInFlight() {
      return room;
    },
    personRequestsPerSecond: 100,
    failuresPerMinute: 100,
  }),
  tracer: silentTracer,
  logger: createLogger({
    serviceName: 'lookup',
    logLevel: 'debug',
    prettyLogs: false,
    logDestination: { write: (line) => void lines.push(line) },
  }),
  trustProxy: false,
  // Client and server share one event loop here, and the large answer holds it up.
  receiveWithinMs: 1_000,
  sendStallMs: 200,
} as Partial<HttpParts> as HttpParts);
app.get('/large', async (_request, reply) => reply.send(Buffer.alloc(64 * 1024 * 1024)));
app.get('/odd', async () => {
  throw Object.assign(new Error(`'${NAME}' is odd`), { code: 'FST_ERR_ODD' });
});
const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));

afterAll(() => app.close());
afterEach(() => {
  lines.length = 0;
});

/** Sends a text as it is, and hears all that comes until the connection is closed. */
function say(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(Number(url.port), url.hostname, () => socket.write(text));
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

const post = (headers: Record<string, string>) =>
  app.inject({
    method: 'POST',
    url: '/v1/verifications',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: '{}',
  });

it.each([
  [NAME.repeat(50), 404, 'route_not_found'],
  [encodeURIComponent(NAME).repeat(50), 404, 'route_not_found'],
  [`${encodeURIComponent(NAME)}%zz`, 400, 'request_invalid'],
])('answers an address with %s in it, and logs nothing of it', async (segment, status, code) => {
  const answer = await app.inject({ url: `/v1/verifications/${segment}`, headers: { authorization } });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  for (const text of [answer.body, lines.join('')]) for (const name of [NAME, encodeURIComponent(NAME)]) expect(text).not.toContain(name);
});

it('logs the code of a failure of fastify and not its text', async () => {
  const answer = await app.inject('/odd');
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal']);
  expect(lines.join('')).toContain('FST_ERR_ODD');
  expect(lines.join('')).not.toContain(NAME);
});

it.each([
  [{ 'content-encoding': 'gzip' }, 415],
  [{ 'content-encoding': 'identity, br' }, 415],
  [{ 'content-type': 'application/json; charset=gbk' }, 415],
  [{ 'content-encoding': 'Identity' }, 400],
  [{ 'content-type': 'application/json; charset="UTF-8"' }, 400],
])('takes JSON in plain UTF-8 only: %j is answered with %i', async (headers, status) => {
  const answer = await post(headers);
  expect([answer.statusCode, answer.json().code]).toEqual([status, status === 415 ? 'content_type_unsupported' : 'request_invalid']);
});

it('answers and closes a connection whose request does not arrive', async () => {
  const head = `POST /v1/verifications HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\n`;
  expect(await say(`${head}content-length: 100\r\n\r\n{"purpose":`)).toMatch(
    /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*"code":"request_timeout"/,
  );
  expect(await say(head)).toMatch(/^HTTP\/1\.1 408 /);
});

it('says what is wrong with a head', async () => {
  const close = 'connection: close\r\n\r\n';
  expect(await say(`GET /health/live HTTP/1.1\r\n${close}`)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"detail":"The header host is missing"/);
  expect(await say(`GET /health/live HTTP/1.0\r\n${close}`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await say(`GET / HTTP/1.1\r\nx-long: ${'x'.repeat(20_000)}\r\n${close}`)).toMatch(
    /^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/,
  );
});

it('names what is wrong outside of the body in errors', async () => {
  const key = await app.inject({
    method: 'POST',
    url: '/v1/verifications',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'k'.repeat(256) },
    body: '{}',
  });
  expect(key.json()).toMatchObject({
    code: 'request_invalid',
    errors: [{ pointer: '/@header/idempotency-key', code: 'idempotency_key_malformed' }],
  });
  const address = await app.inject({ url: '/v1/verifications/%zz', headers: { authorization } });
  expect(address.json()).toMatchObject({ code: 'request_invalid', errors: [{ pointer: '/@url', code: 'url_malformed' }] });
});

it('sends security headers with what has no route, and leads from the root to the reference', async () => {
  for (const url of ['/nothing', '/health/live']) {
    const { headers } = await app.inject({ url });
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'origin-agent-cluster': '?1',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'x-download-options': 'noopen',
      'x-frame-options': 'SAMEORIGIN',
      'x-permitted-cross-domain-policies': 'none',
      'x-xss-protection': '0',
    });
  }
  const root = await app.inject({ url: '/' });
  expect([root.statusCode, root.headers.location]).toEqual([302, '/docs/']);
});

/** Sends requests one after the other over one connection, and hears the head of each answer. */
async function sayInTurn(texts: readonly string[]): Promise<string[]> {
  const heads: string[] = [];
  const socket = connect(Number(url.port), url.hostname);
  let heard = '';
  let answered = (): void => {};
  socket.on('data', (chunk) => {
    heard += chunk;
    const [head, body] = heard.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0);
    if (head === undefined || body === undefined || Buffer.byteLength(body) < length) return;
    heads.push(head);
    heard = '';
    answered();
  });
  for (const text of texts) {
    const answer = new Promise<void>((resolve) => {
      answered = resolve;
    });
    socket.write(text);
    await answer;
  }
  socket.destroy();
  return heads;
}

it('turns away when there is no room before anything is looked at, on a connection that is kept, and stays alive', async () => {
  room = 0;
  authenticated = 0;
  const posted = `POST /v1/verifications HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\nnot{json}`;
  const heads = await sayInTurn([posted, posted, 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n']);
  room = 100;
  expect(heads).toHaveLength(3);
  for (const head of heads.slice(0, 2)) {
    expect(head).toMatch(/^HTTP\/1\.1 503 /);
    expect(head).toMatch(/^retry-after: [1-3]\r$/im);
    expect(head).toMatch(/^x-content-type-options: nosniff\r$/im);
  }
  expect(heads[2]).toMatch(/^HTTP\/1\.1 200 /);
  expect(authenticated).toBe(0);
});

it('closes the connection of one who is turned away with a long body to come', async () => {
  room = 0;
  const head = `POST /v1/verifications HTTP/1.1\r\nhost: x\r\ncontent-length: 200000\r\n\r\n`;
  expect(await say(head)).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"overloaded"/);
  room = 100;
});

it('cuts off one who does not read the answer, and serves others', async () => {
  const socket = connect(Number(url.port), url.hostname, () => socket.write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n'));
  socket.pause();
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  const connections = () => new Promise<number>((resolve) => app.server.getConnections((_failure, count) => resolve(count)));
  while ((await connections()) === 0) await new Promise(setImmediate);
  expect((await fetch(new URL('/health/live', url))).status).toBe(200);
  while ((await connections()) > 1) await new Promise((resolve) => setTimeout(resolve, 20));
  socket.resume();
  await gone;
});
