import type { TraceContext } from '@vouch/telemetry';

/** One method as ts-proto's generated grpc-js definition declares it. */
export interface MethodDefinition {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each method has its own message type; Port<> recovers it from these functions.
  readonly requestSerialize: (message: any) => Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly requestDeserialize: (bytes: Buffer) => any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly responseSerialize: (message: any) => Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly responseDeserialize: (bytes: Buffer) => any;
}

/** A service as ts-proto's generated `<Name>Service` constant declares it. */
export type ServiceDefinition = { readonly [method: string]: MethodDefinition };

/** What travels with a call beside its message, on both sides. */
export interface CallContext {
  /**
   * Caller: abort to give up; the call then rejects with the signal's reason.
   * Implementation: aborts when nobody waits any more (caller gave up, went away, or the deadline has passed).
   */
  readonly signal: AbortSignal;
  /** Last instant at which an answer is of use. */
  readonly deadline?: Date;
  /** Opaque name of the calling service: a label for logs, no proof of who calls. */
  readonly caller?: string;
  /** Trace that the call belongs to. */
  readonly trace?: TraceContext;
  /** Text metadata by lower-case name. Implementation: all that came. Caller: what is to be added. */
  readonly metadata?: Readonly<Record<string, string>>;
}

type RequestOf<M extends MethodDefinition> = ReturnType<M['requestDeserialize']>;
type ResponseOf<M extends MethodDefinition> = ReturnType<M['responseDeserialize']>;

/** One method of a port. */
export type PortMethod<M extends MethodDefinition> = M['requestStream'] extends true
  ? M['responseStream'] extends true
    ? (requests: AsyncIterable<RequestOf<M>>, call: CallContext) => AsyncIterable<ResponseOf<M>>
    : (requests: AsyncIterable<RequestOf<M>>, call: CallContext) => Promise<ResponseOf<M>>
  : M['responseStream'] extends true
    ? (request: RequestOf<M>, call: CallContext) => AsyncIterable<ResponseOf<M>>
    : (request: RequestOf<M>, call: CallContext) => Promise<ResponseOf<M>>;

/**
 * A service as promises and async iterables: what implementations are and what callers hold, whether the two are in one process or not.
 * `type ConsentPort = Port<typeof ConsentServiceService>`. Methods reject with VouchError, or with the signal's reason when the caller aborts.
 */
export type Port<D extends ServiceDefinition> = { readonly [M in keyof D]: PortMethod<D[M]> };
