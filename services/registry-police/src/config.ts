import type { MockProfile } from '@vouch/adapter-sdk';
import type { PopulationOptions } from '@vouch/population';
import type { TelemetryConfig } from '@vouch/telemetry';
import { z } from 'zod';

/** What the police registry needs to know. */
export interface PoliceConfig {
  /** `host:port` of the provider. */
  readonly address: string;
  /** `host:port` of the mock's fault control, and what its callers must bear. */
  readonly controlAddress: string;
  readonly controlToken: string;
  readonly profile: MockProfile;
  readonly population: PopulationOptions;
  readonly telemetry: TelemetryConfig;
}

const DEFAULT_PORT = 50061;
const port = z.coerce.number().int().min(0).max(65_535);

const environment = z.object({
  VOUCH_BIND_HOST: z.string().min(1).default('127.0.0.1'),
  VOUCH_REGISTRY_PORT: port.default(DEFAULT_PORT),
  VOUCH_REGISTRY_CONTROL_PORT: port.default(DEFAULT_PORT + 100),
  VOUCH_REGISTRY_PROFILE: z.enum(['instant', 'brisk', 'realistic']).default('realistic'),
  VOUCH_MOCK_CONTROL_TOKEN: z.string().min(16),
  VOUCH_POPULATION_SEED: z.coerce.number().int().min(0).optional(),
  VOUCH_POPULATION_FAMILIES: z.coerce.number().int().min(1).optional(),
  VOUCH_POPULATION_TODAY: z.iso.date().optional(),
  VOUCH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  VOUCH_LOG_PRETTY: z.stringbool().default(false),
  VOUCH_TRACE_DIR: z.string().min(1).optional(),
});

/** Reads the environment. Throws one error that names every variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): PoliceConfig {
  const read = environment.safeParse(env);
  if (!read.success) throw new Error(`The configuration has faults:\n${z.prettifyError(read.error)}`);
  const values = read.data;
  return {
    address: `${values.VOUCH_BIND_HOST}:${values.VOUCH_REGISTRY_PORT}`,
    controlAddress: `${values.VOUCH_BIND_HOST}:${values.VOUCH_REGISTRY_CONTROL_PORT}`,
    controlToken: values.VOUCH_MOCK_CONTROL_TOKEN,
    profile: values.VOUCH_REGISTRY_PROFILE,
    population: {
      seed: values.VOUCH_POPULATION_SEED,
      families: values.VOUCH_POPULATION_FAMILIES,
      today: values.VOUCH_POPULATION_TODAY,
    },
    telemetry: {
      serviceName: 'registry-police',
      logLevel: values.VOUCH_LOG_LEVEL,
      prettyLogs: values.VOUCH_LOG_PRETTY,
      traceDir: values.VOUCH_TRACE_DIR,
    },
  };
}
