import { TerminalError, type VouchError } from '@vouch/errors';
import type { Logger, Span, Tracer } from '@vouch/telemetry';
import { whenAborted } from './abort.js';
import { callerGone, deadlineExceeded, toCallerError } from './call-errors.js';
import { DEFAULT_TIMEOUT_MS, endSpan, type Method, toMethods } from './method.js';
import { createPipe, type Pipe, type Pour, pourInto } from './pipe.js';
import type { CallContext, Port, ServiceDefinition } from './port.js';
import type { AnyImplementation } from './server-handlers.js';

/** How an implementation in the same process is reached. */
export interface InProcessOptions {
  /** Makes the caller's spans. */
  readonly tracer: Tracer;
  /** Makes the implementation's spans; `tracer` unless said. */
  readonly serverTracer?: Tracer;
  /** Logs unknown errors of the implementation. */
  readonly logger?: Logger;
  /** Name of the calling service. */
  readonly caller?: string;
  /** Milliseconds for a unary call without a deadline; 30000 unless said. */
  readonly defaultTimeoutMs?: number;
}

/** Messages of a stream that wait for their reader, as in grpc-js. */
const STREAM_BUFFER = 16;
/** setTimeout fires at once for more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One call between its two ends. */
interface Link {
  /** What the implementation gets. */
  readonly context: CallContext;
  /** True once the call has ended or was broken off: nothing that comes then reaches anybody. */
  readonly over: boolean;
  /** Ends the call; its spans and timer end with it. */
  end(): void;
  /** Ends the call because the implementation failed; returns what its caller gets. */
  fail(thrown: unknown): VouchError;
  /** Ends the call from the caller's side: the caller gets `reason`, the implementation learns that nobody waits. */
  breakOff(reason: unknown): void;
}

/**
 * A port to an implementation in the same process that behaves as over gRPC: messages are encoded and decoded, so that neither side sees
 * the other's objects; deadlines and cancellation reach the implementation, and the caller is free at once even when it hangs; streams
 * start at the call, are read ahead by 16 messages and hold their sender back; errors come out as they would over the wire.
 */
export function bindInProcess<D extends ServiceDefinition>(definition: D, implementation: Port<D>, options: InProcessOptions): Port<D> {
  const { tracer, defaultTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const methods = implementation as AnyImplementation;
  const invoke = (method: Method, request: unknown, context: CallContext): unknown => {
    const run = methods[method.key];
    if (!run) throw new TerminalError('route_not_found');
    return run.call(implementation, request as never, context);
  };

  const unary = (method: Method) => (request: unknown, call: CallContext) =>
    new Promise((resolve, reject) => {
      call.signal.throwIfAborted();
      const span = tracer.startSpan(method.spanName, { parent: call.trace, kind: 'client', attributes: method.attributes });
      const timed = call.deadline ? call : { ...call, deadline: new Date(Date.now() + defaultTimeoutMs) };
      const link = createLink(method, timed, span, options, reject);
      const fail = (thrown: unknown): void => {
        if (!link.over) reject(link.fail(thrown));
      };
      const answer = (response: unknown): void => {
        if (link.over) return;
        const copy = copyResponse(method, response);
        link.end();
        resolve(copy);
      };
      try {
        if (!link.over)
          Promise.resolve(invoke(method, copyRequest(method, request), link.context))
            .then(answer)
            .catch(fail);
      } catch (thrown) {
        fail(thrown);
      }
    });

  const serverStream = (method: Method) => (request: unknown, call: CallContext) =>
    respond(method, call, undefined, (context) => invoke(method, copyRequest(method, request), context));

  const bidi = (method: Method) => (requests: AsyncIterable<unknown>, call: CallContext) => {
    const up = createPipe<unknown>(STREAM_BUFFER, () => sender.stop());
    const sender = pourInto(up, (message) => copyRequest(method, message));
    return respond(method, call, { up, sender, requests }, (context) => invoke(method, up.reader, context));
  };

  const clientStream = (method: Method) => (requests: AsyncIterable<unknown>, call: CallContext) =>
    new Promise((resolve, reject) => {
      call.signal.throwIfAborted();
      const up = createPipe<unknown>(STREAM_BUFFER, () => sender.stop());
      const sender = pourInto(up, (message) => copyRequest(method, message));
      const link = createLink(method, call, undefined, options, (reason, why) => {
        reject(reason);
        sender.stop();
        up.fail(why);
      });
      const run = async (): Promise<void> => {
        try {
          const copy = copyResponse(method, await invoke(method, up.reader, link.context));
          if (link.over) return;
          link.end();
          resolve(copy);
        } catch (thrown) {
          if (!link.over) reject(link.fail(thrown));
        }
        sender.stop();
      };
      if (link.over) return;
      void send({ up, sender, requests }, link);
      void run();
    });

  /** Runs a method that answers with a stream. */
  function respond(method: Method, call: CallContext, input: Input | undefined, open: (context: CallContext) => unknown) {
    const down = createPipe<unknown>(STREAM_BUFFER, () => link.breakOff(callerGone()));
    const responder = pourInto(down, (message) => copyResponse(method, message));
    const link = createLink(method, call, undefined, options, (reason, why) => {
      down.fail(reason);
      responder.stop();
      input?.sender.stop();
      input?.up.fail(why);
    });
    const run = async (): Promise<void> => {
      try {
        await responder.all(open(link.context) as AsyncIterable<unknown>);
        if (link.over) return;
        link.end();
        down.end();
      } catch (thrown) {
        if (!link.over) down.fail(link.fail(thrown));
      }
      input?.sender.stop();
    };
    if (!link.over) {
      if (input) void send(input, link);
      void run();
    }
    return down.reader;
  }

  const port: Record<string, unknown> = {};
  for (const method of toMethods(definition, 'in-process')) {
    if (method.requestStream) port[method.key] = (method.responseStream ? bidi : clientStream)(method);
    else port[method.key] = (method.responseStream ? serverStream : unary)(method);
  }
  return port as Port<D>;
}

/** The requests of a streaming call on their way to the implementation. */
interface Input {
  readonly up: Pipe<unknown>;
  readonly sender: Pour<unknown>;
  readonly requests: AsyncIterable<unknown>;
}

async function send({ up, sender, requests }: Input, link: Link): Promise<void> {
  try {
    await sender.all(requests);
    up.end();
  } catch (failure) {
    link.breakOff(failure);
  }
}

const copyRequest = (method: Method, message: unknown): unknown => method.requestDeserialize(method.requestSerialize(message));
const copyResponse = (method: Method, message: unknown): unknown => method.responseDeserialize(method.responseSerialize(message));

/**
 * Ties an implementation's end of a call to its caller's signal and deadline. `give` runs once when the call is broken off, with what the
 * caller gets and what the implementation learns.
 */
function createLink(
  method: Method,
  call: CallContext,
  clientSpan: Span | undefined,
  { tracer, serverTracer = tracer, logger, caller }: InProcessOptions,
  give: (reason: unknown, why: VouchError) => void,
): Link {
  const parent = clientSpan?.context ?? call.trace;
  const serverSpan = clientSpan && serverTracer.startSpan(method.spanName, { parent, kind: 'server', attributes: method.attributes });
  const trace = serverSpan?.context ?? parent;
  const controller = new AbortController();
  let over = false;

  function close(error?: VouchError): void {
    over = true;
    clearTimeout(timer);
    unwatch?.();
    if (serverSpan) endSpan(serverSpan, error);
    if (clientSpan) endSpan(clientSpan, error);
  }
  function breakOff(reason: unknown, why: VouchError = callerGone()): void {
    if (over) return;
    close(why);
    give(reason, why);
    controller.abort(why);
  }
  const abandon = (): void => breakOff(call.signal.reason);
  const expire = (): void => {
    const late = deadlineExceeded();
    breakOff(late, late);
  };

  let unwatch: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const leftMs = call.deadline ? call.deadline.getTime() - Date.now() : undefined;
  if (call.signal.aborted) abandon();
  else if (leftMs !== undefined && leftMs <= 0) expire();
  else {
    unwatch = whenAborted(call.signal, abandon);
    if (leftMs !== undefined) timer = setTimeout(expire, Math.min(leftMs, LONGEST_TIMER_MS));
  }
  return {
    context: {
      // A signal costs more than the rest of a call, and few implementations look at it.
      get signal() {
        return controller.signal;
      },
      deadline: call.deadline,
      caller,
      trace,
      metadata: toInbound(call.metadata),
    },
    get over() {
      return over;
    },
    end: () => close(),
    fail(thrown) {
      const error = toCallerError(thrown, trace, method.path, logger);
      close(error);
      return error;
    },
    breakOff: (reason) => breakOff(reason),
  };
}

const NO_METADATA: Readonly<Record<string, string>> = {};

function toInbound(metadata: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  if (!metadata) return NO_METADATA;
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
}
