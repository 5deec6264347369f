export type { DayCount, DayCounts } from './day-count.js';
export { PROVIDER_FAULTS, type ProviderFault } from './faults.js';
export { createPace } from './pace.js';
export { createProviderClient, DEFAULT_LIMITS } from './provider-client.js';
export {
  createProviderClients,
  type KnownCatalogue,
  type KnownProvider,
  type ProviderClients,
  type ProviderClientsOptions,
} from './provider-clients.js';
export type {
  CheckCall,
  ClaimAnswer,
  ClaimFault,
  ClaimFinding,
  ClaimQuery,
  ExpectedClaimType,
  Priority,
  ProviderClient,
  ProviderClientOptions,
  ProviderLimits,
  ProviderState,
} from './types.js';
