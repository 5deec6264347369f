import { createResources } from '@vouch/lifecycle';
import { EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import { MockControlServiceService } from '@vouch/proto/mock/v1/mock';
import { type GrpcServer, type ServerTls, served, startGrpcServer } from '@vouch/rpc';
import type { Logger, Tracer } from '@vouch/telemetry';
import type { Adapter } from './adapter.js';
import { createEngine } from './engine.js';
import { type Behaviour, createBehaviour, type MockProfile } from './mock/behaviour.js';
import { createControl, requireToken } from './mock/control.js';
import { createListener } from './mock/listener.js';
import { createProvider, type Quota } from './provider.js';

/** Makes a provider a mock: it behaves like an agency's interface, and can be made to fail. Never for a real registry. */
export interface MockOptions {
  /** Where MockControlService listens, `host:port`; a listener of its own that keeps answering while the provider's port is closed. */
  readonly controlAddress: string;
  /** What callers of the control must bear. */
  readonly controlToken: string;
  readonly profile: MockProfile;
  /** Numbers in [0, 1); Math.random unless said. */
  readonly random?: () => number;
}

/** How an adapter is to be served. */
export interface AdapterServerOptions {
  /** `host:port`; port 0 picks a free one. */
  readonly address: string;
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Most queries under way over all calls, past it `overloaded`; 4096 unless said. */
  readonly maxInFlight?: number;
  /** Most queries in flight on one stream; 1024 unless said. */
  readonly largestWindow?: number;
  /** How long a stop waits for answers, milliseconds; 5000 unless said. */
  readonly drainMs?: number;
  /** TLS; plain text unless said. */
  readonly credentials?: ServerTls;
  /** Runs before every call; throws a VouchError to refuse it. */
  readonly authorize?: (metadata: Readonly<Record<string, string>>) => void | Promise<void>;
  readonly mock?: MockOptions;
  /** Milliseconds since the epoch; Date.now unless said. */
  readonly now?: () => number;
}

/** A provider that runs. Disposing drains it: streams are told, what was accepted is answered, new queries are refused. */
export interface RunningAdapter extends AsyncDisposable {
  /** `host:port` as really bound. */
  readonly address: string;
  /** Address of the mock's control; undefined for a real registry. */
  readonly controlAddress: string | undefined;
}

const DRAIN_MS = 5000;
/** What is left to end once the provider has drained: health watches and calls of nobody. */
const SERVER_DRAIN_MS = 500;

/** Serves an adapter as an EvidenceProvider, with health and reflection beside it. */
export async function startAdapter(adapter: Adapter, options: AdapterServerOptions): Promise<RunningAdapter> {
  const { tracer, logger, mock, now = Date.now, maxInFlight = 4096, drainMs = DRAIN_MS } = options;
  const declared: Quota = { perSecond: adapter.quota?.perSecond ?? 0, perDay: adapter.quota?.perDay ?? 0 };
  const behaviour: Behaviour | undefined =
    mock &&
    createBehaviour({
      profile: mock.profile,
      quota: declared,
      now,
      random: mock.random ?? Math.random,
    });
  const engine = createEngine({
    adapter,
    tracer,
    logger,
    maxInFlight,
    now,
    intercept: behaviour?.intercept,
  });
  const provider = createProvider({
    adapter,
    engine,
    largestBatch: adapter.largestBatch ?? 256,
    largestWindow: Math.min(options.largestWindow ?? 1024, maxInFlight),
    maxInFlight,
    quota: behaviour?.quota ?? (() => declared),
    now,
  });

  const listen = (address: string): Promise<GrpcServer> =>
    startGrpcServer({
      address,
      services: [served(EvidenceProviderService, provider.port)],
      tracer,
      logger,
      authorize: options.authorize,
      credentials: options.credentials,
      drainMs: SERVER_DRAIN_MS,
    });

  await using resources = createResources();
  const listener = resources.use(await createListener({ address: options.address, listen, cut: provider.cut }));
  let control: GrpcServer | undefined;
  if (mock && behaviour) {
    control = resources.use(
      await startGrpcServer({
        address: mock.controlAddress,
        services: [served(MockControlServiceService, createControl({ behaviour, engine, setListening: listener.setListening }))],
        tracer,
        logger,
        authorize: requireToken(mock.controlToken),
        drainMs: SERVER_DRAIN_MS,
      }),
    );
  }
  // Closed first: the streams end while the connections are still there.
  resources.defer(async () => {
    listener.setServing(false);
    if (!(await within(provider.drain(), drainMs))) provider.cut();
  });
  const running = resources.move();
  return {
    address: listener.address,
    controlAddress: control?.address,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** Whether something is done within a time, milliseconds. */
async function within(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
