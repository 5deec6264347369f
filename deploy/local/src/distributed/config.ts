import { resolve } from 'node:path';

/** What the distributed start reads from the environment. */
export interface DistributedConfig {
  /** `VOUCH_DATA_DIR`: keys, secrets, `demo.json`, and the data of a broker and a database started here; `.vouch` unless said. */
  readonly dataDir: string;
  /** `KAFKA_BROKERS`; without it a broker is started. */
  readonly kafkaBrokers: string | undefined;
  /** `DATABASE_URL`; without it a PostgreSQL server is started. */
  readonly databaseUrl: string | undefined;
  /** `VOUCH_HTTP_PORT`; 8080 unless said, 0 for a free one. */
  readonly httpPort: number;
  /** `VOUCH_GRPC_PORT`; 50051 unless said, 0 for a free one. */
  readonly grpcPort: number;
  /** `VOUCH_ISSUER_PORT`; 8090 unless said, 0 for a free one. */
  readonly issuerPort: number;
  /** Everything else, handed on to the services as it is: `OTEL_*`, `VOUCH_LOG_LEVEL`, …. */
  readonly inherited: Readonly<Record<string, string>>;
}

/** Reads the environment. */
export function readDistributedConfig(env: NodeJS.ProcessEnv = process.env): DistributedConfig {
  return {
    dataDir: resolve(env.VOUCH_DATA_DIR || '.vouch'),
    kafkaBrokers: env.KAFKA_BROKERS || undefined,
    databaseUrl: env.DATABASE_URL || undefined,
    httpPort: readPort('VOUCH_HTTP_PORT', env.VOUCH_HTTP_PORT, 8080),
    grpcPort: readPort('VOUCH_GRPC_PORT', env.VOUCH_GRPC_PORT, 50051),
    issuerPort: readPort('VOUCH_ISSUER_PORT', env.VOUCH_ISSUER_PORT, 8090),
    inherited: Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  };
}

function readPort(name: string, text: string | undefined, usual: number): number {
  if (!text) return usual;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} must be a port, 0 to 65535`);
  return port;
}
