import type { RateLimit } from './rate-limit.js';
import { RecordedSpan, type Recorder } from './recorded-span.js';
import { isRecorded, type Sampling } from './sampling.js';
import { type SpanOptions, type Tracer, unrecordedSpan } from './span.js';
import { createSpanId, createTraceId } from './trace-context.js';

/** What a tracer needs to make recorded spans. */
export interface Recording extends Recorder {
  readonly sampling: Sampling;
  readonly forced: RateLimit;
}

const NO_OPTIONS: SpanOptions = {};

/** A tracer that makes spans for recorded traces only; for all others it hands the context on. */
export function createTracer(recording: Recording): Tracer {
  const { sampling, forced } = recording;
  return {
    startSpan(name, options = NO_OPTIONS) {
      const { parent, external = false } = options;
      const traceId = parent?.traceId ?? createTraceId();
      if (isRecorded(sampling, forced, traceId, parent, external)) return new RecordedSpan(recording, name, traceId, options);
      if (parent && !parent.sampled) return unrecordedSpan(parent);
      return unrecordedSpan({ traceId, spanId: parent?.spanId ?? createSpanId(), sampled: false });
    },
  };
}
