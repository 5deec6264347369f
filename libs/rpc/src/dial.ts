import { ChannelCredentials, Client, credentials as grpcCredentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { fromUnknown, RetryableError, TerminalError, type VouchError } from '@vouch/errors';
import { type Tracer, toTraceparent } from '@vouch/telemetry';
import { whenAborted } from './abort.js';
import { fromServiceError } from './grpc-errors.js';
import { readMessages, writeMessages } from './message-stream.js';
import { CALLER, DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_TIMEOUT_MS, endSpan, type Method, TRACEPARENT, toMethods } from './method.js';
import type { CallContext, Port, ServiceDefinition } from './port.js';
import { toTarget } from './target.js';

/** PEM texts for TLS; `key` and `certificate` show who calls. */
export interface ClientTls {
  readonly ca?: string;
  readonly key?: string;
  readonly certificate?: string;
}

/** How a service is reached. */
export interface DialOptions<D extends ServiceDefinition = ServiceDefinition> {
  /** `host:port`; a name may stand for several instances. Or several with IP addresses, separated by commas. */
  readonly address: string;
  /**
   * Methods that may be called twice: a call that got no answer, because its instance went away, is made again, by another instance where
   * there is one. None unless said; a call that its instance had not begun is made again in any case.
   */
  readonly repeatable?: readonly (keyof D)[];
  readonly tracer: Tracer;
  /** Name of the calling service. */
  readonly caller?: string;
  /** Largest message, bytes, both ways; 4 MiB unless said. */
  readonly maxMessageBytes?: number;
  /** Metadata of every call, such as an authorization. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Milliseconds for a unary call without a deadline; 30000 unless said. */
  readonly defaultTimeoutMs?: number;
  /** TLS; plain text unless said. */
  readonly credentials?: ClientTls;
  /** How long a silent connection is left alone before it is asked whether it lives, milliseconds; 30000 unless said. */
  readonly keepaliveMs?: number;
}

const KEEPALIVE_TIMEOUT_MS = 10_000;
/** Longest pause between two attempts to connect, milliseconds. */
export const LONGEST_RECONNECT_MS = 1500;

/** A call that can be given up from here. */
interface Cancellable {
  cancel(): void;
}

/**
 * A port over gRPC; connects at the first call. Failures are VouchErrors: those of the other side with their code, what the transport says
 * as retryable `unavailable` or `deadline_exceeded`. Disposing ends what is still under way.
 */
export function dial<D extends ServiceDefinition>(definition: D, options: DialOptions<D>): Port<D> & AsyncDisposable {
  const { address, tracer, defaultTimeoutMs = DEFAULT_TIMEOUT_MS, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = options;
  const { target, serviceConfig } = toTarget(
    address,
    (options.repeatable ?? []).flatMap((key) => definition[key]?.path ?? []),
  );
  const client = new Client(target, toCredentials(options.credentials), {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // A peer that vanished without a word (half-open socket) is noticed, also while a stream is silent.
    'grpc.keepalive_time_ms': options.keepaliveMs ?? 30_000,
    'grpc.keepalive_timeout_ms': Math.min(KEEPALIVE_TIMEOUT_MS, options.keepaliveMs ?? KEEPALIVE_TIMEOUT_MS),
    'grpc.keepalive_permit_without_calls': 1,
    // A part that comes back is found again within seconds, not minutes.
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': LONGEST_RECONNECT_MS,
    // grpc-js accepts this much of a stream's messages at once, to send them again if need be; only past it does a slow peer slow us down.
    'grpc.per_rpc_retry_buffer_size': 256 * 1024,
    'grpc.service_config': serviceConfig,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_channelz': 0,
  });
  const base = new Metadata();
  for (const [name, value] of Object.entries(options.metadata ?? {})) base.set(name, value);
  if (options.caller !== undefined) base.set(CALLER, options.caller);
  const underWay = new Set<Cancellable>();

  function toMetadata(call: CallContext, trace = call.trace): Metadata {
    const metadata = base.clone();
    if (call.metadata) for (const [name, value] of Object.entries(call.metadata)) metadata.set(name, value);
    if (trace) metadata.set(TRACEPARENT, toTraceparent(trace));
    return metadata;
  }

  const toError = (failure: ServiceError, method: Method, call: CallContext): unknown =>
    call.signal.aborted ? call.signal.reason : fromServiceError(failure, method.path);

  /** Ties a call to the caller's signal; returns what unties it. */
  function watch(active: Cancellable, signal: AbortSignal): () => void {
    const cancel = (): void => active.cancel();
    underWay.add(active);
    const unwatch = whenAborted(signal, cancel);
    return () => {
      underWay.delete(active);
      unwatch();
    };
  }

  const unary = (method: Method) => (request: unknown, call: CallContext) =>
    new Promise((resolve, reject) => {
      call.signal.throwIfAborted();
      const span = tracer.startSpan(method.spanName, { parent: call.trace, kind: 'client', attributes: method.attributes });
      const fail = (thrown: unknown): void => {
        endSpan(span, fromUnknown(thrown));
        reject(thrown);
      };
      try {
        let unwatch: (() => void) | undefined;
        const active = client.makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          toMetadata(call, span.context),
          { deadline: call.deadline ?? Date.now() + defaultTimeoutMs },
          (failure, response) => {
            unwatch?.();
            if (failure) return fail(toError(failure, method, call));
            span.end();
            resolve(response);
          },
        );
        unwatch = watch(active, call.signal);
      } catch (thrown) {
        fail(toStartError(thrown));
      }
    });

  const serverStream = (method: Method) => (request: unknown, call: CallContext) =>
    open(call, (metadata, streamOptions) => {
      const { path, requestSerialize, responseDeserialize } = method;
      const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata, streamOptions);
      return receive(method, call, stream);
    });

  const bidi = (method: Method) => (requests: AsyncIterable<unknown>, call: CallContext) =>
    open(call, (metadata, streamOptions) => {
      const { path, requestSerialize, responseDeserialize } = method;
      const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, streamOptions);
      const writer = writeMessages(stream, (message: unknown) => message);
      stream.on('status', () => writer.stop());
      const responses = receive(method, call, stream);
      writer.sendAll(requests).then(
        () => stream.end(),
        (failure) => {
          responses.fail(failure);
          stream.cancel();
        },
      );
      return responses;
    });

  const clientStream = (method: Method) => (requests: AsyncIterable<unknown>, call: CallContext) =>
    new Promise((resolve, reject) => {
      call.signal.throwIfAborted();
      const deadline = call.deadline ?? Number.POSITIVE_INFINITY;
      let unwatch: (() => void) | undefined;
      const stream = client.makeClientStreamRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        toMetadata(call),
        { deadline },
        (failure, response) => {
          unwatch?.();
          writer.stop();
          if (failure) reject(toError(failure, method, call));
          else resolve(response);
        },
      );
      unwatch = watch(stream, call.signal);
      const writer = writeMessages(stream, (message: unknown) => message);
      writer.sendAll(requests).then(
        () => stream.end(),
        (failure) => {
          reject(failure);
          stream.cancel();
        },
      );
    });

  /** Starts a call that answers with a stream; what prevents it is what the stream's reader gets. */
  function open(
    call: CallContext,
    start: (metadata: Metadata, options: { deadline: Date | number }) => AsyncIterable<unknown>,
  ): AsyncIterable<unknown> {
    try {
      call.signal.throwIfAborted();
      return start(toMetadata(call), { deadline: call.deadline ?? Number.POSITIVE_INFINITY });
    } catch (thrown) {
      return rejecting(call.signal.aborted ? call.signal.reason : toStartError(thrown));
    }
  }

  function receive(method: Method, call: CallContext, stream: ReturnType<Client['makeServerStreamRequest']>) {
    const responses = readMessages(stream, { decode: (message: unknown) => message, onReturn: () => stream.cancel() });
    const unwatch = watch(stream, call.signal);
    stream.on('error', (failure: ServiceError) => responses.fail(toError(failure, method, call)));
    stream.on('status', unwatch);
    return responses;
  }

  const port: Record<string, unknown> = {};
  for (const method of toMethods(definition, 'grpc')) {
    if (method.requestStream) port[method.key] = (method.responseStream ? bidi : clientStream)(method);
    else port[method.key] = (method.responseStream ? serverStream : unary)(method);
  }
  return Object.assign(port as Port<D>, {
    async [Symbol.asyncDispose]() {
      for (const active of underWay) active.cancel();
      client.close();
    },
  });
}

/** grpc-js throws at once only when the port has been disposed or metadata cannot be sent. */
function toStartError(thrown: unknown): VouchError {
  if (thrown instanceof Error && /shut down/.test(thrown.message)) return new RetryableError('unavailable', { cause: thrown });
  return new TerminalError('internal', { cause: thrown });
}

/** A stream that could not be started. */
function rejecting(reason: unknown): AsyncIterableIterator<never, undefined> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => Promise.reject(reason),
    return: async () => ({ done: true, value: undefined }),
  };
}

function toCredentials(tls: ClientTls | undefined): ChannelCredentials {
  if (!tls) return grpcCredentials.createInsecure();
  const [ca, key, certificate] = [tls.ca, tls.key, tls.certificate].map((pem) => (pem === undefined ? null : Buffer.from(pem)));
  return ChannelCredentials.createSsl(ca, key, certificate);
}
