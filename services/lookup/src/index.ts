export { type LookupConfig, readConfig } from './config.js';
export { migrations } from './keeping/migrations/index.js';
export type { Ports } from './ports.js';
export type { Readiness } from './readiness.js';
export { type LookupOverrides, type RunningLookup, startLookup } from './service.js';
