import {
  type HrTime,
  type Link,
  type Attributes as OtelAttributes,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanProcessor, TimedEvent } from '@opentelemetry/sdk-trace-base';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { wallClockMs } from './clock.js';
import type { Attributes, Span, SpanOptions } from './span.js';
import { createSpanId, type TraceContext } from './trace-context.js';

/** What the spans of one scope have in common. */
export interface Recorder {
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
  readonly processors: readonly SpanProcessor[];
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const toHrTime = (ms: number): HrTime => {
  const seconds = Math.trunc(ms / 1000);
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)];
};
const toSpanContext = ({ traceId, spanId, sampled }: TraceContext, isRemote = false): SpanContext => ({
  traceId,
  spanId,
  traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
  isRemote,
});

/**
 * A span that is recorded, in the shape that the SDK's processors read. The SDK's own span would check and copy again what the types here
 * already promise, seventeen times a lookup.
 */
export class RecordedSpan implements Span, ReadableSpan {
  readonly recording = true;
  readonly context: TraceContext;
  readonly name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly links: Link[];
  readonly attributes: OtelAttributes;
  readonly events: TimedEvent[] = [];
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  status: SpanStatus = UNSET;
  ended = false;
  readonly #processors: readonly SpanProcessor[];
  readonly #startedMs = wallClockMs();
  readonly #startedAt = performance.now();
  #endedMs = this.#startedMs;

  constructor(
    { resource, instrumentationScope, processors }: Recorder,
    name: string,
    traceId: string,
    { parent, kind = 'internal', links, attributes }: SpanOptions,
  ) {
    this.context = { traceId, spanId: createSpanId(), sampled: true };
    this.name = name;
    this.kind = KINDS[kind];
    if (parent) this.parentSpanContext = toSpanContext({ ...parent, sampled: true }, kind === 'server' || kind === 'consumer');
    this.links = links?.map((link) => ({ context: toSpanContext(link) })) ?? [];
    this.attributes = { ...attributes } as OtelAttributes;
    this.resource = resource;
    this.instrumentationScope = instrumentationScope;
    this.#processors = processors;
  }

  /** Now, on the span's own clock: never before its start. */
  #now(): number {
    return this.#startedMs + (performance.now() - this.#startedAt);
  }
  set(attributes: Attributes): void {
    if (!this.ended) Object.assign(this.attributes, attributes);
  }
  event(name: string, attributes?: Attributes): void {
    if (!this.ended) this.events.push({ name, time: toHrTime(this.#now()), attributes: { ...attributes } as OtelAttributes });
  }
  fail(code: string): void {
    if (this.ended) return;
    this.status = { code: SpanStatusCode.ERROR, message: code };
    this.attributes[ATTR_ERROR_TYPE] = code;
  }
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#endedMs = this.#now();
    for (const processor of this.#processors) processor.onEnd(this);
  }

  spanContext(): SpanContext {
    return toSpanContext(this.context);
  }
  get startTime(): HrTime {
    return toHrTime(this.#startedMs);
  }
  get endTime(): HrTime {
    return toHrTime(this.#endedMs);
  }
  get duration(): HrTime {
    return toHrTime(this.#endedMs - this.#startedMs);
  }
}
