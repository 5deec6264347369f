import { DiagLogLevel, diag } from '@opentelemetry/api';
import { getBooleanFromEnv } from '@opentelemetry/core';
import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { createLogger, type Logger, type LoggerConfig } from './logger.js';
import { readOtlpProcessor } from './otlp.js';
import { createRateLimit } from './rate-limit.js';
import { readSampling } from './sampling.js';
import { silentTracer, type Tracer } from './span.js';
import { createSpanFiles } from './span-files.js';
import { createTracer } from './tracer.js';

const FORCED_TRACES_PER_SECOND = 100;
const EXPORT_WITHIN_MS = 3000;

/** What a process tells about itself. */
export interface TelemetryConfig extends LoggerConfig {
  /** Folder for bounded local span files, read by `readTraceFiles`; none unless said. */
  readonly traceDir?: string;
  /** Traces a second that callers from outside may force to be recorded; 100 unless said. */
  readonly forcedTracesPerSecond?: number;
  /** Further processors of finished spans; for tests. */
  readonly extraProcessors?: readonly SpanProcessor[];
}

/** Spans and logs of one service. Disposing exports what is left, for three seconds at most. */
export interface Telemetry extends AsyncDisposable {
  /** A tracer for one part of the code, such as `@vouch/rpc`. */
  tracer(scope: string): Tracer;
  readonly logger: Logger;
  /** Exports the spans finished so far. A collector that cannot be reached is logged, not thrown. */
  flush(): Promise<void>;
}

/**
 * Starts logs and spans. Where spans go is said by the standard OTEL_* variables and `traceDir`; when neither says anything no span is
 * ever made. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over `serviceName`; OTEL_SDK_DISABLED=true turns spans off.
 */
export function startTelemetry(config: TelemetryConfig): Telemetry {
  const logger = createLogger(config);
  const warn = (text: string, failure?: unknown): void => logger.warn({ err: failure }, text);
  const resource = readResource(config.serviceName);
  const processors = getBooleanFromEnv('OTEL_SDK_DISABLED') ? [] : readProcessors(config, resource, warn);
  if (processors.length === 0) {
    return { logger, tracer: () => silentTracer, flush: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
  }

  // The SDK reports trouble through one process-wide logger; the last telemetry started has it.
  const report = (text: string): void => logger.warn({ problem: text.slice(0, 500) }, 'Tracing has a problem');
  const ignore = (): void => undefined;
  diag.setLogger(
    { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );

  const sampling = readSampling(warn);
  const forced = createRateLimit(config.forcedTracesPerSecond ?? FORCED_TRACES_PER_SECOND);

  const ofEach = async (work: (processor: SpanProcessor) => Promise<void>): Promise<void> => {
    for (const result of await Promise.allSettled(processors.map(work))) {
      if (result.status === 'rejected') warn('Spans could not be exported', result.reason);
    }
  };
  return {
    logger,
    tracer: (scope) => createTracer({ resource, instrumentationScope: { name: scope }, processors, sampling, forced }),
    flush: () => ofEach((processor) => processor.forceFlush()),
    async [Symbol.asyncDispose]() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, EXPORT_WITHIN_MS);
      });
      await Promise.race([ofEach((processor) => processor.shutdown()), late]);
      clearTimeout(timer);
    },
  };
}

function readResource(serviceName: string): Resource {
  return resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }).merge(detectResources({ detectors: [envDetector] }));
}

function readProcessors(config: TelemetryConfig, resource: Resource, warn: (text: string, failure?: unknown) => void): SpanProcessor[] {
  const processors = [...(config.extraProcessors ?? [])];
  const otlp = readOtlpProcessor(warn);
  if (otlp) processors.push(otlp);
  if (config.traceDir !== undefined) {
    processors.push(createSpanFiles({ dir: config.traceDir, service: String(resource.attributes[ATTR_SERVICE_NAME]), warn }));
  }
  return processors;
}
