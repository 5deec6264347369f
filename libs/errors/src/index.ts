export { type CodeMeaning, ERROR_CODES, type ErrorCode, type GrpcStatusName, isErrorCode, meaningOf } from './codes.js';
export {
  type ErrorOptionsOf,
  fromUnknown,
  type RequestFault,
  RetryableError,
  TerminalError,
  toVouchError,
  VouchError,
} from './vouch-error.js';
