import type { VouchError } from '@vouch/errors';
import type { Attributes, Span } from '@vouch/telemetry';
import { statusOf } from './grpc-errors.js';
import type { MethodDefinition } from './port.js';

/** Metadata that carries CallContext.caller. */
export const CALLER = 'vouch-caller';
/** W3C Trace Context. */
export const TRACEPARENT = 'traceparent';

/** Milliseconds for a unary call without a deadline. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** Bytes of the largest message unless said. */
export const DEFAULT_MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** A method with what is worth computing once. */
export interface Method extends MethodDefinition {
  /** Key in the definition and the port. */
  readonly key: string;
  /** `package.Service`. */
  readonly service: string;
  /** `package.Service/Method`, by semantic conventions. */
  readonly spanName: string;
  readonly attributes: Attributes;
}

/** A definition's methods. */
export function toMethods(definition: { readonly [key: string]: MethodDefinition }, system: 'grpc' | 'in-process'): Method[] {
  return Object.entries(definition).map(([key, method]) => {
    const spanName = method.path.slice(1);
    const [service = '', name = ''] = spanName.split('/');
    return { ...method, key, service, spanName, attributes: { 'rpc.system': system, 'rpc.service': service, 'rpc.method': name } };
  });
}

/** Ends a call's span. */
export function endSpan(span: Span, error?: VouchError): void {
  if (error && span.recording) {
    span.set({ 'rpc.grpc.status_code': statusOf(error.code) });
    span.fail(error.code);
  }
  span.end();
}
