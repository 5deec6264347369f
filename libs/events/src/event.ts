import type { TraceContext } from '@vouch/telemetry';

/** An event as a service writes it, in the transaction that made it true. Holds no personal data in clear. */
export interface EventDraft {
  /** UUID; a new UUIDv7 unless given. */
  readonly id?: string;
  /** One of TOPICS. */
  readonly topic: string;
  /** Aggregate whose events stay in order. */
  readonly key: string;
  /** Gapless per topic and key, from 1, given under the aggregate's lock. */
  readonly sequence: number;
  /** CloudEvents type, one of EVENT_TYPES. */
  readonly type: string;
  /** CloudEvents source, one of SOURCES. */
  readonly source: string;
  /** When it happened. */
  readonly time: Date;
  /** proto3 JSON object, as `toJSON` of the generated message gives it. */
  readonly payload: unknown;
  /** Trace that made it happen. */
  readonly trace?: TraceContext;
}

/** An event on its way to the bus, and as it waits in the outbox: in JSON. */
export interface BusMessage {
  /** UUID. */
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly sequence: number;
  readonly type: string;
  readonly source: string;
  /** ISO 8601 in UTC, as `toISOString` gives it. */
  readonly time: string;
  /** The payload, already JSON text. */
  readonly json: string;
  /** W3C traceparent of what made it happen. */
  readonly traceparent?: string | undefined;
}

/** An event as a consumer gets it. */
export interface ReceivedEvent<T = unknown> {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition; a decimal number, since it may be larger than a safe integer. */
  readonly offset: string;
  readonly key: string;
  /** Gapless per topic and key, from 1. */
  readonly sequence: number;
  readonly type: string;
  readonly source: string;
  readonly time: Date;
  /** What `decode` made of the payload; the parsed JSON when there is no `decode`. */
  readonly payload: T;
  /** The consumer's own span, when the event's trace is sampled; parent of what the handler does. */
  readonly trace?: TraceContext | undefined;
}
