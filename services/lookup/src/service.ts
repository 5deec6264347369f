import { setTimeout as pause } from 'node:timers/promises';
import { type CatalogueFolder, openCatalogueFolder } from '@vouch/catalogue';
import { createCatalogueVersions, startCatalogues } from '@vouch/catalogue-versions';
import { RetryableError, TerminalError } from '@vouch/errors';
import { createKafkaBus, type EventBus, SOURCES, startRelay } from '@vouch/events';
import { createUuid, type Keyring, loadOrCreateKeyFile } from '@vouch/identity';
import { createResources } from '@vouch/lifecycle';
import { LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { createProviderClients, type ProviderClients } from '@vouch/provider-client';
import { openQuotaDays } from '@vouch/quota-days';
import { served, startGrpcServer } from '@vouch/rpc';
import { type Database, openPostgres } from '@vouch/store';
import { startTelemetry, type Telemetry } from '@vouch/telemetry';
import { createBatches } from './batches/batches.js';
import { startBatchRunner } from './batches/runner.js';
import { createAdmission } from './callers/admission.js';
import { createAuthenticator } from './callers/authenticate.js';
import { createIssuer } from './callers/issuer.js';
import { createLoadLimit, watchEventLoop } from './callers/load-limit.js';
import { createSlots } from './callers/slots.js';
import { createViewers } from './callers/viewer.js';
import type { LookupConfig } from './config.js';
import { createAccessLog } from './consenting/access-log.js';
import { createConsents } from './consenting/consents.js';
import { createExplainer } from './explaining/explainer.js';
import { createLookupGate, createLookupService } from './grpc.js';
import { createHttpApp, LARGEST_BODY } from './http/app.js';
import { createCommitter } from './keeping/commit.js';
import { startConsentConsumer } from './keeping/consumers.js';
import { startRetention } from './keeping/erase.js';
import { createFinder } from './keeping/find-verification.js';
import { migrations } from './keeping/migrations/index.js';
import { startParking } from './keeping/parking.js';
import { readMarks } from './keeping/read-marks.js';
import { assertPublishing, type LookupTables, SCHEMA } from './keeping/store.js';
import { MOST_PENDING, MOST_UNDER_WAY, MOST_WATCHES, MOST_WATCHES_OF_A_CLIENT } from './limits.js';
import { dialPorts, type Ports, portChecks } from './ports.js';
import { checkReadiness, type Readiness } from './readiness.js';
import { createAgencyHealth } from './verifying/agency-health.js';
import { createBasis } from './verifying/basis.js';
import { createFanOut } from './verifying/fan-out.js';
import { createLookup } from './verifying/lookup.js';
import { startRetries } from './verifying/pending.js';
import { createChanges } from './watching/changes.js';
import { createWatches } from './watching/watches.js';

/** What another process part may share with the lookup. */
export interface LookupOverrides {
  readonly database?: Database;
  readonly bus?: EventBus;
  readonly keyring?: Keyring;
  readonly folder?: CatalogueFolder;
  readonly telemetry?: Telemetry;
  readonly ports?: Ports & {
    /** Clients of providers that others use too. */
    readonly clients?: ProviderClients;
  };
}

/** The running lookup service. Disposing it lets what is under way finish. */
export interface RunningLookup extends AsyncDisposable {
  /** Base address of the HTTP API, as really bound. */
  readonly httpUrl: string;
  /** `host:port` of public gRPC, as really bound. */
  readonly grpcAddress: string;
  /** Takes what the catalogue's folder holds now, without waiting for the next look at it; resolves when that is in effect or refused. */
  reload(): Promise<void>;
  /** Which parts are ready. */
  readiness(): Promise<Readiness>;
  /** Resolves when every event is published. */
  idle(): Promise<void>;
  /**
   * Says that it is not ready any more and lets each connection go with its next answer, while it goes on answering; resolves when
   * `noticeMs` are over.
   */
  leave(): Promise<void>;
}

const SCOPE = '@vouch/lookup';
// Longer than a relay's slot stays with one that died.
const PUBLISHED_WITHIN_S = 30;
const COUNT_PENDING_EVERY_MS = 5_000;
const GIVE_UP_AFTER_MS = 72 * 3_600_000;
// What is still asked when the service stops is answered as unavailable after this; it then stays pending.
const STOP_ASKING_AFTER_MS = 2_000;

/** Starts the lookup service: the HTTP edge and public gRPC. */
export async function startLookup(config: LookupConfig, overrides: LookupOverrides = {}): Promise<RunningLookup> {
  await using resources = createResources();
  // What it needs.
  const telemetry = overrides.telemetry ?? resources.use(startTelemetry(config.telemetry));
  const { logger } = telemetry;
  const tracer = telemetry.tracer(SCOPE);
  const database = overrides.database ?? resources.use(await openPostgres({ url: required(config.databaseUrl, 'databaseUrl'), logger }));
  const brokers = () => required(config.kafkaBrokers, 'kafkaBrokers');
  const bus = overrides.bus ?? resources.use(createKafkaBus({ brokers: brokers(), clientId: 'lookup', tracer, logger }));
  const keyring = overrides.keyring ?? (await loadOrCreateKeyFile(required(config.keyFile, 'keyFile')));
  const { catalogueDir: dir, providerAddresses, lookAtCatalogueEveryMs: everyMs } = config;
  const folder = overrides.folder ?? resources.use(await openCatalogueFolder({ dir, providerAddresses, everyMs, logger }));
  const ports = overrides.ports ?? dialPorts(resources, config.addresses, tracer);
  const store = await database.store<LookupTables>(SCHEMA, migrations);
  const { instanceId = createUuid() } = config;
  const relay = resources.use(startRelay({ store, bus, tracer, logger, source: SOURCES.lookup, instanceId }));
  const versions = createCatalogueVersions({ store, instance: instanceId, service: 'lookup' });
  const quotaDays = resources.use(await openQuotaDays({ store, logger }));
  const quotaShare = 1 / (config.instances ?? 1);
  const clients = overrides.ports?.clients ?? resources.use(createProviderClients({ tracer, logger, caller: 'lookup', quotaShare }));
  clients.countIn(quotaDays, 1);
  const agencies = createAgencyHealth(clients);
  resources.defer(() => agencies[Symbol.dispose]());
  const catalogues = resources.use(
    await startCatalogues({
      folder,
      versions,
      prepare(catalogue) {
        clients.keep(catalogue);
        agencies.follow(catalogue.providers);
      },
      onRecorded: () => relay.wake(),
      logger,
    }),
  );

  // What it does.
  const stopping = new AbortController();
  const basis = createBasis(ports.redemption, keyring, tracer);
  const fanOut = createFanOut(clients);
  const changes = createChanges({ look: (ids) => readMarks(store, ids), logger, everyMs: config.watchEveryMs ?? 250 });
  const committer = createCommitter({ store, relay, tracer, onCommitted: changes.committed });
  const { giveUpAfterMs = GIVE_UP_AFTER_MS } = config;
  const find = createFinder(store);
  const parking = resources.use(
    startParking({ store, logger, most: config.maxPending ?? MOST_PENDING, everyMs: config.countPendingEveryMs ?? COUNT_PENDING_EVERY_MS }),
  );
  const lookup = createLookup({ catalogues, keyring, find, basis, fanOut, committer, parking, giveUpAfterMs, stopping: stopping.signal });
  const pace = { pollMs: config.retryEveryMs ?? 500, leaseMs: config.retryLeaseMs ?? 5_000 };
  resources.use(startRetries({ store, keyring, basis, fanOut, committer, agencies, catalogues, tracer, logger, ...pace }));
  const load = createLoadLimit(config.maxInFlight ?? MOST_UNDER_WAY);
  const admission = createAdmission({
    get maxInFlight() {
      return load.limit;
    },
    personRequestsPerSecond: config.personRequestsPerSecond ?? 100,
    failuresPerMinute: config.failedSignInsPerMinute ?? 300,
  });
  const { underWayOf } = admission;
  const runner = resources.use(
    startBatchRunner({ store, keyring, catalogues, lookup, tracer, logger, underWayOf, withoutRoom: parking.withoutRoomForRows }),
  );
  const batches = createBatches({ store, keyring, catalogues, lookup, logger, onReady: () => runner.wake() });
  resources.use(startRetention({ store, keyring, logger, everyMs: config.eraseEveryMs }));
  resources.use(await startConsentConsumer({ bus, store, keyring, logger }));

  // How the world reaches it.
  const issuer = createIssuer(config.issuer);
  const authenticator = createAuthenticator({ issuer, audience: config.audience ?? 'vouch' });
  const viewers = createViewers({ issuer, keyring });
  resources.use(watchEventLoop(load, () => admission.inFlight));
  let leaving = false;
  const readiness = () =>
    checkReadiness({
      edge: async () => {
        if (leaving) throw new RetryableError('unavailable');
      },
      store: () => database.ping(),
      bus: () => bus.ready(),
      relay: () => assertPublishing(store, PUBLISHED_WITHIN_S),
      ...portChecks(ports),
      issuer: () => authenticator.ready(),
    });
  const watches = createWatches({ read: lookup.read, changes, quietMs: config.quietMs ?? 15_000 });
  const slots = createSlots({
    most: config.maxWatches ?? MOST_WATCHES,
    mostPerClient: config.maxWatchesPerClient ?? MOST_WATCHES_OF_A_CLIENT,
  });
  const explainer = createExplainer({ catalogueOf: versions.catalogueOf, keyring, logger });
  const edge = { lookup, explainer, slots, watches, catalogues, authenticator, admission, logger };
  const grpc = resources.use(
    await startGrpcServer({
      address: config.listen.grpc,
      services: [served(LookupServiceService, createLookupService(edge))],
      authorize: createLookupGate(edge),
      tracer,
      logger,
      external: true,
      maxMessageBytes: LARGEST_BODY,
    }),
  );
  const app = await createHttpApp({
    ...edge,
    batches,
    consents: createConsents({ port: ports.consent, catalogues, keyring, viewers }),
    accessLog: createAccessLog({ consent: ports.consent, audit: ports.audit, viewers }),
    readiness,
    standing: () => catalogues.standing,
    catalogueOf: versions.catalogueOf,
    leaving: () => leaving,
    tracer,
    trustProxy: config.trustProxy ?? false,
  });
  const httpUrl = await app.listen(toListen(config.listen.http));
  resources.defer(() => app.close());
  // Before the edges close: they wait for whoever still waits.
  resources.use(changes);
  logger.info({ httpUrl, grpcAddress: grpc.address, catalogue: catalogues.current.version }, 'the lookup answers');
  const open = resources.move();
  return {
    httpUrl,
    grpcAddress: grpc.address,
    reload: () => catalogues.reload(),
    readiness,
    idle: () => relay.idle(),
    async leave() {
      leaving = true;
      grpc.setServing(false);
      await pause(config.noticeMs ?? 0);
    },
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => stopping.abort(), STOP_ASKING_AFTER_MS);
      await open[Symbol.asyncDispose]();
      clearTimeout(timer);
    },
  };
}

function toListen(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TerminalError('internal', { cause: new Error(`${name} is neither configured nor passed`) });
  return value;
}
