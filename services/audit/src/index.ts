export { type AuditConfig, readConfig } from './config.js';
export { digestOf, type Leaf, type LeafSource, toLeaf } from './leaf.js';
export { migrations } from './migrations/index.js';
export { type AuditOverrides, type RunningAudit, startAudit } from './service.js';
