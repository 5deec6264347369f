import type { TelemetryConfig } from '@vouch/telemetry';
import { z } from 'zod';

/** What the audit service needs to know. */
export interface AuditConfig {
  /** `host:port` of the listener; absent: none is opened, the port is used in this process. */
  readonly listen?: string;
  /** PostgreSQL, unless a database is passed. */
  readonly databaseUrl?: string;
  /** Kafka, unless a bus is passed. */
  readonly kafkaBrokers?: string;
  /** Days that payloads, pseudonyms and the access log are kept; 1095 unless said. */
  readonly retentionDays?: number;
  /** Pause between two sweeps, milliseconds; 5000 unless said. */
  readonly sweepEveryMs?: number;
  readonly telemetry: TelemetryConfig;
}

const environment = z.object({
  VOUCH_BIND_HOST: z.string().min(1).default('127.0.0.1'),
  VOUCH_AUDIT_PORT: z.coerce.number().int().min(0).max(65_535).default(50_073),
  DATABASE_URL: z.string().min(1),
  KAFKA_BROKERS: z.string().min(1),
  VOUCH_AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(1095),
  VOUCH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  VOUCH_LOG_PRETTY: z.stringbool().default(false),
  VOUCH_TRACE_DIR: z.string().min(1).optional(),
});

/** Reads the environment. Throws one error that names every variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): AuditConfig {
  const read = environment.safeParse(env);
  if (!read.success) throw new Error(`The configuration has faults:\n${z.prettifyError(read.error)}`);
  const values = read.data;
  return {
    listen: `${values.VOUCH_BIND_HOST}:${values.VOUCH_AUDIT_PORT}`,
    databaseUrl: values.DATABASE_URL,
    kafkaBrokers: values.KAFKA_BROKERS,
    retentionDays: values.VOUCH_AUDIT_RETENTION_DAYS,
    telemetry: {
      serviceName: 'audit',
      logLevel: values.VOUCH_LOG_LEVEL,
      prettyLogs: values.VOUCH_LOG_PRETTY,
      traceDir: values.VOUCH_TRACE_DIR,
    },
  };
}
