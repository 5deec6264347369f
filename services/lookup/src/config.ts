import { providerVariables, toProviderAddresses } from '@vouch/catalogue';
import type { TelemetryConfig } from '@vouch/telemetry';
import { z } from 'zod';
import { MOST_PENDING, MOST_UNDER_WAY, MOST_WATCHES, MOST_WATCHES_OF_A_CLIENT } from './limits.js';

/** What the lookup needs to know. */
export interface LookupConfig {
  /** `host:port` of the HTTP edge and of public gRPC; port 0 picks a free one. */
  readonly listen: { readonly http: string; readonly grpc: string };
  /** Behind a proxy that sets X-Forwarded-For; false unless said. */
  readonly trustProxy?: boolean;
  /** PostgreSQL, unless a database is passed. */
  readonly databaseUrl?: string;
  /** Kafka, unless a bus is passed. */
  readonly kafkaBrokers?: string;
  /** Keyring's file, unless a keyring is passed; made when it is missing. */
  readonly keyFile?: string;
  readonly catalogueDir?: string;
  /** Pause between two looks for a newer catalogue, milliseconds; none are made unless said. */
  readonly lookAtCatalogueEveryMs?: number;
  /** `host:port` by agency or provider id, before those in the catalogue. */
  readonly providerAddresses?: Readonly<Record<string, string | undefined>>;
  /** Where the other services are, unless ports are passed. */
  readonly addresses?: { readonly consent: string; readonly redemption: string; readonly audit: string };
  /** The token issuer; what its metadata says is taken where an endpoint is not given. */
  readonly issuer: { readonly url: string; readonly jwksUri?: string; readonly userInfoUri?: string };
  /** Audience that tokens must have; `vouch` unless said. */
  readonly audience?: string;
  /** Requests under way at once; 2000 unless said. */
  readonly maxInFlight?: number;
  /** Requests a second of one signed-in person; 100 unless said. */
  readonly personRequestsPerSecond?: number;
  /** Failed sign-ins a minute from one address; 300 unless said. */
  readonly failedSignInsPerMinute?: number;
  /** Instances of the lookup that share the agencies' quotas; 1 unless said. */
  readonly instances?: number;
  /** How long a pending verification is retried, milliseconds; 72 hours unless said. */
  readonly giveUpAfterMs?: number;
  /** Pause between two looks for what is to be retried, milliseconds; 500 unless said. */
  readonly retryEveryMs?: number;
  /** How long what an instance retries is its own without a sign of life, milliseconds; 5000 unless said. */
  readonly retryLeaseMs?: number;
  /** Verifications that may be pending at once, over all instances; one more is closed. 500000 unless said. */
  readonly maxPending?: number;
  /** Pause between two counts of them, milliseconds; 5000 unless said. */
  readonly countPendingEveryMs?: number;
  /** Pause between two looks for changes of what somebody waits for, milliseconds; 250 unless said. */
  readonly watchEveryMs?: number;
  /** Silence after which a stream of events says that it is still open, milliseconds; 15000 unless said. */
  readonly quietMs?: number;
  /** Waits and streams open at once, in all and of one client; 2000 and 500 unless said. */
  readonly maxWatches?: number;
  readonly maxWatchesPerClient?: number;
  /** Pause between two looks for what is to be erased, milliseconds; 30000 unless said. */
  readonly eraseEveryMs?: number;
  /** Name that stays the same over restarts, so that its relay takes its own leases up again at once; a new one each time unless said. */
  readonly instanceId?: string;
  /** How long it says that it is not ready, and still answers, before it stops, milliseconds; none unless said. */
  readonly noticeMs?: number;
  readonly telemetry: TelemetryConfig;
}

const port = z.coerce.number().int().min(0).max(65_535);
const address = z
  .string()
  .regex(/^[^,]+:\d+(,[^,]+:\d+)*$/, 'must be host:port, or several of them with IP addresses, separated by commas');
const count = z.coerce.number().int().min(1);

const environment = z.object({
  VOUCH_BIND_HOST: z.string().min(1).default('127.0.0.1'),
  VOUCH_HTTP_PORT: port.default(8080),
  VOUCH_GRPC_PORT: port.default(50_051),
  VOUCH_TRUST_PROXY: z.stringbool().default(false),
  DATABASE_URL: z.string().min(1),
  KAFKA_BROKERS: z.string().min(1),
  VOUCH_KEY_FILE: z.string().min(1).default('.vouch/keys.json'),
  VOUCH_CATALOGUE_DIR: z.string().min(1).optional(),
  VOUCH_CATALOGUE_LOOK_MS: z.coerce.number().int().min(100).default(2_000),
  VOUCH_ISSUER: z.url(),
  VOUCH_AUDIENCE: z.string().min(1).default('vouch'),
  VOUCH_JWKS_URI: z.url().optional(),
  VOUCH_USERINFO_URI: z.url().optional(),
  VOUCH_CONSENT_ADDRESS: address.default('127.0.0.1:50071'),
  VOUCH_REDEMPTION_ADDRESS: address.default('127.0.0.1:50072'),
  VOUCH_AUDIT_ADDRESS: address.default('127.0.0.1:50073'),
  VOUCH_MAX_IN_FLIGHT: count.default(MOST_UNDER_WAY),
  VOUCH_PERSON_REQUESTS_PER_SECOND: count.default(100),
  VOUCH_FAILED_SIGN_INS_PER_MINUTE: count.default(300),
  VOUCH_GIVE_UP_AFTER_HOURS: z.coerce.number().positive().default(72),
  VOUCH_INSTANCES: count.default(1),
  VOUCH_MAX_PENDING: count.default(MOST_PENDING),
  VOUCH_MAX_WATCHES: count.default(MOST_WATCHES),
  VOUCH_MAX_WATCHES_PER_CLIENT: count.default(MOST_WATCHES_OF_A_CLIENT),
  VOUCH_INSTANCE_ID: z.string().min(1).optional(),
  VOUCH_NOTICE_MS: z.coerce.number().int().min(0).max(600_000).default(0),
  VOUCH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  VOUCH_LOG_PRETTY: z.stringbool().default(false),
  VOUCH_TRACE_DIR: z.string().min(1).optional(),
});

/** Reads the environment. Throws one error that names every variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): LookupConfig {
  const read = environment.extend(providerVariables(env)).safeParse(env);
  if (!read.success) throw new Error(`The configuration has faults:\n${z.prettifyError(read.error)}`);
  const values = read.data;
  return {
    listen: {
      http: `${values.VOUCH_BIND_HOST}:${values.VOUCH_HTTP_PORT}`,
      grpc: `${values.VOUCH_BIND_HOST}:${values.VOUCH_GRPC_PORT}`,
    },
    trustProxy: values.VOUCH_TRUST_PROXY,
    databaseUrl: values.DATABASE_URL,
    kafkaBrokers: values.KAFKA_BROKERS,
    keyFile: values.VOUCH_KEY_FILE,
    catalogueDir: values.VOUCH_CATALOGUE_DIR,
    lookAtCatalogueEveryMs: values.VOUCH_CATALOGUE_LOOK_MS,
    providerAddresses: toProviderAddresses(values),
    addresses: {
      consent: values.VOUCH_CONSENT_ADDRESS,
      redemption: values.VOUCH_REDEMPTION_ADDRESS,
      audit: values.VOUCH_AUDIT_ADDRESS,
    },
    issuer: { url: values.VOUCH_ISSUER, jwksUri: values.VOUCH_JWKS_URI, userInfoUri: values.VOUCH_USERINFO_URI },
    audience: values.VOUCH_AUDIENCE,
    maxInFlight: values.VOUCH_MAX_IN_FLIGHT,
    personRequestsPerSecond: values.VOUCH_PERSON_REQUESTS_PER_SECOND,
    failedSignInsPerMinute: values.VOUCH_FAILED_SIGN_INS_PER_MINUTE,
    instances: values.VOUCH_INSTANCES,
    giveUpAfterMs: values.VOUCH_GIVE_UP_AFTER_HOURS * 3_600_000,
    maxPending: values.VOUCH_MAX_PENDING,
    maxWatches: values.VOUCH_MAX_WATCHES,
    maxWatchesPerClient: values.VOUCH_MAX_WATCHES_PER_CLIENT,
    instanceId: values.VOUCH_INSTANCE_ID,
    noticeMs: values.VOUCH_NOTICE_MS,
    telemetry: {
      serviceName: 'lookup',
      logLevel: values.VOUCH_LOG_LEVEL,
      prettyLogs: values.VOUCH_LOG_PRETTY,
      traceDir: values.VOUCH_TRACE_DIR,
    },
  };
}
