import {
  type Attributes as OtelAttributes,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { IdGenerator } from '@opentelemetry/sdk-trace-base';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { wallClockMs } from './clock.js';
import type { RateLimit } from './rate-limit.js';
import { isRecorded, type Sampling } from './sampling.js';
import { type Attributes, type Span, type SpanOptions, type Tracer, unrecordedSpan } from './span.js';
import { createSpanId, createTraceId, type TraceContext } from './trace-context.js';

/** Ids for the SDK. Sampling is decided before the SDK makes a span, so the id of a new trace is made before it, too. */
export interface FixedIds extends IdGenerator {
  nextTraceId: string | undefined;
}

/** An id generator that hands out the trace id it was given, once. */
export function createFixedIds(): FixedIds {
  return {
    nextTraceId: undefined,
    generateTraceId() {
      const id = this.nextTraceId ?? createTraceId();
      this.nextTraceId = undefined;
      return id;
    },
    generateSpanId: createSpanId,
  };
}

/** What a tracer needs to make recorded spans. */
export interface Recording {
  readonly otel: OtelTracer;
  readonly ids: FixedIds;
  readonly sampling: Sampling;
  readonly forced: RateLimit;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const NO_OPTIONS: SpanOptions = {};

class RecordedSpan implements Span {
  readonly recording = true;
  readonly context: TraceContext;
  readonly #span: OtelSpan;
  readonly #startedMs: number;
  readonly #startedAt = performance.now();

  constructor(span: OtelSpan, startedMs: number) {
    const { traceId, spanId } = span.spanContext();
    this.context = { traceId, spanId, sampled: true };
    this.#span = span;
    this.#startedMs = startedMs;
  }
  /** Now, on the span's own clock: never before its start. */
  #now(): number {
    return this.#startedMs + (performance.now() - this.#startedAt);
  }
  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes as OtelAttributes);
  }
  event(name: string, attributes?: Attributes): void {
    this.#span.addEvent(name, attributes as OtelAttributes | undefined, this.#now());
  }
  fail(code: string): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    this.#span.setAttribute(ATTR_ERROR_TYPE, code);
  }
  end(): void {
    if (this.#span.isRecording()) this.#span.end(this.#now());
  }
}

/** A tracer that makes SDK spans for recorded traces only; for all others it hands the context on. */
export function createTracer({ otel, ids, sampling, forced }: Recording): Tracer {
  return {
    startSpan(name, options = NO_OPTIONS) {
      const { parent, kind = 'internal', links, attributes, external = false } = options;
      const traceId = parent?.traceId ?? createTraceId();
      if (!isRecorded(sampling, forced, traceId, parent, external)) {
        if (parent && !parent.sampled) return unrecordedSpan(parent);
        return unrecordedSpan({ traceId, spanId: parent?.spanId ?? createSpanId(), sampled: false });
      }
      ids.nextTraceId = traceId;
      const isRemote = kind === 'server' || kind === 'consumer';
      const context = parent
        ? trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: parent.spanId, traceFlags: TraceFlags.SAMPLED, isRemote })
        : ROOT_CONTEXT;
      const startTime = wallClockMs();
      const span = otel.startSpan(
        name,
        {
          startTime,
          kind: KINDS[kind],
          attributes: attributes as OtelAttributes | undefined,
          links: links?.map((link) => ({
            context: {
              traceId: link.traceId,
              spanId: link.spanId,
              traceFlags: link.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
            },
          })),
        },
        context,
      );
      ids.nextTraceId = undefined;
      return new RecordedSpan(span, startTime);
    },
  };
}
