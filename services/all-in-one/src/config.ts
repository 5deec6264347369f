import { resolve } from 'node:path';
import type { MockProfile } from '@vouch/adapter-sdk';
import { providerVariables, toProviderAddresses } from '@vouch/catalogue';
import { z } from 'zod';

/** What the all-in-one needs to know. Everything has a default that works. */
export interface AllInOneConfig {
  /** Folder of everything that must outlive the process, absolute. */
  readonly dataDir: string;
  readonly host: string;
  /** Ports; 0 picks a free one. */
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly issuerPort: number;
  /** Port of the first mock registry, the others next to it and their fault controls 100 above; 0: free ones. */
  readonly registryPort: number;
  readonly profile: MockProfile;
  /** Real registries (`host:port` by agency or provider id); an agency that is named here gets no mock registry. */
  readonly providerAddresses: Readonly<Record<string, string>>;
  /** PostgreSQL instead of the embedded store. */
  readonly databaseUrl: string | undefined;
  /** Kafka instead of the embedded event log. */
  readonly kafkaBrokers: string | undefined;
  readonly keyFile: string;
  readonly catalogueDir: string | undefined;
  /** Pause between two looks for a newer catalogue, milliseconds. */
  readonly lookAtCatalogueEveryMs: number;
  /** A real issuer instead of the development issuer. */
  readonly issuer: string | undefined;
  readonly audience: string;
  readonly production: boolean;
  readonly logLevel: string;
  readonly prettyLogs: boolean;
  /** Folder of span files; none where spans go to a collector and no folder is named. */
  readonly traceDir: string | undefined;
}

const port = z.coerce.number().int().min(0).max(65_535);
const text = z.string().min(1);

const environment = z.object({
  VOUCH_DATA_DIR: text.default('.vouch'),
  VOUCH_BIND_HOST: text.default('127.0.0.1'),
  VOUCH_HTTP_PORT: port.default(8080),
  VOUCH_GRPC_PORT: port.default(50_051),
  VOUCH_ISSUER_PORT: port.default(8090),
  VOUCH_REGISTRY_PORT: port.default(50_061),
  VOUCH_REGISTRY_PROFILE: z.enum(['instant', 'brisk', 'realistic']).default('brisk'),
  DATABASE_URL: text.optional(),
  KAFKA_BROKERS: text.optional(),
  VOUCH_KEY_FILE: text.optional(),
  VOUCH_CATALOGUE_DIR: text.optional(),
  VOUCH_CATALOGUE_LOOK_MS: z.coerce.number().int().min(100).default(2_000),
  VOUCH_ISSUER: z.url().optional(),
  VOUCH_AUDIENCE: text.default('vouch'),
  VOUCH_ENV: z.enum(['development', 'production']).default('development'),
  VOUCH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  VOUCH_LOG_PRETTY: z.stringbool().optional(),
  VOUCH_TRACE_DIR: text.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: text.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text.optional(),
});

/** Reads the environment. Throws one error that names every variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env, isTerminal = process.stdout.isTTY === true): AllInOneConfig {
  const read = environment
    .extend(providerVariables(env))
    .safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!read.success) throw new Error(`The configuration has faults:\n${z.prettifyError(read.error)}`);
  const values = read.data;
  if (values.VOUCH_ENV === 'production' && values.VOUCH_ISSUER === undefined) {
    throw new Error(
      'VOUCH_ENV=production refuses the development issuer, with which anyone can sign in as anyone. Name a real one in VOUCH_ISSUER',
    );
  }
  const dataDir = resolve(values.VOUCH_DATA_DIR);
  const hasCollector = (values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;
  return {
    dataDir,
    host: values.VOUCH_BIND_HOST,
    httpPort: values.VOUCH_HTTP_PORT,
    grpcPort: values.VOUCH_GRPC_PORT,
    issuerPort: values.VOUCH_ISSUER_PORT,
    registryPort: values.VOUCH_REGISTRY_PORT,
    profile: values.VOUCH_REGISTRY_PROFILE,
    providerAddresses: toProviderAddresses(values),
    databaseUrl: values.DATABASE_URL,
    kafkaBrokers: values.KAFKA_BROKERS,
    keyFile: values.VOUCH_KEY_FILE ?? resolve(dataDir, 'keys.json'),
    catalogueDir: values.VOUCH_CATALOGUE_DIR,
    lookAtCatalogueEveryMs: values.VOUCH_CATALOGUE_LOOK_MS,
    issuer: values.VOUCH_ISSUER,
    audience: values.VOUCH_AUDIENCE,
    production: values.VOUCH_ENV === 'production',
    logLevel: values.VOUCH_LOG_LEVEL,
    prettyLogs: values.VOUCH_LOG_PRETTY ?? isTerminal,
    traceDir: values.VOUCH_TRACE_DIR ?? (hasCollector ? undefined : resolve(dataDir, 'traces')),
  };
}
