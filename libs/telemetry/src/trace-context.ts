import { randomFillSync } from 'node:crypto';

/** Where in which trace something happens. Passed as an argument, never through AsyncLocalStorage. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/**
 * Reads a W3C `traceparent` (Trace Context level 1, §3.2). Whatever breaks the grammar gives undefined, as if absent:
 * upper case, all-zero ids, version ff, trailing text in version 00.
 */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined || header.length < 55 || header.length > 512) return undefined;
  const parts = TRACEPARENT.exec(header);
  if (!parts) return undefined;
  const [, version, traceId, spanId, flags, rest] = parts as unknown as [string, string, string, string, string, string | undefined];
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The `traceparent` of a context, version 00. */
export function toTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

// Ids come out of a pool: one system call per 256 trace ids instead of one each.
const pool = Buffer.alloc(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString('hex', used, used + bytes);
  used += bytes;
  return hex;
}

/** A fresh trace id. */
export function createTraceId(): string {
  const id = randomHex(16);
  return id === NO_TRACE ? createTraceId() : id;
}

/** A fresh span id. */
export function createSpanId(): string {
  const id = randomHex(8);
  return id === NO_SPAN ? createSpanId() : id;
}
