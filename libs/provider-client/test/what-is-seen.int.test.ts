import type { Span, SpanOptions, Tracer } from '@vouch/telemetry';
import { createLogger, createSpanId, createTraceId, readTraceparent } from '@vouch/telemetry';
import { expect, it } from 'vitest';
import { healthy, patiently, toClaimQuery, toClient, until, withinMs } from './fixtures.js';
import { CLAIM_TYPE, hanging, startTestProvider, toFinding } from './test-provider.js';

interface SeenSpan {
  readonly name: string;
  readonly options: SpanOptions;
  readonly context: Span['context'];
  readonly attributes: Record<string, unknown>;
  failed?: string;
  ended: boolean;
}

/** Records the spans of sampled traces and of new ones. */
function recordingTracer(): { readonly tracer: Tracer; readonly spans: SeenSpan[] } {
  const spans: SeenSpan[] = [];
  return {
    spans,
    tracer: {
      startSpan(name, options = {}) {
        const traceId = options.parent?.traceId ?? createTraceId();
        const context = { traceId, spanId: createSpanId(), sampled: options.parent?.sampled ?? true };
        const seen: SeenSpan = { name, options, context, attributes: { ...options.attributes }, ended: false };
        if (context.sampled) spans.push(seen);
        return {
          context,
          recording: context.sampled,
          set: (attributes) => void Object.assign(seen.attributes, attributes),
          event: () => undefined,
          fail: (code) => {
            seen.failed = code;
          },
          end: () => {
            seen.ended = true;
          },
        };
      },
    },
  };
}

const parentOf = (sampled: boolean) => ({ traceId: createTraceId(), spanId: createSpanId(), sampled });

it('shows one span per query in the caller’s trace, and the batch as a trace of its own with links to the sampled ones', async () => {
  const { tracer, spans } = recordingTracer();
  await using provider = await startTestProvider();
  await using client = toClient(provider.address, { tracer });
  await healthy(client);
  const parents = [parentOf(true), parentOf(false), parentOf(true)];
  await Promise.all(parents.map((trace) => client.check(toClaimQuery(), { ...patiently(), trace })));
  await client[Symbol.asyncDispose]();

  const queries = spans.filter(({ name }) => name === `evidence ${CLAIM_TYPE}`);
  expect(queries.map(({ options }) => options.parent)).toEqual([parents[0], parents[2]]);
  for (const span of queries) {
    expect(span).toMatchObject({ ended: true, options: { kind: 'client' } });
    expect(span.attributes).toMatchObject({
      'vouch.agency': 'tax',
      'vouch.claim_type': CLAIM_TYPE,
      'vouch.region': '370102',
      'vouch.platform': 'jinan-enrolment',
      'vouch.outcome': 'confirmed',
    });
  }
  const sent = provider.queries.map(({ traceparent }) => readTraceparent(traceparent));
  expect(sent).toEqual(expect.arrayContaining(queries.map(({ context }) => context)));

  const batches = spans.filter(({ name }) => name === 'send tax batch');
  expect(batches).toHaveLength(1);
  expect(batches[0]).toMatchObject({ ended: true, attributes: { 'vouch.agency': 'tax', 'vouch.batch_size': 3 } });
  expect(batches[0]?.options.parent).toBeUndefined();
  expect(batches[0]?.options.links).toEqual(queries.map(({ context }) => context));
});

it('shows a fault by its code', async () => {
  const { tracer, spans } = recordingTracer();
  await using provider = await startTestProvider({ onBatch: hanging });
  await using client = toClient(provider.address, { tracer });
  await client.check(toClaimQuery(), { ...withinMs(50), trace: parentOf(true) });
  expect(spans.find(({ name }) => name.startsWith('evidence'))).toMatchObject({ failed: 'agency_timeout', ended: true });
});

it('says in the log when provider and catalogue differ, when a provider comes and goes and when it answers nonsense, and names nobody', async () => {
  const lines: string[] = [];
  const logger = createLogger({
    serviceName: 'test',
    logLevel: 'debug',
    prettyLogs: false,
    logDestination: { write: (line) => void lines.push(line) },
  });
  const disclosures = { name: { kind: { $case: 'code' as const, value: 'Wang' } } };
  const provider = await startTestProvider({
    onBatch: (queries, stream) => stream.send({ answers: queries.map((query) => toFinding(query, { disclosures })) }),
  });
  const claimType = { name: CLAIM_TYPE, version: 2, agency: 'tax', parametersSchema: {}, disclosures: {}, involves: [] };
  const catalogue = { claimTypes: [{ ...claimType, routing: { combine: 'any' } } as const] };
  await using client = toClient(provider.address, { logger, catalogue, regions: ['37', '44'] });
  await client.check(toClaimQuery(), patiently());
  await provider[Symbol.asyncDispose]();
  await until(() => expect(client.state).toBe('down'));

  const text = lines.join('');
  for (const said of ['it does not answer tax.deed-tax-paid 2', 'it does not cover region 44', 'disclosure_undeclared', '"state":"down"']) {
    expect(text).toContain(said);
  }
  for (const secret of ['375001199001010011', '王小明', 'Wang']) expect(text).not.toContain(secret);
});
