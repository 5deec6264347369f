import { createResources } from '@vouch/lifecycle';
import { RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { CheckStreamRequest, CheckStreamResponse, EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import {
  type Attributes,
  createLogger,
  createSpanId,
  createTraceId,
  type Logger,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@vouch/telemetry';
import { bindInProcess, dial, type Port, served, startGrpcServer } from '../src/index.js';

/** No service of ours takes a stream and answers once; ports can. */
export const CollectorService = {
  collect: {
    path: '/vouch.test.v1.Collector/Collect' as const,
    requestStream: true as const,
    responseStream: false as const,
    requestSerialize: (value: CheckStreamRequest): Buffer => Buffer.from(CheckStreamRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): CheckStreamRequest => CheckStreamRequest.decode(value),
    responseSerialize: (value: CheckStreamResponse): Buffer => Buffer.from(CheckStreamResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): CheckStreamResponse => CheckStreamResponse.decode(value),
  },
} as const;

export type Redemption = Port<RedemptionServiceService>;
export type Evidence = Port<EvidenceProviderService>;
export type Collector = Port<typeof CollectorService>;

/** What a test implements; the rest is missing, as in a service that is older than its contract. */
export interface Implementations {
  readonly redemption?: Partial<Redemption>;
  readonly evidence?: Partial<Evidence>;
  readonly collector?: Partial<Collector>;
}

/** The ports under test. */
export interface Bound extends AsyncDisposable {
  readonly redemption: Redemption;
  readonly evidence: Evidence;
  readonly collector: Collector;
  readonly spans: RecordedSpan[];
  /** Lines of the implementation's log. */
  readonly log: string[];
}

export interface BindOptions {
  readonly defaultTimeoutMs?: number;
}

/** A span as a test sees it. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly options: SpanOptions;
  readonly attributes: Record<string, Attributes[string]>;
  failed?: string;
  ended: boolean;
}

/** A tracer that keeps what it is told. */
export function recordingTracer(): { tracer: Tracer; spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  const tracer: Tracer = {
    startSpan(name, options = {}): Span {
      const context = { traceId: options.parent?.traceId ?? createTraceId(), spanId: createSpanId(), sampled: true };
      const span: RecordedSpan = { name, ...context, options, attributes: { ...options.attributes }, ended: false };
      spans.push(span);
      return {
        context,
        recording: true,
        set: (attributes) => void Object.assign(span.attributes, attributes),
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
  return { tracer, spans };
}

function collectLog(): { logger: Logger; log: string[] } {
  const log: string[] = [];
  const logger = createLogger({
    serviceName: 'test',
    logLevel: 'debug',
    prettyLogs: false,
    logDestination: { write: (line) => void log.push(line) },
  });
  return { logger, log };
}

function inProcess(implementations: Implementations, options: BindOptions): Promise<Bound> {
  const { tracer, spans } = recordingTracer();
  const { logger, log } = collectLog();
  const shared = { tracer, logger, caller: 'lookup', ...options };
  return Promise.resolve({
    redemption: bindInProcess(RedemptionServiceService, (implementations.redemption ?? {}) as Redemption, shared),
    evidence: bindInProcess(EvidenceProviderService, (implementations.evidence ?? {}) as Evidence, shared),
    collector: bindInProcess(CollectorService, (implementations.collector ?? {}) as Collector, shared),
    spans,
    log,
    async [Symbol.asyncDispose]() {},
  });
}

async function overGrpc(implementations: Implementations, options: BindOptions): Promise<Bound> {
  const { tracer, spans } = recordingTracer();
  const { logger, log } = collectLog();
  const resources = createResources();
  const server = resources.use(
    await startGrpcServer({
      address: '127.0.0.1:0',
      services: [
        served(RedemptionServiceService, (implementations.redemption ?? {}) as Redemption),
        served(EvidenceProviderService, (implementations.evidence ?? {}) as Evidence),
        served(CollectorService, (implementations.collector ?? {}) as Collector),
      ],
      tracer,
      logger,
      drainMs: 50,
    }),
  );
  const shared = { address: server.address, tracer, caller: 'lookup', ...options };
  return {
    redemption: resources.use(dial(RedemptionServiceService, shared)),
    evidence: resources.use(dial(EvidenceProviderService, shared)),
    collector: resources.use(dial(CollectorService, shared)),
    spans,
    log,
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

/** Both ways to reach an implementation. */
export const BINDINGS: [string, (implementations: Implementations, options?: BindOptions) => Promise<Bound>][] = [
  ['in-process', (implementations, options = {}) => inProcess(implementations, options)],
  ['over gRPC', (implementations, options = {}) => overGrpc(implementations, options)],
];

/** A promise that is settled from outside. */
export function gate<T = void>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Settles when a signal aborts, with its reason. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}
