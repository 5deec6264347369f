import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { RetryableError, TerminalError, type VouchError } from '@vouch/errors';
import { RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import { dial, grpcStatusOf, served, startGrpcServer } from '../src/index.js';
import { aborted, type Evidence, gate, type Redemption } from './bindings.js';

const call = () => ({ signal: new AbortController().signal });
const basis = { verificationId: 'v1' };
const never = (): Promise<never> => new Promise(() => undefined);
const errorOf = (work: Promise<unknown>): Promise<VouchError> =>
  work.then(
    () => Promise.reject(new Error('did not fail')),
    (thrown) => thrown,
  );
const redemption = served(RedemptionServiceService, {
  getBasis: async () => ({ disclosureAllowed: true }),
} as Partial<Redemption> as Redemption);

describe('a peer that is not ours', () => {
  it.each([
    [status.CANCELLED, 'unavailable', RetryableError],
    [status.UNKNOWN, 'internal', TerminalError],
    [status.INVALID_ARGUMENT, 'request_invalid', TerminalError],
    [status.DEADLINE_EXCEEDED, 'deadline_exceeded', RetryableError],
    [status.NOT_FOUND, 'internal', TerminalError],
    [status.ALREADY_EXISTS, 'internal', TerminalError],
    [status.PERMISSION_DENIED, 'caller_kind_wrong', TerminalError],
    [status.RESOURCE_EXHAUSTED, 'overloaded', RetryableError],
    [status.FAILED_PRECONDITION, 'internal', TerminalError],
    [status.ABORTED, 'unavailable', RetryableError],
    [status.UNIMPLEMENTED, 'route_not_found', TerminalError],
    [status.INTERNAL, 'internal', TerminalError],
    [status.UNAVAILABLE, 'unavailable', RetryableError],
    [status.DATA_LOSS, 'internal', TerminalError],
    [status.UNAUTHENTICATED, 'unauthenticated', TerminalError],
  ])('status %i is %s', async (code, expected, kind) => {
    const server = new Server();
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from([0xff, 0xff]));
    server.addService(RedemptionServiceService, {
      getBasis: (_call: unknown, respond: (failure: object) => void) => respond({ code, details: 'the record of a person', metadata }),
      redeem: () => undefined,
      renewLease: () => undefined,
    });
    const port = await promisify(server.bindAsync.bind(server))('127.0.0.1:0', ServerCredentials.createInsecure());
    const dialled = dial(RedemptionServiceService, { address: `127.0.0.1:${port}`, tracer: silentTracer });
    const error = await errorOf(dialled.getBasis(basis, call()));
    expect(error).toBeInstanceOf(kind);
    expect(error.code).toBe(expected);
    expect(grpcStatusOf(error)).toBe(code);
    expect(error.detail).not.toContain('person');
    await dialled[Symbol.asyncDispose]();
    server.forceShutdown();
  });
});

describe('a port', () => {
  it('is unavailable while nobody listens, and works once somebody does', async () => {
    const first = await startGrpcServer({ address: '127.0.0.1:0', services: [redemption], tracer: silentTracer, logger: silentLogger });
    await using port = dial(RedemptionServiceService, { address: first.address, tracer: silentTracer });
    expect(await port.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
    await first[Symbol.asyncDispose]();
    const error = await errorOf(port.getBasis(basis, call()));
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    await using _second = await startGrpcServer({
      address: first.address,
      services: [redemption],
      tracer: silentTracer,
      logger: silentLogger,
    });
    const again = () => port.getBasis(basis, call()).catch((failure: VouchError) => failure.code);
    await expect.poll(again, { timeout: 10_000 }).toEqual({ disclosureAllowed: true });
  });

  it('refuses calls after it was disposed, and ends those under way', async () => {
    const running = gate();
    await using server = await startGrpcServer({
      address: '127.0.0.1:0',
      services: [
        served(RedemptionServiceService, {
          getBasis: () => {
            running.open();
            return never();
          },
        } as Partial<Redemption> as Redemption),
      ],
      tracer: silentTracer,
      logger: silentLogger,
      drainMs: 50,
    });
    const port = dial(RedemptionServiceService, { address: server.address, tracer: silentTracer });
    const hung = errorOf(port.getBasis(basis, call()));
    await running.opened;
    await port[Symbol.asyncDispose]();
    expect(await hung).toMatchObject({ code: 'unavailable' });
    expect(await errorOf(port.getBasis(basis, call()))).toMatchObject({ code: 'unavailable' });
  });
});

describe('a half-open connection', () => {
  /** Passes bytes on until it is told to swallow them, as a firewall that forgot a connection does. */
  async function startProxy(target: string) {
    const [host, port] = target.split(':') as [string, string];
    const sockets: Socket[] = [];
    const server = createServer((from) => {
      const to = connect(Number(port), host);
      sockets.push(from, to);
      from.pipe(to);
      to.pipe(from);
      for (const socket of [from, to]) socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      swallow() {
        for (const socket of sockets) socket.unpipe().on('data', () => undefined);
      },
      close() {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    };
  }

  it('is noticed on both sides while a stream is silent', async () => {
    const learned = gate<unknown>();
    await using server = await startGrpcServer({
      address: '127.0.0.1:0',
      services: [
        served(EvidenceProviderService, {
          async *checkStream(requests, { signal }) {
            void aborted(signal).then(learned.open);
            yield { answers: [], window: 1, draining: false };
            for await (const _ of requests) yield { answers: [], window: 2, draining: false };
          },
        } as Partial<Evidence> as Evidence),
      ],
      tracer: silentTracer,
      logger: silentLogger,
      keepaliveMs: 100,
    });
    const proxy = await startProxy(server.address);
    await using port = dial(EvidenceProviderService, { address: proxy.address, tracer: silentTracer, keepaliveMs: 100 });
    const idle = { [Symbol.asyncIterator]: () => ({ next: never }) };
    const responses = port.checkStream(idle, call())[Symbol.asyncIterator]();
    expect((await responses.next()).value?.window).toBe(1);
    proxy.swallow();
    expect(await errorOf(responses.next())).toMatchObject({ code: 'unavailable', retryable: true });
    expect(await learned.opened).toMatchObject({ code: 'unavailable' });
    proxy.close();
  });
});

describe('TLS', () => {
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args);

  it('carries calls between parties that know each other, and nobody else', async ({ skip }) => {
    const dir = await mkdtemp(join(tmpdir(), 'vouch-tls-'));
    const made = await openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')],
    ).catch(() => undefined);
    if (!made) return skip('no openssl here');
    const key = await readFile(join(dir, 'key.pem'), 'utf8');
    const certificate = await readFile(join(dir, 'cert.pem'), 'utf8');
    await using server = await startGrpcServer({
      address: 'localhost:0',
      services: [redemption],
      tracer: silentTracer,
      logger: silentLogger,
      credentials: { key, certificate, clientCa: certificate },
    });
    const { address } = server;
    await using known = dial(RedemptionServiceService, {
      address,
      tracer: silentTracer,
      credentials: { ca: certificate, key, certificate },
    });
    expect(await known.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
    await using nameless = dial(RedemptionServiceService, { address, tracer: silentTracer, credentials: { ca: certificate } });
    expect((await errorOf(nameless.getBasis(basis, call()))).code).toBe('unavailable');
    await using plain = dial(RedemptionServiceService, { address, tracer: silentTracer });
    expect((await errorOf(plain.getBasis(basis, call()))).code).toBe('unavailable');
    await rm(dir, { recursive: true });
  });
});
