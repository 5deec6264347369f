export type { PoliceConfig } from './config.js';
export {
  createPoliceAdapter,
  type Overrides,
  startPoliceRegistry,
} from './service.js';
