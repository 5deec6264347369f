import { providerVariables, toProviderAddresses } from '@vouch/catalogue';
import type { TelemetryConfig } from '@vouch/telemetry';
import { z } from 'zod';

/** What the consent service needs to know. */
export interface ConsentConfig {
  /** `host:port` of the two listeners; absent: none is opened, the ports are used in this process. */
  readonly listen?: { readonly consent: string; readonly redemption: string };
  /** PostgreSQL, unless a database is passed. */
  readonly databaseUrl?: string;
  /** Kafka, unless a bus is passed. */
  readonly kafkaBrokers?: string;
  /** Keyring's file, unless a keyring is passed; made when it is missing. */
  readonly keyFile?: string;
  readonly catalogueDir?: string;
  /** Pause between two looks for a newer catalogue, milliseconds; none are made unless said. */
  readonly lookAtCatalogueEveryMs?: number;
  /** `host:port` by agency, before those in the catalogue. */
  readonly providerAddresses?: Readonly<Record<string, string | undefined>>;
  readonly guardianshipAttemptsPerHour?: number;
  /** Longest wait for the register of guardians, milliseconds. */
  readonly guardianshipTimeoutMs?: number;
  /** Instances of the consent service that ask the register, each with its part of the agency's quota; 1 unless said. */
  readonly instances?: number;
  /** Name that stays the same over restarts, so that its relay takes its own leases up again at once; a new one each time unless said. */
  readonly instanceId?: string;
  /** Pause between two sweeps, milliseconds; 1000 unless said. */
  readonly sweepEveryMs?: number;
  readonly telemetry: TelemetryConfig;
}

const port = z.coerce.number().int().min(0).max(65_535);

const environment = z.object({
  VOUCH_BIND_HOST: z.string().min(1).default('127.0.0.1'),
  VOUCH_CONSENT_PORT: port.default(50_071),
  VOUCH_REDEMPTION_PORT: port.default(50_072),
  DATABASE_URL: z.string().min(1),
  KAFKA_BROKERS: z.string().min(1),
  VOUCH_KEY_FILE: z.string().min(1).default('.vouch/keys.json'),
  VOUCH_CATALOGUE_DIR: z.string().min(1).optional(),
  VOUCH_CATALOGUE_LOOK_MS: z.coerce.number().int().min(100).default(2_000),
  VOUCH_GUARDIANSHIP_ATTEMPTS_PER_HOUR: z.coerce.number().int().min(1).default(5),
  VOUCH_GUARDIANSHIP_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000).default(5_000),
  VOUCH_INSTANCES: z.coerce.number().int().min(1).default(1),
  VOUCH_INSTANCE_ID: z.string().min(1).optional(),
  VOUCH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  VOUCH_LOG_PRETTY: z.stringbool().default(false),
  VOUCH_TRACE_DIR: z.string().min(1).optional(),
});

/** Reads the environment. Throws one error that names every variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ConsentConfig {
  const read = environment.extend(providerVariables(env)).safeParse(env);
  if (!read.success) throw new Error(`The configuration has faults:\n${z.prettifyError(read.error)}`);
  const values = read.data;
  return {
    listen: {
      consent: `${values.VOUCH_BIND_HOST}:${values.VOUCH_CONSENT_PORT}`,
      redemption: `${values.VOUCH_BIND_HOST}:${values.VOUCH_REDEMPTION_PORT}`,
    },
    databaseUrl: values.DATABASE_URL,
    kafkaBrokers: values.KAFKA_BROKERS,
    keyFile: values.VOUCH_KEY_FILE,
    catalogueDir: values.VOUCH_CATALOGUE_DIR,
    lookAtCatalogueEveryMs: values.VOUCH_CATALOGUE_LOOK_MS,
    providerAddresses: toProviderAddresses(values),
    guardianshipAttemptsPerHour: values.VOUCH_GUARDIANSHIP_ATTEMPTS_PER_HOUR,
    guardianshipTimeoutMs: values.VOUCH_GUARDIANSHIP_TIMEOUT_MS,
    instances: values.VOUCH_INSTANCES,
    instanceId: values.VOUCH_INSTANCE_ID,
    telemetry: {
      serviceName: 'consent',
      logLevel: values.VOUCH_LOG_LEVEL,
      prettyLogs: values.VOUCH_LOG_PRETTY,
      traceDir: values.VOUCH_TRACE_DIR,
    },
  };
}
