import { join } from 'node:path';
import { createEmbeddedBus, createKafkaBus, type EventBus } from '@vouch/events';
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
