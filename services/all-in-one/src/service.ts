import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startAudit } from '@vouch/audit';
import { openCatalogueFolder } from '@vouch/catalogue';
import { startConsent } from '@vouch/consent';
import { HOW_TO_SIGN_IN, PORTAL_CLIENT, startDevIssuer } from '@vouch/dev-issuer';
import { loadOrCreateKeyFile } from '@vouch/identity';
import { createResources, type Running } from '@vouch/lifecycle';
import { startLookup } from '@vouch/lookup';
import { createPopulation } from '@vouch/population';
import { AuditServiceService } from '@vouch/proto/audit/v1/audit';
import { ConsentServiceService, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { createProviderClients } from '@vouch/provider-client';
import { bindInProcess } from '@vouch/rpc';
import { welcome } from '@vouch/showcase';
import { startTelemetry, type TelemetryConfig } from '@vouch/telemetry';
import type { AllInOneConfig } from './config.js';
import { createBus, openDatabase } from './parts.js';
import { startRegistries } from './registries.js';

/** Starts all of Vouch in this process: the same services as apart, handed to each other as objects. Registries are asked over gRPC. */
export async function startAllInOne(config: AllInOneConfig, print: (text: string) => void, signal: AbortSignal): Promise<Running> {
  await using opening = createResources();
  const { dataDir, databaseUrl } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });

  // What everything shares.
  const telemetryConfig: TelemetryConfig = {
    serviceName: 'vouch',
    logLevel: config.logLevel,
    prettyLogs: config.prettyLogs,
    traceDir: config.traceDir,
  };
  const telemetry = opening.use(startTelemetry(telemetryConfig));
  print(databaseUrl === undefined ? 'Opening the embedded store (the first time takes some seconds) …' : 'Connecting to PostgreSQL …');
  const database = opening.use(await openDatabase(config, telemetry));
  // The store's lock says that no other process lives here; only then is what the last one wrote out of date.
  await rm(join(dataDir, 'demo.json'), { force: true });
  const bus = opening.use(createBus(config, database, telemetry));
  const keyring = await loadOrCreateKeyFile(config.keyFile);

  print('Starting the mock registries over an invented population …');
  const population = createPopulation();
  const controlToken = randomBytes(24).toString('base64url');
  const registries = await startRegistries(config, { population, telemetry, telemetryConfig, controlToken }, opening);
  const folder = opening.use(
    await openCatalogueFolder({
      dir: config.catalogueDir,
      providerAddresses: { ...registries.addresses, ...config.providerAddresses },
      everyMs: config.lookAtCatalogueEveryMs,
      logger: telemetry.logger,
    }),
  );
  const tracer = telemetry.tracer('@vouch/provider-client');
  const clients = opening.use(createProviderClients({ tracer, logger: telemetry.logger, caller: 'vouch' }));
  signal.throwIfAborted();

  print('Starting the audit, consent and lookup services …');
  const shared = { database, bus, telemetry };
  // Nobody else can have the embedded store open, so leases left by the process before this one are this one's.
  const instanceId = databaseUrl === undefined ? 'all-in-one' : undefined;
  const audit = opening.use(await startAudit({ telemetry: telemetryConfig }, shared));
  const consent = opening.use(
    await startConsent({ telemetry: telemetryConfig, instanceId }, { ...shared, keyring, folder, ports: { clients } }),
  );
  const issuer =
    config.issuer === undefined
      ? opening.use(
          await startDevIssuer({
            host: config.host,
            port: config.issuerPort,
            secretsFile: join(dataDir, 'issuer.json'),
            audience: config.audience,
            platforms: folder.newest.clients.map(({ id }) => id),
            findPerson: (idNumber) => population.find(idNumber)?.person,
          }),
        )
      : undefined;
  const binding = { tracer: telemetry.tracer('@vouch/rpc'), caller: 'lookup' };
  const lookup = opening.use(
    await startLookup(
      {
        listen: { http: `${config.host}:${config.httpPort}`, grpc: `${config.host}:${config.grpcPort}` },
        issuer: { url: issuer?.issuer ?? config.issuer ?? '' },
        audience: config.audience,
        instanceId,
        telemetry: telemetryConfig,
      },
      {
        ...shared,
        keyring,
        folder,
        ports: {
          consent: bindInProcess(ConsentServiceService, consent.consent, binding),
          redemption: bindInProcess(RedemptionServiceService, consent.redemption, binding),
          audit: bindInProcess(AuditServiceService, audit.audit, binding),
          clients,
        },
      },
    ),
  );
  signal.throwIfAborted();
  const reload = async (): Promise<void> => {
    await Promise.all([consent.reload(), lookup.reload()]);
  };

  if (!issuer) {
    print(`Vouch is ready at ${lookup.httpUrl}, with tokens of ${config.issuer}`);
    return { reload, ...closing(opening.move()) };
  }
  await welcome({
    mode: 'all-in-one',
    dataDir,
    httpUrl: lookup.httpUrl,
    lookupGrpcAddress: lookup.grpcAddress,
    registries: registries.addresses,
    registryControls: registries.controls,
    mockControlToken: controlToken,
    tokenEndpoint: issuer.tokenEndpoint,
    secretOf: issuer.secretOf,
    portal: { clientId: PORTAL_CLIENT, how: HOW_TO_SIGN_IN },
    population,
    ...(config.traceDir !== undefined && { traces: config.traceDir }),
    notes: notesOn(config),
    print,
  });
  return { reload, ...closing(opening.move()) };
}

const closing = (open: AsyncDisposable): AsyncDisposable => ({ [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() });

/** What the reader must know about where the data is. */
function notesOn({ databaseUrl, kafkaBrokers, profile, dataDir }: AllInOneConfig): string[] {
  const store =
    databaseUrl === undefined
      ? `The embedded store in ${dataDir} survives the death of the process but not a power cut; DATABASE_URL switches to PostgreSQL`
      : 'The data is in PostgreSQL (DATABASE_URL)';
  const events =
    kafkaBrokers === undefined ? 'Events go to the embedded log; KAFKA_BROKERS switches to Kafka' : `Events go to Kafka (${kafkaBrokers})`;
  const speed =
    profile === 'brisk' ? ['The registries answer ten times faster than real ones; VOUCH_REGISTRY_PROFILE=realistic slows them down'] : [];
  return [store, events, ...speed];
}
