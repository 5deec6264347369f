import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startAudit } from '@vouch/audit';
import { loadCatalogue } from '@vouch/catalogue';
import { startConsent } from '@vouch/consent';
import { HOW_TO_SIGN_IN, PORTAL_CLIENT, startDevIssuer } from '@vouch/dev-issuer';
import { loadOrCreateKeyFile } from '@vouch/identity';
import { createResources } from '@vouch/lifecycle';
import { startLookup } from '@vouch/lookup';
import { createPopulation } from '@vouch/population';
import { AuditServiceService } from '@vouch/proto/audit/v1/audit';
import { ConsentServiceService, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { bindInProcess } from '@vouch/rpc';
import { welcome } from '@vouch/showcase';
import { startTelemetry, type TelemetryConfig } from '@vouch/telemetry';
import type { AllInOneConfig } from './config.js';
import { createBus, createProviderClients, openDatabase } from './parts.js';
import { startRegistries } from './registries.js';

/** Starts all of Vouch in this process: the same services as apart, handed to each other as objects. Registries are asked over gRPC. */
export async function startAllInOne(config: AllInOneConfig, print: (text: string) => void, signal: AbortSignal): Promise<AsyncDisposable> {
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
  const catalogue = await loadCatalogue({
    dir: config.catalogueDir,
    providerAddresses: { ...registries.addresses, ...config.providerAddresses },
  });
  const clientOf = createProviderClients(catalogue, telemetry, opening);
  signal.throwIfAborted();

  print('Starting the audit, consent and lookup services …');
  const shared = { database, bus, telemetry };
  // Nobody else can have the embedded store open, so leases left by the process before this one are this one's.
  const instanceId = databaseUrl === undefined ? 'all-in-one' : undefined;
  const audit = opening.use(await startAudit({ telemetry: telemetryConfig }, shared));
  const consent = opening.use(
    await startConsent({ telemetry: telemetryConfig, instanceId }, { ...shared, keyring, catalogue, ports: { clientOf } }),
  );
  const issuer =
    config.issuer === undefined
      ? opening.use(
          await startDevIssuer({
            host: config.host,
            port: config.issuerPort,
            secretsFile: join(dataDir, 'issuer.json'),
            audience: config.audience,
            platforms: catalogue.clients.map(({ id }) => id),
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
        catalogue,
        ports: {
          consent: bindInProcess(ConsentServiceService, consent.consent, binding),
          redemption: bindInProcess(RedemptionServiceService, consent.redemption, binding),
          audit: bindInProcess(AuditServiceService, audit.audit, binding),
          clientOf,
        },
      },
    ),
  );
  signal.throwIfAborted();

  if (!issuer) {
    print(`Vouch is ready at ${lookup.httpUrl}, with tokens of ${config.issuer}`);
    return opening.move();
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
  return opening.move();
}

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
