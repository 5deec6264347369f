export type { HousingConfig } from './config.js';
export {
  createHousingAdapter,
  type Overrides,
  startHousingRegistry,
} from './service.js';
