import { TerminalError } from '@vouch/errors';
import { createKafkaBus, type EventBus } from '@vouch/events';
import { createResources } from '@vouch/lifecycle';
import { AuditServiceService } from '@vouch/proto/audit/v1/audit';
import { type Port, served, startGrpcServer } from '@vouch/rpc';
import { type Database, openPostgres } from '@vouch/store';
import { startTelemetry, type Telemetry } from '@vouch/telemetry';
import { createAuditApi } from './api.js';
import type { AuditConfig } from './config.js';
import { startConsumer } from './consumers.js';
import { migrations } from './migrations/index.js';
import { startSweeper } from './sweeper.js';
import type { AuditTables } from './tables.js';

/** What another process part may share with the audit service. */
export interface AuditOverrides {
  readonly database?: Database;
  readonly bus?: EventBus;
  readonly telemetry?: Telemetry;
}

/** The running audit service. */
export interface RunningAudit extends AsyncDisposable {
  readonly audit: Port<typeof AuditServiceService>;
  /** `host:port` as really bound; absent without a listener. */
  readonly address?: string;
  /** Resolves when it can do its work; rejects with `unavailable`. */
  ready(): Promise<void>;
}

/** Starts the audit service. */
export async function startAudit(config: AuditConfig, overrides: AuditOverrides = {}): Promise<RunningAudit> {
  await using resources = createResources();
  // What it needs.
  const telemetry = overrides.telemetry ?? resources.use(startTelemetry(config.telemetry));
  const { logger } = telemetry;
  const tracer = telemetry.tracer('@vouch/audit');
  const database = overrides.database ?? resources.use(await openPostgres({ url: required(config.databaseUrl, 'databaseUrl'), logger }));
  const brokers = () => required(config.kafkaBrokers, 'kafkaBrokers');
  const bus = overrides.bus ?? resources.use(createKafkaBus({ brokers: brokers(), clientId: 'audit', tracer, logger }));
  const store = await database.store<AuditTables>('audit', migrations);

  // What it does.
  const { retentionDays = 1095, sweepEveryMs = 5000 } = config;
  resources.use(startSweeper({ store, logger, retentionDays, everyMs: sweepEveryMs }));
  resources.use(await startConsumer({ store, bus, logger }));

  // How the world reaches it.
  const audit = createAuditApi(store);
  const services = [served(AuditServiceService, audit)];
  const server = config.listen && resources.use(await startGrpcServer({ address: config.listen, services, tracer, logger }));
  const open = resources.move();
  return {
    audit,
    ...(server && { address: server.address }),
    ready: async () => {
      await Promise.all([database.ping(), bus.ready()]);
    },
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TerminalError('internal', { cause: new Error(`${name} is neither configured nor passed`) });
  return value;
}
