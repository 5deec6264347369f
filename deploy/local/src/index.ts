export { createNewDatabase as freshDatabase, type NewDatabase as FreshDatabase } from '@vouch/store';
export { type LocalConfig, readLocalConfig } from './config.js';
export { AGENCIES, toServiceProcesses, type Wiring } from './distributed/services.js';
export { createSupervisor, type ServiceProcess, type Supervisor } from './distributed/supervisor.js';
export {
  type FindOptions,
  type FoundKafka,
  type FoundPostgres,
  findKafka,
  findPostgres,
  type PartNotFound,
  type PartSource,
} from './find-parts.js';
export { findFreePort } from './free-port.js';
export { type FreshDataDir, freshDataDir } from './fresh-data-dir.js';
export { type KafkaListener, type KafkaOptions, type LocalKafka, startKafka } from './kafka.js';
export { type KafkaTool, runKafkaTool } from './kafka-tool.js';
export { MissingPartError } from './missing-part.js';
export { NODE_FLAGS } from './node-flags.js';
export { type LocalPostgres, type PostgresServerOptions, startPostgres } from './postgres.js';
