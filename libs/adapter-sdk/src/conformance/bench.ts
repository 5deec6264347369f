import { createResources } from '@vouch/lifecycle';
import { type Answer, type CheckStreamRequest, EvidenceProviderService, type Query } from '@vouch/proto/evidence/v1/evidence';
import { dial, type Port } from '@vouch/rpc';
import { createLogger, createSpanId, createTraceId, silentTracer, type TraceContext, type Tracer } from '@vouch/telemetry';
import type { Adapter } from '../adapter.js';
import { startAdapter } from '../start.js';

/** One message or several from the provider's side of a stream. */
interface HubStream {
  send(message: Partial<CheckStreamRequest>): void;
  /** Says that no more is coming. */
  end(): void;
  /** What has come so far. */
  readonly answers: readonly Answer[];
  readonly drainingTold: boolean;
  /** Waits until so many answers have come, or the stream has ended. */
  answered(count: number): Promise<readonly Answer[]>;
  /** Waits until the provider said that it drains, or the stream has ended. */
  toldToDrain(): Promise<void>;
  /** Resolves when the provider has ended the stream in order, rejects when it broke. */
  readonly ended: Promise<void>;
}

/** A span as the adapter left it. */
interface KeptSpan {
  readonly name: string;
  readonly parent: TraceContext | undefined;
  readonly attributes: Record<string, unknown>;
  fault: string | undefined;
  ended: boolean;
}

/** An adapter served on a real socket, and a hub in front of it. */
export interface Bench extends AsyncDisposable {
  readonly address: string;
  readonly port: Port<EvidenceProviderService>;
  /** Asks one batch by a unary call. */
  check(queries: readonly Query[]): Promise<readonly Answer[]>;
  /** Asks one batch over a stream of its own. */
  stream(queries: readonly Query[]): Promise<readonly Answer[]>;
  openStream(): HubStream;
  /** Stops the adapter, as a deployment would. */
  stop(): Promise<void>;
  /** Everything that was logged or put into a span so far. */
  readonly told: readonly string[];
  readonly spans: readonly KeptSpan[];
}

/** Starts the bench. */
export async function startBench(adapter: Adapter): Promise<Bench> {
  await using resources = createResources();
  const told: string[] = [];
  const spans: KeptSpan[] = [];
  const logger = createLogger({
    serviceName: 'conformance',
    logLevel: 'trace',
    prettyLogs: false,
    logDestination: { write: (line) => told.push(line) },
  });
  const running = await startAdapter(adapter, { address: '127.0.0.1:0', tracer: keepingTracer(spans, told), logger });
  const stop = once(async () => {
    await running[Symbol.asyncDispose]();
  });
  resources.defer(stop);
  const port = resources.use(dial(EvidenceProviderService, { address: running.address, tracer: silentTracer }));
  const gone = new AbortController();
  const openStream = (): HubStream => openHubStream(port, gone.signal);
  const open = resources.move();
  return {
    address: running.address,
    port,
    check: async (queries) => (await port.check({ queries: [...queries] }, { signal: gone.signal })).answers,
    async stream(queries) {
      const stream = openStream();
      stream.send({ queries: [...queries] });
      stream.end();
      await stream.ended;
      return stream.answers;
    },
    openStream,
    stop,
    told,
    spans,
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      gone.abort();
    },
  };
}

function openHubStream(port: Port<EvidenceProviderService>, signal: AbortSignal): HubStream {
  const outgoing = createQueue<CheckStreamRequest>();
  const answers: Answer[] = [];
  let drainingTold = false;
  let over = false;
  let waiting: { until: () => boolean; resolve: () => void }[] = [];

  function wake(): void {
    const ready = waiting.filter(({ until }) => over || until());
    waiting = waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
  async function when(until: () => boolean): Promise<void> {
    if (!over && !until()) await new Promise<void>((resolve) => waiting.push({ until, resolve }));
  }
  async function read(): Promise<void> {
    try {
      for await (const message of port.checkStream(outgoing, { signal })) {
        answers.push(...message.answers);
        drainingTold ||= message.draining;
        wake();
      }
    } finally {
      over = true;
      wake();
    }
  }

  const ended = read();
  ended.catch(() => {});
  return {
    send: ({ queries = [], cancelledQueryIds = [] }) => outgoing.push({ queries, cancelledQueryIds }),
    end: () => outgoing.end(),
    answers,
    get drainingTold() {
      return drainingTold;
    },
    async answered(count) {
      await when(() => answers.length >= count);
      return answers;
    },
    toldToDrain: () => when(() => drainingTold),
    ended,
  };
}

/** Items that one side pushes and the other iterates over. */
function createQueue<T>(): AsyncIterable<T> & { push(item: T): void; end(): void } {
  let items: T[] = [];
  let ended = false;
  let wake = (): void => {};
  return {
    push(item) {
      items.push(item);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const taken = items;
        items = [];
        yield* taken;
        if (items.length > 0) continue;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** A tracer that keeps its spans, and writes down all that they say. */
function keepingTracer(spans: KeptSpan[], told: string[]): Tracer {
  return {
    startSpan(name, options) {
      const kept: KeptSpan = { name, parent: options?.parent, attributes: { ...options?.attributes }, fault: undefined, ended: false };
      spans.push(kept);
      const tell = (...texts: unknown[]): void => void told.push(...texts.map((text) => JSON.stringify(text ?? '')));
      tell(name, options?.attributes);
      return {
        context: { traceId: options?.parent?.traceId ?? createTraceId(), spanId: createSpanId(), sampled: true },
        recording: true,
        set(attributes) {
          Object.assign(kept.attributes, attributes);
          tell(attributes);
        },
        event: tell,
        fail(code) {
          kept.fault = code;
          tell(code);
        },
        end() {
          kept.ended = true;
        },
      };
    },
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
