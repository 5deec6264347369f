import type { Metadata } from '@grpc/grpc-js';
import { RetryableError, type VouchError } from '@vouch/errors';
import { type Logger, readTraceparent, type Span, type TraceContext, type Tracer } from '@vouch/telemetry';
import { callerGone, deadlineExceeded, toCallerError } from './call-errors.js';
import { CALLER, endSpan, type Method, TRACEPARENT } from './method.js';
import type { CallContext } from './port.js';

/** The part of grpc-js's four kinds of server call that is the same in all. */
interface AnyServerCall {
  readonly metadata: Metadata;
  getDeadline(): Date | number;
  on(event: 'cancelled', listener: () => void): unknown;
}

/** What all calls of a server share. */
export interface CallRules {
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly external: boolean;
  readonly traceStreams: boolean;
  readonly maxCalls: number;
  readonly authorize: ((metadata: Readonly<Record<string, string>>, trace?: TraceContext) => void | Promise<void>) | undefined;
}

/** A call under way. */
export interface IncomingCall {
  readonly context: CallContext & { readonly metadata: Readonly<Record<string, string>> };
  /** True once the call has ended, was cancelled or is late: nothing that comes then reaches anybody. */
  readonly over: boolean;
  /** Runs when the caller goes away or the deadline passes. */
  onCancelled(listener: (reason: VouchError) => void): void;
  /** Ends the call's account; returns what the caller is to get when it failed. */
  end(): void;
  fail(thrown: unknown): VouchError;
}

/** Counts calls and lets others wait until none is left. */
export interface CallCount {
  readonly active: number;
  enter(): void;
  leave(): void;
  idle(): Promise<void>;
}

/** A count of nothing. */
export function createCallCount(): CallCount {
  let active = 0;
  let waiting: (() => void)[] = [];
  return {
    get active() {
      return active;
    },
    enter() {
      active += 1;
    },
    leave() {
      active -= 1;
      if (active > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    idle: () => (active === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** Text metadata by name; the first value where there are several. */
function readMetadata(metadata: Metadata): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(metadata.getMap())) if (typeof value === 'string') texts[name] = value;
  return texts;
}

/** Timers may fire this much early. */
const TIMER_SLACK_MS = 5;

/** Opens the account of one call: its context, span and end. */
export function openCall(call: AnyServerCall, method: Method, rules: CallRules, count: CallCount): IncomingCall {
  const metadata = readMetadata(call.metadata);
  const controller = new AbortController();
  const until = Number(call.getDeadline());
  const parent = readTraceparent(metadata[TRACEPARENT]);
  const traced = rules.traceStreams || (!method.requestStream && !method.responseStream);
  const span: Span | undefined = traced
    ? rules.tracer.startSpan(method.spanName, { parent, kind: 'server', attributes: method.attributes, external: rules.external })
    : undefined;
  const trace = span?.context ?? parent;
  let over = false;
  let listener: ((reason: VouchError) => void) | undefined;
  count.enter();

  function close(error?: VouchError): void {
    if (over) return;
    over = true;
    if (span) endSpan(span, error);
    count.leave();
  }

  // grpc-js says `cancelled` after every call, also one that ended well: `over` tells them apart.
  call.on('cancelled', () => {
    if (over) return;
    const reason = Date.now() + TIMER_SLACK_MS >= until ? deadlineExceeded() : callerGone();
    close(reason);
    controller.abort(reason);
    listener?.(reason);
  });

  return {
    context: {
      // A signal costs more than the rest of the account, and few implementations look at it.
      get signal() {
        return controller.signal;
      },
      deadline: Number.isFinite(until) ? new Date(until) : undefined,
      caller: metadata[CALLER]?.slice(0, 64),
      trace,
      metadata,
    },
    get over() {
      return over;
    },
    onCancelled(then) {
      listener = then;
    },
    end: close,
    fail(thrown) {
      const error = toCallerError(thrown, trace, method.path, rules.logger);
      close(error);
      return error;
    },
  };
}

/** Refuses a call that may not go on: too many under way, or not authorized. */
export async function admit(incoming: IncomingCall, rules: CallRules, count: CallCount): Promise<void> {
  if (count.active > rules.maxCalls) throw new RetryableError('overloaded');
  if (rules.authorize) await rules.authorize(incoming.context.metadata, incoming.context.trace);
}
