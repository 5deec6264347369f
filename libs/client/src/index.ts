export {
  type CreateOptions,
  type Credentials,
  createPersonClient,
  createPlatformClient,
  type Endpoint,
  type PersonClient,
  type PlatformClient,
} from './clients.js';
export { type Answer, type Problem, ProblemError } from './http.js';
export type {
  Access,
  AccessSubject,
  Claim,
  ClaimResult,
  Consent,
  ConsentPart,
  ConsentRequest,
  Subject,
  Verification,
  VerificationRequest,
} from './messages.js';
export type { Watched, WatchOptions } from './watch.js';
