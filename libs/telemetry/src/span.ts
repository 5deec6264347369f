import { createSpanId, createTraceId, type TraceContext } from './trace-context.js';

/** What is said about a span. Never personal data: no ID number, name, address or certificate number. */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Something that takes time and is worth seeing in a trace. */
export interface Span {
  /** Parent for whatever happens inside. */
  readonly context: TraceContext;
  /** Whether anybody will see this span; when not, building attributes for it is a waste. */
  readonly recording: boolean;
  /** Adds attributes. */
  set(attributes: Attributes): void;
  /** Notes a moment. */
  event(name: string, attributes?: Attributes): void;
  /** Marks the span as failed with a stable code (attribute `error.type`). */
  fail(code: string): void;
  /** Ends the span; later calls do nothing. */
  end(): void;
}

/** A span's place and kind. */
export interface SpanOptions {
  /** Span that this one is part of; without it a new trace starts. */
  readonly parent?: TraceContext;
  /** Side of a call or a message; `internal` unless said. */
  readonly kind?: 'internal' | 'client' | 'server' | 'producer' | 'consumer';
  /** Spans of other traces that this work is for. */
  readonly links?: readonly TraceContext[];
  /** First attributes. */
  readonly attributes?: Attributes;
  /**
   * True when the parent was given by a caller outside Vouch: its sampled flag is then honoured only so many times a second
   * (`forcedTracesPerSecond`); past that the sampler decides as for a new trace.
   */
  readonly external?: boolean;
}

/** Makes the spans of one part of the code. */
export interface Tracer {
  /** Starts a span. When the trace is not recorded no SDK span is made and only the context goes on. */
  startSpan(name: string, options?: SpanOptions): Span;
}

class UnrecordedSpan implements Span {
  readonly recording = false;
  readonly context: TraceContext;
  constructor(context: TraceContext) {
    this.context = context;
  }
  set(): void {}
  event(): void {}
  fail(): void {}
  end(): void {}
}

/** A span that nobody sees and that only hands a context on. */
export function unrecordedSpan(context: TraceContext): Span {
  return new UnrecordedSpan(context);
}

/** A context in a new trace that is not recorded. */
export function unsampledRoot(): TraceContext {
  return { traceId: createTraceId(), spanId: createSpanId(), sampled: false };
}

/** Records nothing and hands the parent's context on. For tests, and where tracing is off. */
export const silentTracer: Tracer = {
  startSpan(_name, options) {
    return unrecordedSpan(options?.parent ?? unsampledRoot());
  },
};
