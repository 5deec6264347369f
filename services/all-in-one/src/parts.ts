import { join } from 'node:path';
import type { Catalogue, Provider } from '@vouch/catalogue';
import { createEmbeddedBus, createKafkaBus, type EventBus } from '@vouch/events';
import type { Resources } from '@vouch/lifecycle';
import { createProviderClient, type ProviderClient } from '@vouch/provider-client';
import { type Database, openEmbedded, openPostgres } from '@vouch/store';
import type { Telemetry } from '@vouch/telemetry';
import type { AllInOneConfig } from './config.js';

/** PostgreSQL where one is named, else the embedded store in the data folder. */
export function openDatabase(config: AllInOneConfig, { logger }: Telemetry): Promise<Database> {
  return config.databaseUrl === undefined
    ? openEmbedded({ dataDir: join(config.dataDir, 'store'), logger })
    : openPostgres({ url: config.databaseUrl, logger });
}

/** Kafka where one is named, else the embedded event log in the store. */
export function createBus(config: AllInOneConfig, database: Database, telemetry: Telemetry): EventBus {
  const tracer = telemetry.tracer('@vouch/events');
  const { logger } = telemetry;
  return config.kafkaBrokers === undefined
    ? createEmbeddedBus({ database, tracer, logger })
    : createKafkaBus({ brokers: config.kafkaBrokers, clientId: 'vouch', tracer, logger });
}

/** One client a provider, shared by every service of the process, so that all of them share its batches. */
export function createProviderClients(
  catalogue: Catalogue,
  telemetry: Telemetry,
  resources: Resources,
): (provider: Provider) => ProviderClient {
  const tracer = telemetry.tracer('@vouch/provider-client');
  const clients = new Map(
    catalogue.providers.map(({ id, agency, address, regions }) => [
      id,
      resources.use(createProviderClient({ id, agency, address, regions, catalogue, tracer, logger: telemetry.logger, caller: 'vouch' })),
    ]),
  );
  return ({ id }) => {
    const client = clients.get(id);
    if (!client) throw new Error(`The catalogue has no provider ${id}`);
    return client;
  };
}
