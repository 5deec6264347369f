export { type Batch, type BatchClient, type BatchUpload, createBatchClient, type RowFormat } from './batches.js';
export {
  type CreateOptions,
  type Credentials,
  createPersonClient,
  createPlatformClient,
  type Endpoint,
  type PersonClient,
  type PlatformClient,
  type ReadOptions,
} from './clients.js';
export type { EdgeAddress } from './edges.js';
export { type Answer, createTokenSource, type Problem, ProblemError, type TokenSource } from './http.js';
export type {
  Access,
  AccessSubject,
  Claim,
  ClaimResult,
  Consent,
  ConsentPart,
  ConsentRequest,
  ExplainedCategory,
  Explanation,
  ExplanationLine,
  Subject,
  Verification,
  VerificationRequest,
} from './messages.js';
export type { Watched, WatchOptions } from './watch.js';
