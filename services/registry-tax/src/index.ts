export type { TaxConfig } from './config.js';
export {
  createTaxAdapter,
  type Overrides,
  startTaxRegistry,
} from './service.js';
