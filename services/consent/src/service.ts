import { type CatalogueFolder, openCatalogueFolder } from '@vouch/catalogue';
import { createCatalogueVersions, startCatalogues } from '@vouch/catalogue-versions';
import { TerminalError } from '@vouch/errors';
import { createKafkaBus, type EventBus, SOURCES, startRelay } from '@vouch/events';
import { createUuid, type Keyring, loadOrCreateKeyFile } from '@vouch/identity';
import { createResources, type Resources } from '@vouch/lifecycle';
import { ConsentServiceService, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { createProviderClients, type ProviderClients } from '@vouch/provider-client';
import { openQuotaDays } from '@vouch/quota-days';
import { type Port, type ServedService, served, startGrpcServer } from '@vouch/rpc';
import { type Database, openPostgres } from '@vouch/store';
import { startTelemetry, type Telemetry } from '@vouch/telemetry';
import type { ConsentConfig } from './config.js';
import { createConsent } from './create-consent.js';
import { createGuardianshipRegister, type GuardianshipRegister } from './guardianship-register.js';
import { migrations } from './migrations/index.js';
import type { ConsentTables } from './tables.js';

/** What another process part may share with the consent service. */
export interface ConsentOverrides {
  readonly database?: Database;
  readonly bus?: EventBus;
  readonly keyring?: Keyring;
  readonly folder?: CatalogueFolder;
  readonly telemetry?: Telemetry;
  readonly ports?: {
    /** Clients of providers that lookups use too. */
    readonly clients?: ProviderClients;
    readonly register?: GuardianshipRegister;
  };
}

/** The running consent service. */
export interface RunningConsent extends AsyncDisposable {
  readonly consent: Port<typeof ConsentServiceService>;
  readonly redemption: Port<typeof RedemptionServiceService>;
  /** `host:port` as really bound; absent without listeners. */
  readonly addresses?: { readonly consent: string; readonly redemption: string };
  /** Takes what the catalogue's folder holds now, without waiting for the next look at it; resolves when that is in effect or refused. */
  reload(): Promise<void>;
  /** Resolves when it can do its work; rejects with `unavailable`. */
  ready(): Promise<void>;
  /** Resolves when every event is published. */
  idle(): Promise<void>;
}

const SCOPE = '@vouch/consent';
// Of the police's quota: a guardian is looked up once for each consent, and the lookups need the rest.
const REGISTER_SHARE = 0.1;

/** Starts the consent service. */
export async function startConsent(config: ConsentConfig, overrides: ConsentOverrides = {}): Promise<RunningConsent> {
  await using resources = createResources();
  // What it needs.
  const telemetry = overrides.telemetry ?? resources.use(startTelemetry(config.telemetry));
  const { logger } = telemetry;
  const tracer = telemetry.tracer(SCOPE);
  const database = overrides.database ?? resources.use(await openPostgres({ url: required(config.databaseUrl, 'databaseUrl'), logger }));
  const brokers = () => required(config.kafkaBrokers, 'kafkaBrokers');
  const bus = overrides.bus ?? resources.use(createKafkaBus({ brokers: brokers(), clientId: 'consent', tracer, logger }));
  const keyring = overrides.keyring ?? (await loadOrCreateKeyFile(required(config.keyFile, 'keyFile')));
  const { catalogueDir: dir, providerAddresses, lookAtCatalogueEveryMs: everyMs, instanceId = createUuid() } = config;
  const folder = overrides.folder ?? resources.use(await openCatalogueFolder({ dir, providerAddresses, everyMs, logger }));
  const store = await database.store<ConsentTables>('consent', migrations);

  // What it does.
  const relay = resources.use(startRelay({ store, bus, tracer, logger, source: SOURCES.consent, instanceId }));
  const openClients = async (): Promise<ProviderClients> => {
    const quotaDays = resources.use(await openQuotaDays({ store, logger }));
    const quotaShare = REGISTER_SHARE / (config.instances ?? 1);
    const own = resources.use(createProviderClients({ tracer, logger, caller: 'consent', quotaShare }));
    own.countIn(quotaDays, REGISTER_SHARE);
    return own;
  };
  const clients = overrides.ports?.clients ?? (await openClients());
  const versions = createCatalogueVersions({ store, instance: instanceId, service: 'consent' });
  const catalogues = resources.use(
    await startCatalogues({
      folder,
      versions,
      prepare: (catalogue) => clients.keep(catalogue),
      onRecorded: () => relay.wake(),
      logger,
    }),
  );
  const register = overrides.ports?.register ?? createGuardianshipRegister({ catalogues, clients });
  const { guardianshipAttemptsPerHour, guardianshipTimeoutMs } = config;
  const limits = { guardianshipAttemptsPerHour, guardianshipTimeoutMs };
  const service = createConsent({ ...limits, store, keyring, catalogues, register, logger, committed: () => relay.wake() });
  resources.use(service.startSweeping(config.sweepEveryMs ?? 1000));

  // How the world reaches it.
  const { consent, redemption } = service;
  const addresses = config.listen && {
    consent: await listen(resources, telemetry, config.listen.consent, served(ConsentServiceService, consent)),
    redemption: await listen(resources, telemetry, config.listen.redemption, served(RedemptionServiceService, redemption)),
  };
  const open = resources.move();
  return {
    consent,
    redemption,
    ...(addresses && { addresses }),
    reload: () => catalogues.reload(),
    ready: () => database.ping(),
    idle: () => relay.idle(),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

async function listen(resources: Resources, telemetry: Telemetry, address: string, service: ServedService): Promise<string> {
  const { logger } = telemetry;
  const server = resources.use(await startGrpcServer({ address, services: [service], tracer: telemetry.tracer(SCOPE), logger }));
  return server.address;
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TerminalError('internal', { cause: new Error(`${name} is neither configured nor passed`) });
  return value;
}
