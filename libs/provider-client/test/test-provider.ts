import { TerminalError } from '@vouch/errors';
import {
  type Answer,
  type CheckStreamRequest,
  type CheckStreamResponse,
  type DescribeResponse,
  DisclosureKind,
  EvidenceProviderService,
  type Fault,
  type Finding,
  Outcome,
  type Query,
} from '@vouch/proto/evidence/v1/evidence';
import { served, startGrpcServer } from '@vouch/rpc';
import { silentLogger, silentTracer } from '@vouch/telemetry';

/** The provider's end of one CheckStream. */
export interface TestStream {
  /** Sends a message; what is left out is empty. */
  send(message: Partial<CheckStreamResponse>): void;
  /** Ends the stream, with an error or without. */
  end(failure?: Error): void;
}

/** What a test provider does; a test changes it while it runs. */
export interface Behaviour {
  description: DescribeResponse;
  /** A batch came over a stream. */
  onBatch: (queries: readonly Query[], stream: TestStream) => void;
  /** A batch came over the unary method. */
  onCheck: (queries: readonly Query[]) => Promise<Answer[]>;
  onDescribe: () => Promise<void>;
}

/** A small provider on a real socket. */
export interface TestProvider extends AsyncDisposable {
  readonly address: string;
  readonly behaviour: Behaviour;
  /** Batches as they came, over all streams and unary calls. */
  readonly batches: (readonly Query[])[];
  readonly queries: readonly Query[];
  readonly cancelledIds: string[];
  /** Streams that are open. */
  readonly streams: ReadonlySet<TestStream>;
}

export const CLAIM_TYPE = 'tax.deed-tax-paid';

export const toFinding = (query: Query, finding: Partial<Finding> = {}): Answer => ({
  queryId: query.id,
  result: { $case: 'finding', value: { outcome: Outcome.CONFIRMED, asOf: '2026-08-31', disclosures: {}, ...finding } },
});

export const toFaulty = (query: Query, fault: Partial<Fault> = {}): Answer => ({
  queryId: query.id,
  result: { $case: 'fault', value: { code: 'agency_error', retryable: true, retryAfterMs: 0, ...fault } },
});

export const answering = (queries: readonly Query[], stream: TestStream): void =>
  stream.send({ answers: queries.map((query) => toFinding(query)) });

export const hanging = (): void => undefined;

const description: DescribeResponse = {
  agency: 'tax',
  claimTypes: [
    {
      name: CLAIM_TYPE,
      version: 1,
      parametersSchemaJson: '{"type":"object"}',
      disclosures: { paid: DisclosureKind.DATE, months: DisclosureKind.INTEGER },
      routing: undefined,
      involves: [],
    },
  ],
  regions: ['37'],
  largestBatch: 256,
  quotaPerSecond: 0,
  quotaPerDay: 0n,
  streams: true,
  initialWindow: 1000,
};

/** Starts a provider that answers every query with `confirmed`, on a free port unless one is given. */
export async function startTestProvider(given: { address?: string } & Partial<Behaviour> = {}): Promise<TestProvider> {
  const { address = '127.0.0.1:0', ...changes } = given;
  const behaviour: Behaviour = {
    description,
    onBatch: answering,
    onCheck: async (queries) => queries.map((query) => toFinding(query)),
    onDescribe: async () => undefined,
    ...changes,
  };
  const batches: (readonly Query[])[] = [];
  const cancelledIds: string[] = [];
  const streams = new Set<TestStream>();

  const server = await startGrpcServer({
    address,
    tracer: silentTracer,
    logger: silentLogger,
    drainMs: 0,
    services: [
      served(EvidenceProviderService, {
        async describe() {
          await behaviour.onDescribe();
          return behaviour.description;
        },
        async check({ queries }) {
          batches.push(queries);
          return { answers: await behaviour.onCheck(queries) };
        },
        async *checkStream(requests, { signal }) {
          const outbox = createOutbox(signal);
          streams.add(outbox);
          const reading = read(requests, (request) => {
            cancelledIds.push(...request.cancelledQueryIds);
            if (request.queries.length === 0) return;
            batches.push(request.queries);
            behaviour.onBatch(request.queries, outbox);
          }).finally(() => outbox.end());
          try {
            yield* outbox.messages();
          } finally {
            streams.delete(outbox);
            void reading;
          }
        },
        // biome-ignore lint/correctness/useYield: declared for a later version
        async *watch() {
          throw new TerminalError('route_not_found');
        },
      }),
    ],
  });
  return {
    address: server.address,
    behaviour,
    batches,
    cancelledIds,
    streams,
    get queries() {
      return batches.flat();
    },
    async [Symbol.asyncDispose]() {
      for (const stream of streams) stream.end(new TerminalError('internal'));
      await server[Symbol.asyncDispose]();
    },
  };
}

async function read(requests: AsyncIterable<CheckStreamRequest>, take: (request: CheckStreamRequest) => void): Promise<void> {
  try {
    for await (const request of requests) take(request);
  } catch {
    // The hub went away.
  }
}

function createOutbox(signal: AbortSignal): TestStream & { messages(): AsyncGenerator<CheckStreamResponse> } {
  const waiting: CheckStreamResponse[] = [];
  let ended = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => end());
  function end(why?: Error): void {
    ended = true;
    failure ??= why;
    wake();
  }
  return {
    send(message) {
      waiting.push({ answers: [], window: 0, draining: false, ...message });
      wake();
    },
    end,
    async *messages() {
      for (;;) {
        for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
        if (failure) throw failure;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
