export { createLogger, type Logger, type LoggerConfig, silentLogger } from './logger.js';
export { type ReadTraceOptions, readTraceFiles } from './read-trace-files.js';
export { type Attributes, type Span, type SpanOptions, silentTracer, type Tracer } from './span.js';
export type { SpanRecord } from './span-record.js';
export { startTelemetry, type Telemetry, type TelemetryConfig } from './telemetry.js';
export { createSpanId, createTraceId, readTraceparent, type TraceContext, toTraceparent } from './trace-context.js';
export { type RenderTraceOptions, renderTraceTree } from './trace-tree.js';
