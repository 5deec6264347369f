import { createSpanId, createTraceId, type SpanOptions, type TraceContext, type Tracer } from '@vouch/telemetry';

/** A span that a test can look at. */
export interface RecordedSpan {
  readonly name: string;
  readonly options: SpanOptions;
  readonly context: TraceContext;
  failed?: string;
  ended: boolean;
}

/** A tracer that keeps what it made. */
export function createRecordingTracer(): Tracer & { readonly spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  return {
    spans,
    startSpan(name, options = {}) {
      const context = {
        traceId: options.parent?.traceId ?? createTraceId(),
        spanId: createSpanId(),
        sampled: options.parent?.sampled ?? true,
      };
      const span: RecordedSpan = { name, options, context, ended: false };
      spans.push(span);
      return {
        context,
        recording: true,
        set: () => undefined,
        event: () => undefined,
        fail: (code) => {
          span.failed = code;
        },
        end: () => {
          span.ended = true;
        },
      };
    },
  };
}
