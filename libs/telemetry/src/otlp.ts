import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ExportResult, ExportResultCode, getStringFromEnv } from '@opentelemetry/core';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace-base';

// Spans that are serialized in one go: a whole batch at once would keep everybody waiting for tens of milliseconds.
const SPANS_AT_ONCE = 128;
// Past as many at once the exporter throws spans away. When a process stops its whole queue is sent, in portions.
const MOST_REQUESTS = 512;

/**
 * The OTLP processor that the OTEL_* variables ask for (OpenTelemetry, "OTLP exporter configuration"): there is one when an endpoint is
 * named or OTEL_TRACES_EXPORTER says `otlp`. Protocol `grpc`, `http/protobuf` (unless said) or `http/json`; endpoint, headers, time-out,
 * certificates and batch sizes are read by the exporter itself.
 */
export function readOtlpProcessor(warn: (text: string) => void): SpanProcessor | undefined {
  const wanted = getStringFromEnv('OTEL_TRACES_EXPORTER')?.trim();
  if (wanted === 'none') return undefined;
  if (wanted !== undefined && wanted !== 'otlp') warn('OTEL_TRACES_EXPORTER knows otlp and none here');
  const endpoint = getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? getStringFromEnv('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (wanted !== 'otlp' && endpoint === undefined) return undefined;
  return new BatchSpanProcessor(new LoadedExporter(loadExporter(warn)));
}

async function loadExporter(warn: (text: string) => void): Promise<SpanExporter> {
  const protocol = (
    getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ??
    getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL') ??
    'http/protobuf'
  ).trim();
  const config = { concurrencyLimit: MOST_REQUESTS };
  if (protocol === 'grpc') return new (await import('@opentelemetry/exporter-trace-otlp-grpc')).OTLPTraceExporter(config);
  if (protocol === 'http/json') return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter(config);
  if (protocol !== 'http/protobuf') warn('OTEL_EXPORTER_OTLP_PROTOCOL is none of grpc, http/protobuf, http/json; http/protobuf is used');
  return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter(config);
}

/**
 * An exporter whose code is loaded while the process goes on starting: it costs more than the rest of telemetry together. It sends a batch
 * in portions, a turn of the event loop each.
 */
class LoadedExporter implements SpanExporter {
  readonly #loading: Promise<SpanExporter>;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(loading: Promise<SpanExporter>) {
    this.#loading = loading;
    // Each export reports the failure; nobody else waits for the load.
    loading.catch(() => undefined);
  }
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const exported = this.#exportAll(spans)
      .then(done, (error: Error) => done({ code: ExportResultCode.FAILED, error }))
      .finally(() => this.#underWay.delete(exported));
    this.#underWay.add(exported);
  }
  async #exportAll(spans: readonly ReadableSpan[]): Promise<ExportResult> {
    const exporter = await this.#loading;
    const portions = Array.from({ length: Math.ceil(spans.length / SPANS_AT_ONCE) }, async (_, index) => {
      for (let turn = 0; turn < index; turn += 1) await nextTurn();
      const portion = spans.slice(index * SPANS_AT_ONCE, (index + 1) * SPANS_AT_ONCE);
      return new Promise<ExportResult>((resolve) => exporter.export(portion, resolve));
    });
    const results = await Promise.all(portions);
    return results.find(({ code }) => code === ExportResultCode.FAILED) ?? { code: ExportResultCode.SUCCESS };
  }
  async forceFlush(): Promise<void> {
    await Promise.all(this.#underWay);
    await (await this.#loading).forceFlush?.();
  }
  async shutdown(): Promise<void> {
    // Portions that wait for their turn are known to nobody else.
    await Promise.all(this.#underWay);
    await (await this.#loading).shutdown();
  }
}
