import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentTracer } from './span.js';
import { startTelemetry, type TelemetryConfig } from './telemetry.js';
import { createSpanId, createTraceId } from './trace-context.js';

function start(more: Partial<TelemetryConfig> = {}) {
  const exporter = new InMemorySpanExporter();
  const telemetry = startTelemetry({
    serviceName: 'lookup',
    logLevel: 'silent',
    prettyLogs: false,
    extraProcessors: [new SimpleSpanProcessor(exporter)],
    ...more,
  });
  return { telemetry, tracer: telemetry.tracer('test'), spans: (): ReadableSpan[] => exporter.getFinishedSpans() };
}

afterEach(() => vi.unstubAllEnvs());

describe('tracer', () => {
  it('makes a trace out of contexts that are handed on', () => {
    const { tracer, spans } = start();
    const root = tracer.startSpan('POST /v1/verifications', { kind: 'server' });
    const child = tracer.startSpan('redeem', { parent: root.context, kind: 'client', attributes: { 'vouch.region': '370102' } });
    child.set({ 'vouch.outcome': 'confirmed' });
    child.event('sent', { bytes: 12 });
    child.end();
    root.end();
    const [redeem, post] = spans();
    expect(post?.spanContext()).toMatchObject({ traceId: root.context.traceId, spanId: root.context.spanId });
    expect(post?.parentSpanContext).toBeUndefined();
    expect(redeem?.parentSpanContext?.spanId).toBe(root.context.spanId);
    expect(redeem?.spanContext().traceId).toBe(root.context.traceId);
    expect(redeem?.attributes).toEqual({ 'vouch.region': '370102', 'vouch.outcome': 'confirmed' });
    expect(redeem?.events.map((event) => event.name)).toEqual(['sent']);
    expect(redeem?.resource.attributes['service.name']).toBe('lookup');
    expect(redeem?.instrumentationScope.name).toBe('test');
  });

  it('links work to the traces that it serves', () => {
    const { tracer, spans } = start();
    const served = [1, 2].map(() => ({ traceId: createTraceId(), spanId: createSpanId(), sampled: true }));
    tracer.startSpan('group-commit', { links: served }).end();
    expect(spans()[0]?.links.map((link) => link.context.spanId)).toEqual(served.map((context) => context.spanId));
    expect(served.map((context) => context.traceId)).not.toContain(spans()[0]?.spanContext().traceId);
  });

  it('marks a failure with its code, and ends once', () => {
    const { tracer, spans } = start();
    const span = tracer.startSpan('check');
    span.fail('agency_timeout');
    span.end();
    span.end();
    expect(spans()).toHaveLength(1);
    expect(spans()[0]?.status.code).toBe(2);
    expect(spans()[0]?.attributes['error.type']).toBe('agency_timeout');
  });

  it('makes no span for an unsampled parent and hands its context on as it is', () => {
    const { tracer, spans } = start();
    const parent = { traceId: createTraceId(), spanId: createSpanId(), sampled: false };
    const span = tracer.startSpan('check', { parent });
    span.end();
    expect(span.context).toBe(parent);
    expect(span.recording).toBe(false);
    expect(spans()).toEqual([]);
  });

  it('clears the flag of a parent that it does not record', () => {
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'always_off');
    const { tracer } = start();
    const parent = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
    expect(tracer.startSpan('check', { parent }).context).toEqual({ ...parent, sampled: false });
  });

  it('keeps to the sampler for new traces, yet honours a caller within the limit', () => {
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'parentbased_always_off');
    const { tracer, spans } = start({ forcedTracesPerSecond: 3 });
    tracer.startSpan('own').end();
    for (let i = 0; i < 20; i++) {
      tracer.startSpan('asked', { parent: { traceId: createTraceId(), spanId: createSpanId(), sampled: true }, external: true }).end();
    }
    expect(spans().map((span) => span.name)).toEqual(['asked', 'asked', 'asked']);
  });

  it('takes the service name of OTEL_SERVICE_NAME', () => {
    vi.stubEnv('OTEL_SERVICE_NAME', 'vouch-east');
    const { tracer, spans } = start();
    tracer.startSpan('check').end();
    expect(spans()[0]?.resource.attributes['service.name']).toBe('vouch-east');
  });

  it('is silent when nothing is exported or OTEL_SDK_DISABLED is true', () => {
    expect(start({ extraProcessors: [] }).tracer).toBe(silentTracer);
    vi.stubEnv('OTEL_SDK_DISABLED', 'true');
    expect(start().tracer).toBe(silentTracer);
  });
});

describe('silent tracer', () => {
  it('hands a parent on, sampled or not, so that a later process can still record', () => {
    const parent = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
    expect(silentTracer.startSpan('x', { parent }).context).toBe(parent);
    expect(silentTracer.startSpan('x').context.sampled).toBe(false);
  });
});
