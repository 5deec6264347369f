/** A finished span as a line of a span file. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for a trace's first span. */
  readonly parentSpanId?: string;
  /** Spans of other traces that this work was for. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly name: string;
  readonly kind: 'internal' | 'client' | 'server' | 'producer' | 'consumer';
  /** Service whose process made it. */
  readonly service: string;
  /** Part of the code that made it. */
  readonly scope: string;
  /** Milliseconds since 1970, fractions included. */
  readonly startMs: number;
  /** Milliseconds since 1970, fractions included. */
  readonly endMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}
