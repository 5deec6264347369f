export {
  type Adapter,
  type CheckContext,
  type CheckResults,
  type ClaimQuery,
  type ClaimTypeDefinition,
  defineAdapter,
  type Involves,
  type Person,
  type PersonsOf,
  type Routing,
} from './adapter.js';
export { type DescribedClaimType, describeAdapter } from './describe.js';
export { FAULT_CODES, type FaultCode } from './faults.js';
export {
  type CheckResult,
  type Discloses,
  type DisclosureKind,
  type Fault,
  type Finding,
  fault,
  type Outcome,
} from './finding.js';
export type { MockProfile } from './mock/behaviour.js';
export {
  day,
  monthOrDay,
  regionCode,
  regionOrAddressCode,
} from './parameters.js';
export {
  type AdapterServerOptions,
  type MockOptions,
  type RunningAdapter,
  startAdapter,
} from './start.js';
