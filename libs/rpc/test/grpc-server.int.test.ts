import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { ERROR_CODES, RetryableError, TerminalError } from '@vouch/errors';
import { RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { service as healthService } from 'grpc-health-check';
import { describe, expect, it } from 'vitest';
import { dial, type GrpcServer, type GrpcServerOptions, served, startGrpcServer } from '../src/index.js';
import { type Evidence, gate, type Redemption, recordingTracer } from './bindings.js';

const call = () => ({ signal: new AbortController().signal });
const basis = { verificationId: 'v1' };
const never = (): Promise<never> => new Promise(() => undefined);

interface Parts {
  readonly redemption?: Partial<Redemption>;
  readonly evidence?: Partial<Evidence>;
  readonly options?: Partial<GrpcServerOptions>;
}

function start({ redemption = {}, evidence = {}, options = {} }: Parts): Promise<GrpcServer> {
  return startGrpcServer({
    address: '127.0.0.1:0',
    services: [
      served(RedemptionServiceService, { getBasis: async () => ({ disclosureAllowed: true }), ...redemption } as Redemption),
      served(EvidenceProviderService, evidence as Evidence),
    ],
    tracer: silentTracer,
    logger: silentLogger,
    drainMs: 100,
    ...options,
  });
}

const reach = (server: GrpcServer, maxMessageBytes?: number) =>
  dial(RedemptionServiceService, { address: server.address, tracer: silentTracer, maxMessageBytes });

/** A caller that speaks gRPC and knows nothing of us. */
function rawCall(address: string, path: string, request: Buffer): Promise<{ failure: ServiceError | null; bytes?: Buffer }> {
  const client = new Client(address, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, same, same, request, (failure, bytes) => {
      client.close();
      resolve({ failure, bytes });
    });
  });
}

type HealthCheck = (typeof healthService)['Check'];

function health(address: string, name: string): Promise<string> {
  const check = healthService.Check as HealthCheck;
  const client = new Client(address, credentials.createInsecure());
  return new Promise((resolve) => {
    client.makeUnaryRequest(check.path, check.requestSerialize, check.responseDeserialize, { service: name }, (failure, response) => {
      client.close();
      resolve(failure ? `error ${failure.code}` : String((response as { status: string }).status));
    });
  });
}

describe('health', () => {
  it('is told for the server and each service, and follows setServing', async () => {
    await using server = await start({});
    expect(await health(server.address, '')).toBe('SERVING');
    expect(await health(server.address, 'vouch.consent.v1.RedemptionService')).toBe('SERVING');
    expect(await health(server.address, 'vouch.consent.v1.Unknown')).toBe(`error ${status.NOT_FOUND}`);
    server.setServing(false);
    expect(await health(server.address, '')).toBe('NOT_SERVING');
    expect(await health(server.address, 'vouch.evidence.v1.EvidenceProvider')).toBe('NOT_SERVING');
    server.setServing(true);
    expect(await health(server.address, '')).toBe('SERVING');
  });
});

describe('reflection', () => {
  /** Asks one question: ServerReflectionRequest has file_containing_symbol = 4 and list_services = 7. */
  function ask(address: string, version: string, field: 4 | 7, text: string): Promise<Buffer> {
    const client = new Client(address, credentials.createInsecure());
    const same = (bytes: Buffer): Buffer => bytes;
    const stream = client.makeBidiStreamRequest(`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, same, same);
    stream.end(
      Buffer.from(
        new BinaryWriter()
          .uint32((field << 3) | 2)
          .string(text)
          .finish(),
      ),
    );
    return new Promise((resolve, reject) => {
      stream.on('data', resolve);
      stream.on('error', reject);
      stream.on('end', () => client.close());
    });
  }

  it.each(['v1', 'v1alpha'])('%s lists the services that are served, and no others', async (version) => {
    await using server = await start({});
    const text = (await ask(server.address, version, 7, '*')).toString('latin1');
    expect(text).toContain('vouch.consent.v1.RedemptionService');
    expect(text).toContain('vouch.evidence.v1.EvidenceProvider');
    expect(text).toContain('grpc.health.v1.Health');
    expect((await ask(server.address, version, 4, 'grpc.health.v1.Health')).toString('latin1')).toContain('HealthCheckRequest');
    expect(text).not.toContain('vouch.consent.v1.ConsentService');
  });

  it('describes a service with what its file imports', async () => {
    await using server = await start({});
    const reader = new BinaryReader(await ask(server.address, 'v1', 4, 'vouch.consent.v1.RedemptionService'));
    const names: string[] = [];
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field !== 4) {
        reader.skip(wireType, field);
        continue;
      }
      const files = new BinaryReader(reader.bytes());
      while (files.pos < files.len) {
        files.tag();
        const file = new BinaryReader(files.bytes());
        file.tag();
        names.push(file.string());
      }
    }
    expect(names.sort()).toEqual(['google/protobuf/timestamp.proto', 'vouch/consent/v1/consent.proto']);
  });

  const buf = fileURLToPath(new URL('../../../node_modules/.bin/buf', import.meta.url));
  it.skipIf(!existsSync(buf))('lets a grpcurl-like client list and call without our files', async () => {
    await using server = await start({});
    const curl = (...more: string[]) => promisify(execFile)(buf, ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...more]);
    const listed = await curl('--list-methods', `http://${server.address}`);
    expect(listed.stdout).toContain('vouch.evidence.v1.EvidenceProvider/Check');
    expect(listed.stdout).toContain('grpc.health.v1.Health/Check');
    const url = `http://${server.address}/vouch.consent.v1.RedemptionService/GetBasis`;
    const answered = await curl('--data', '{"verificationId":"v1"}', url);
    expect(JSON.parse(answered.stdout)).toEqual({ disclosureAllowed: true });
  });
});

describe('limits', () => {
  it('refuses a message that is too large, in either direction', async () => {
    await using server = await start({
      redemption: { redeem: async () => ({ result: { $case: 'refusal', value: { code: 'x'.repeat(20_000) } } }) },
      options: { maxMessageBytes: 10_000 },
    });
    await using port = reach(server);
    await expect(port.getBasis({ verificationId: 'x'.repeat(20_000) }, call())).rejects.toMatchObject({ code: 'body_too_large' });
    const path = '/vouch.consent.v1.RedemptionService/GetBasis';
    const { failure } = await rawCall(server.address, path, Buffer.alloc(20_000));
    expect([failure?.code, failure?.details]).toEqual([status.RESOURCE_EXHAUSTED, ERROR_CODES.body_too_large.title]);
    expect(String(failure?.metadata.get('grpc-status-details-bin')[0])).toContain('body_too_large');
    await using careful = reach(server, 1000);
    await expect(careful.getBasis({ verificationId: 'x'.repeat(2000) }, call())).rejects.toMatchObject({ code: 'body_too_large' });
    expect(await port.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
  });

  it('refuses more calls than it can bear with overloaded, and serves again when there is room', async () => {
    const release = gate();
    let running = 0;
    await using server = await start({
      redemption: {
        getBasis: async () => {
          running += 1;
          await release.opened;
          return { disclosureAllowed: true };
        },
      },
      options: { maxCalls: 3 },
    });
    await using port = reach(server);
    const held = [1, 2, 3].map(() => port.getBasis(basis, call()));
    await expect.poll(() => running).toBe(3);
    await expect(port.getBasis(basis, call())).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    release.open();
    await Promise.all(held);
    await expect(port.getBasis(basis, call())).resolves.toEqual({ disclosureAllowed: true });
  });

  it('tells a caller whose message cannot be read', async () => {
    await using server = await start({});
    const { failure } = await rawCall(server.address, '/vouch.consent.v1.RedemptionService/GetBasis', Buffer.from([0xff, 0xff, 0xff]));
    expect(failure?.code).toBe(status.INVALID_ARGUMENT);
    expect(failure?.metadata.get('grpc-status-details-bin')).toHaveLength(1);
  });
});

describe('authorize', () => {
  it('runs before every call, unary and streaming, and may refuse', async () => {
    const seen: (string | undefined)[] = [];
    await using server = await start({
      evidence: {
        async *watch() {
          yield { cursor: '1', claimType: 'tax.deed-tax-paid' };
        },
      },
      options: {
        authorize: async ({ authorization }) => {
          seen.push(authorization);
          if (authorization !== 'Bearer let-me-in') throw new TerminalError('unauthenticated');
        },
      },
    });
    await using stranger = reach(server);
    await expect(stranger.getBasis(basis, call())).rejects.toMatchObject({ code: 'unauthenticated' });
    // A stranger's message is not even decoded: this one cannot be.
    const { failure } = await rawCall(server.address, '/vouch.consent.v1.RedemptionService/GetBasis', Buffer.from([0xff]));
    expect(failure?.code).toBe(status.UNAUTHENTICATED);
    const metadata = { authorization: 'Bearer let-me-in' };
    await using friend = dial(RedemptionServiceService, { address: server.address, tracer: silentTracer, metadata });
    expect(await friend.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
    await using watcher = dial(EvidenceProviderService, { address: server.address, tracer: silentTracer });
    const first = (context: object) =>
      watcher
        .watch({ cursor: '' }, { ...call(), ...context })
        [Symbol.asyncIterator]()
        .next();
    await expect(first({})).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await first({ metadata })).value).toMatchObject({ cursor: '1' });
    expect(seen).toEqual([undefined, undefined, 'Bearer let-me-in', undefined, 'Bearer let-me-in']);
    expect(await health(server.address, '')).toBe('SERVING');
  });
});

describe('drain', () => {
  it('lets calls under way finish and takes no more', async () => {
    const running = gate();
    const release = gate();
    const server = await start({
      redemption: {
        getBasis: async () => {
          running.open();
          await release.opened;
          return { disclosureAllowed: true };
        },
      },
      options: { drainMs: 10_000 },
    });
    await using port = reach(server);
    const answer = port.getBasis(basis, call());
    await running.opened;
    const drained = server.drain();
    await using late = reach(server);
    await expect(late.getBasis(basis, call())).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    release.open();
    expect(await answer).toEqual({ disclosureAllowed: true });
    await drained;
  });

  it('ends what hangs, after its time, as unavailable', async () => {
    const running = gate<AbortSignal>();
    const server = await start({
      redemption: {
        getBasis: (_request, { signal }) => {
          running.open(signal);
          return never();
        },
      },
    });
    await using port = reach(server);
    const answer = port.getBasis(basis, call());
    answer.catch(() => undefined);
    const signal = await running.opened;
    await server.drain();
    await expect(answer).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect.poll(() => signal.aborted).toBe(true);
  });

  it('does not wait for a watcher of health', async () => {
    const server = await start({ options: { drainMs: 60_000 } });
    const client = new Client(server.address, credentials.createInsecure());
    const watch = healthService.Watch as HealthCheck;
    const statuses: string[] = [];
    const stream = client.makeServerStreamRequest(watch.path, watch.requestSerialize, watch.responseDeserialize, { service: '' });
    stream.on('data', (message: { status: string }) => statuses.push(message.status));
    stream.on('error', () => undefined);
    await expect.poll(() => statuses).toEqual(['SERVING']);
    await server.drain();
    await expect.poll(() => statuses).toEqual(['SERVING', 'NOT_SERVING']);
    client.close();
  });

  it('frees the address', async () => {
    const first = await start({});
    await expect(start({ options: { address: first.address } })).rejects.toMatchObject({ code: 'unavailable' });
    await first[Symbol.asyncDispose]();
    await using second = await start({ options: { address: first.address } });
    expect(second.address).toBe(first.address);
  });
});

describe('spans', () => {
  it('of a listener to the outside are marked so, and streams have them when asked', async () => {
    const { tracer, spans } = recordingTracer();
    await using server = await start({
      evidence: {
        async *watch() {
          yield { cursor: '1', claimType: 'tax.deed-tax-paid' };
        },
      },
      options: { tracer, external: true, traceStreams: true },
    });
    await using port = reach(server);
    await port.getBasis(basis, call());
    await using watcher = dial(EvidenceProviderService, { address: server.address, tracer: silentTracer });
    for await (const _ of watcher.watch({ cursor: '' }, call()));
    await expect
      .poll(() => spans.map(({ name, ended }) => [name, ended]))
      .toEqual([
        ['vouch.consent.v1.RedemptionService/GetBasis', true],
        ['vouch.evidence.v1.EvidenceProvider/Watch', true],
      ]);
    expect(spans.map(({ options }) => options.external)).toEqual([true, true]);
  });
});

describe('retryable errors', () => {
  it('carry when to come back', async () => {
    await using server = await start({
      redemption: {
        getBasis: async () => {
          throw new RetryableError('rate_limited', { retryAfterMs: 1500 });
        },
      },
    });
    const { failure } = await rawCall(server.address, '/vouch.consent.v1.RedemptionService/GetBasis', Buffer.alloc(0));
    expect(failure?.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(failure?.details).toBe('Too many requests');
  });
});
