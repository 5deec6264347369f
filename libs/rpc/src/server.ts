import {
  type ServiceDefinition as GrpcDefinition,
  Server,
  ServerCredentials,
  type ServerInterceptingCall,
  type ServerInterceptor,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { TerminalError } from '@vouch/errors';
import type { Logger, TraceContext, Tracer } from '@vouch/telemetry';
import { HealthImplementation } from 'grpc-health-check';
import { isTooLarge, toGrpcStatus } from './grpc-errors.js';
import { listen } from './listen.js';
import { DEFAULT_MAX_MESSAGE_BYTES, toMethods } from './method.js';
import type { Port, ServiceDefinition } from './port.js';
import { RECEIVE_WITHIN_MS, receiveWhole } from './receive-whole.js';
import { addReflection } from './reflection.js';
import { type CallRules, createCallCount } from './server-calls.js';
import { type AnyImplementation, toHandler } from './server-handlers.js';

/** A definition with its implementation; made by `served`. */
export interface ServedService {
  readonly definition: ServiceDefinition;
  readonly implementation: AnyImplementation;
}

/** Pairs a definition with an implementation of it. */
export function served<D extends ServiceDefinition>(definition: D, implementation: Port<D>): ServedService {
  return { definition, implementation: implementation as AnyImplementation };
}

/** PEM texts for TLS; with `clientCa`, callers must show a certificate that it signed. */
export interface ServerTls {
  readonly key: string;
  readonly certificate: string;
  readonly clientCa?: string;
}

/** How a gRPC server is to run. */
export interface GrpcServerOptions {
  /** `host:port`; port 0 picks a free one. */
  readonly address: string;
  readonly services: readonly ServedService[];
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Largest message, bytes, both ways; 4 MiB unless said. */
  readonly maxMessageBytes?: number;
  /** Most calls under way on one connection; more wait in the caller's transport. 256 unless said. */
  readonly maxConcurrentStreams?: number;
  /** Most connections; further ones are closed at once. 1024 unless said. */
  readonly maxConnections?: number;
  /** Most calls under way on the whole server, and as many whose request is still arriving; past it `overloaded`. 4096 unless said. */
  readonly maxCalls?: number;
  /** How long the one request of a call may take to arrive, milliseconds; then `request_timeout`. 10000 unless said. */
  readonly receiveWithinMs?: number;
  /** A span for each streaming call too; false unless said, since a long stream outlives every trace in it. */
  readonly traceStreams?: boolean;
  /** True for a listener that callers outside Vouch reach: see `SpanOptions.external`. Their connections end after some time without a call. */
  readonly external?: boolean;
  /** Runs before every call (health and reflection aside), before its message is decoded; throws a VouchError to refuse it. */
  readonly authorize?: (metadata: Readonly<Record<string, string>>, trace?: TraceContext) => void | Promise<void>;
  /** TLS; plain text unless said. */
  readonly credentials?: ServerTls;
  /** How long `drain` lets calls finish, milliseconds; 5000 unless said. */
  readonly drainMs?: number;
  /** How long a silent connection is left alone before it is asked whether it lives, milliseconds; 30000 unless said. */
  readonly keepaliveMs?: number;
  /** How long a connection from outside is kept without a call, milliseconds; 300000 unless said. */
  readonly idleConnectionMs?: number;
}

/** A running server. Disposing drains it. */
export interface GrpcServer extends AsyncDisposable {
  /** `host:port` as really bound. */
  readonly address: string;
  /** What grpc.health.v1 answers from now on, for the server and each service. */
  setServing(serving: boolean): void;
  /** Accepts no more, lets calls finish for `drainMs`, then ends them. A long stream is its implementation's to end in time. */
  drain(): Promise<void>;
}

/** How long a silent connection is left alone before it is asked whether it lives, milliseconds. */
export const SERVER_KEEPALIVE_MS = 30_000;
/** How long it may take to say so, milliseconds. */
export const SERVER_KEEPALIVE_TIMEOUT_MS = 10_000;
/** How long a connection from outside is kept without a call, milliseconds. */
export const IDLE_CONNECTION_MS = 300_000;
/** Connections of one server. */
export const MAX_CONNECTIONS = 1024;
/** Calls under way on one connection. */
export const MAX_CONCURRENT_STREAMS = 256;
/** Calls under way on one server. */
export const MAX_CALLS = 4096;
const CLOSE_WITHIN_MS = 250;

/**
 * Starts a server with health (grpc.health.v1) and reflection (v1, v1alpha) beside its services. Errors go out as google.rpc.Status
 * with our code in ErrorInfo. Rejects with `unavailable` when the address cannot be bound.
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { services, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES, maxCalls = MAX_CALLS, drainMs = 5000 } = options;
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.max_concurrent_streams': options.maxConcurrentStreams ?? MAX_CONCURRENT_STREAMS,
    // A peer that vanished without a word (half-open socket) is noticed and its calls are cancelled.
    'grpc.keepalive_time_ms': options.keepaliveMs ?? SERVER_KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': Math.min(SERVER_KEEPALIVE_TIMEOUT_MS, options.keepaliveMs ?? SERVER_KEEPALIVE_TIMEOUT_MS),
    ...(options.external ? { 'grpc.max_connection_idle_ms': options.idleConnectionMs ?? IDLE_CONNECTION_MS } : {}),
    // grpc-js (1.14) forgets its connections without it, and forceShutdown then ends none.
    'grpc.enable_channelz': 1,
    interceptors: [nameTooLarge, receiveWhole({ withinMs: options.receiveWithinMs ?? RECEIVE_WITHIN_MS, most: maxCalls })],
  });
  const rules: CallRules = {
    tracer: options.tracer,
    logger: options.logger,
    external: options.external ?? false,
    traceStreams: options.traceStreams ?? false,
    maxCalls,
    authorize: options.authorize,
  };
  const count = createCallCount();
  const names = services.flatMap((service) => addService(server, service, rules, count));
  const health = new HealthImplementation();
  const setServing = (serving: boolean): void => {
    for (const name of ['', ...names]) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  };
  setServing(true);
  health.addToServer(server);
  addReflection(server, names);
  const listener = await listen(server, options.address, toCredentials(options.credentials), options.maxConnections ?? MAX_CONNECTIONS);

  let draining: Promise<void> | undefined;
  async function drain(): Promise<void> {
    setServing(false);
    listener.close();
    const closed = new Promise<void>((resolve) => {
      server.tryShutdown(() => resolve());
    });
    await within(drainMs, Promise.race([closed, count.idle()]));
    // What is left is a last answer on its way out, or a watcher of health, which never ends by itself.
    await within(CLOSE_WITHIN_MS, closed);
    server.forceShutdown();
  }

  return {
    address: listener.address,
    setServing,
    drain: () => (draining ??= drain()),
    [Symbol.asyncDispose]: () => (draining ??= drain()),
  };
}

/**
 * Gives grpc-js's refusal of a large message our code. It refuses below all interceptors, on the call itself, so the call's own way
 * out is changed.
 */
const nameTooLarge: ServerInterceptor = (_method, call) => {
  const sendStatus = call.sendStatus.bind(call);
  call.sendStatus = (status) => sendStatus(isTooLarge(status) ? toGrpcStatus(new TerminalError('body_too_large')) : status);
  return call as ServerInterceptingCall;
};

const identity = (bytes: Buffer): Buffer => bytes;

/** Registers a service's methods and returns its name. */
function addService(server: Server, service: ServedService, rules: CallRules, count: ReturnType<typeof createCallCount>): string[] {
  const methods = toMethods(service.definition, 'grpc');
  const definition: Record<string, GrpcDefinition[string]> = {};
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const method of methods) {
    const { path, requestStream, responseStream } = method;
    definition[method.key] = {
      path,
      requestStream,
      responseStream,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    };
    handlers[method.key] = toHandler(method, service.implementation, rules, count);
  }
  server.addService(definition, handlers);
  return [...new Set(methods.map((method) => method.service))];
}

function toCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) };
  return ServerCredentials.createSsl(tls.clientCa ? Buffer.from(tls.clientCa) : null, [pair], tls.clientCa !== undefined);
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
