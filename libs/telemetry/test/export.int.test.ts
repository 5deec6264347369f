import { once } from 'node:events';
import { access, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTraceFiles, renderTraceTree, startTelemetry } from '../src/index.js';
import { createSpanFiles } from '../src/span-files.js';

const quiet = { logLevel: 'silent', prettyLogs: false } as const;

interface Received {
  readonly url: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** A collector that speaks enough OTLP over HTTP to receive. */
async function startCollector() {
  const received: Received[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const contentType = request.headers['content-type'] ?? '';
    received.push({ url: request.url ?? '', contentType, authorization: request.headers.authorization, body: Buffer.concat(chunks) });
    response.writeHead(200, { 'content-type': contentType }).end(contentType.includes('json') ? '{}' : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

afterEach(() => vi.unstubAllEnvs());

describe('OTLP', () => {
  it.each([
    ['http/json', 'application/json'],
    ['http/protobuf', 'application/x-protobuf'],
  ])('%s reaches a collector', async (protocol, contentType) => {
    await using collector = await startCollector();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
    vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', protocol);
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20for-the-collector');
    await using telemetry = startTelemetry({ ...quiet, serviceName: 'lookup' });
    const span = telemetry.tracer('test').startSpan('redeem', { kind: 'client' });
    span.end();
    await telemetry.flush();

    expect(collector.received).toHaveLength(1);
    const [{ url, contentType: type, authorization, body }] = collector.received as [Received];
    expect(url).toBe('/v1/traces');
    expect(type).toContain(contentType);
    expect(authorization).toBe('Bearer for-the-collector');
    expect(body.includes('redeem')).toBe(true);
    expect(body.includes('lookup')).toBe(true);
    if (protocol === 'http/json') {
      const [resource] = JSON.parse(body.toString()).resourceSpans;
      expect(resource.scopeSpans[0].spans[0]).toMatchObject({ name: 'redeem', traceId: span.context.traceId, spanId: span.context.spanId });
    }
  });

  it('grpc reaches a collector', async () => {
    // The wire protocol by hand: gRPC's own library is for libs/rpc alone.
    const bodies: Buffer[] = [];
    const paths: string[] = [];
    const server = createHttp2Server().on('stream', async (stream, headers) => {
      paths.push(String(headers[':path']));
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      bodies.push(Buffer.concat(chunks));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.alloc(5));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc');
    const telemetry = startTelemetry({ ...quiet, serviceName: 'lookup' });
    telemetry.tracer('test').startSpan('redeem').end();
    await telemetry.flush();
    await telemetry[Symbol.asyncDispose]();
    server.close();
    expect(paths).toEqual(['/opentelemetry.proto.collector.trace.v1.TraceService/Export']);
    expect(bodies[0]?.includes('redeem')).toBe(true);
  });

  it('sends many spans in portions, each span once, also all that is left at the end', async () => {
    await using collector = await startCollector();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
    vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json');
    vi.stubEnv('OTEL_BSP_MAX_QUEUE_SIZE', '4000');
    const telemetry = startTelemetry({ ...quiet, serviceName: 'lookup' });
    const tracer = telemetry.tracer('test');
    const sent = Array.from({ length: 3_000 }, () => tracer.startSpan('one of many'));
    for (const span of sent) span.end();
    await telemetry[Symbol.asyncDispose]();

    const portions = collector.received.map(
      ({ body }) => JSON.parse(body.toString()).resourceSpans[0].scopeSpans[0].spans as { spanId: string }[],
    );
    expect(Math.max(...portions.map(({ length }) => length))).toBe(128);
    const got = portions.flat().map(({ spanId }) => spanId);
    expect(got.toSorted()).toEqual(sent.map(({ context }) => context.spanId).toSorted());
  });

  it('exports what is left when it is disposed', async () => {
    await using collector = await startCollector();
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `${collector.url}/custom`);
    const telemetry = startTelemetry({ ...quiet, serviceName: 'lookup' });
    telemetry.tracer('test').startSpan('last words').end();
    await telemetry[Symbol.asyncDispose]();
    expect(collector.received.map(({ url }) => url)).toEqual(['/custom']);
  });

  it('logs a collector that refuses, and throws nothing', async () => {
    const server = createServer((_request, response) => response.writeHead(400).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const lines: string[] = [];
    const telemetry = startTelemetry({
      serviceName: 'lookup',
      logLevel: 'warn',
      prettyLogs: false,
      logDestination: { write: (line) => void lines.push(line) },
    });
    telemetry.tracer('test').startSpan('unheard').end();
    await telemetry.flush();
    await telemetry[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
    expect(lines.join('')).toContain('could not be exported');
  });
});

describe('span files', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vouch-traces-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('hold a trace of several services that reads back as a tree, with the traces linked to it', async () => {
    const lookup = startTelemetry({ ...quiet, serviceName: 'lookup', traceDir: dir });
    const consent = startTelemetry({ ...quiet, serviceName: 'consent', traceDir: dir });
    const root = lookup.tracer('http').startSpan('POST /v1/verifications', { kind: 'server' });
    const redeem = lookup.tracer('rpc').startSpan('redeem', { kind: 'client', parent: root.context });
    const served = consent
      .tracer('rpc')
      .startSpan('redeem', { kind: 'server', parent: redeem.context, attributes: { 'vouch.region': '370102' } });
    const batch = consent.tracer('store').startSpan('group-commit', { links: [served.context] });
    const unrelated = consent.tracer('store').startSpan('vacuum');
    for (const span of [unrelated, batch, served, redeem, root]) span.end();
    await Promise.all([lookup[Symbol.asyncDispose](), consent[Symbol.asyncDispose]()]);

    const spans = await readTraceFiles(dir, root.context.traceId);
    expect(spans.map(({ name, service, kind }) => ({ name, service, kind }))).toEqual([
      { name: 'POST /v1/verifications', service: 'lookup', kind: 'server' },
      { name: 'redeem', service: 'lookup', kind: 'client' },
      { name: 'redeem', service: 'consent', kind: 'server' },
      { name: 'group-commit', service: 'consent', kind: 'internal' },
    ]);
    expect(spans[2]).toMatchObject({ parentSpanId: redeem.context.spanId, attributes: { 'vouch.region': '370102' }, status: 'unset' });
    const text = renderTraceTree(spans, { colour: false });
    expect(text).toContain('   └─ redeem');
    expect(text).toContain('⇢ group-commit');
    expect(await readTraceFiles(dir, root.context.traceId, { linked: false })).toHaveLength(3);
  });

  it('are written by themselves soon after a span has ended', async () => {
    await using telemetry = startTelemetry({ ...quiet, serviceName: 'lookup', traceDir: dir });
    const span = telemetry.tracer('test').startSpan('soon');
    span.end();
    await expect.poll(() => readTraceFiles(dir, span.context.traceId), { interval: 10 }).toHaveLength(1);
  });

  it('stay within two files a process', async () => {
    const files = createSpanFiles({ dir, service: 'lookup', warn: () => undefined, largestFileBytes: 2000 });
    const telemetry = startTelemetry({ ...quiet, serviceName: 'lookup', extraProcessors: [files] });
    for (let i = 0; i < 60; i++) {
      telemetry.tracer('test').startSpan(`span ${i}`).end();
      await telemetry.flush();
    }
    const names = (await readdir(dir)).sort();
    expect(names).toEqual([`lookup-${process.pid}.jsonl`, `lookup-${process.pid}.old.jsonl`]);
    for (const name of names) expect((await stat(join(dir, name))).size).toBeLessThanOrEqual(2000);
  });

  it('of earlier runs are removed, oldest first', async () => {
    for (let i = 0; i < 80; i++) await writeFile(join(dir, `lookup-${1_000_000 + i}.jsonl`), '');
    await using telemetry = startTelemetry({ ...quiet, serviceName: 'lookup', traceDir: dir });
    telemetry.tracer('test').startSpan('now').end();
    await telemetry.flush();
    expect((await readdir(dir)).length).toBe(64);
  });

  it('come back when the folder was removed under them', async () => {
    await using telemetry = startTelemetry({ ...quiet, serviceName: 'lookup', traceDir: dir });
    const write = async (name: string) => {
      telemetry.tracer('test').startSpan(name).end();
      await telemetry.flush();
    };
    await write('one');
    await rm(dir, { recursive: true });
    await write('lost');
    await write('two');
    await access(join(dir, `lookup-${process.pid}.jsonl`));
  });

  it('of a process that died while it wrote are read up to there', async () => {
    const traceId = 'c'.repeat(32);
    const whole = { traceId, spanId: '1'.repeat(16), links: [], name: 'whole', startMs: 1, endMs: 2, attributes: {} };
    await writeFile(join(dir, 'lookup-1.jsonl'), `${JSON.stringify(whole)}\n{"traceId":"${traceId}","spanId":"2`);
    expect((await readTraceFiles(dir, traceId)).map((span) => span.name)).toEqual(['whole']);
    expect(await readTraceFiles(join(dir, 'absent'), traceId)).toEqual([]);
  });
});
