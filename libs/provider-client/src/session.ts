import type { Answer, EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import type { Port } from '@vouch/rpc';
import type { Tracer } from '@vouch/telemetry';
import type { Holder, PendingQuery } from './pending-query.js';

/** A provider as a port. */
export type ProviderPort = Port<EvidenceProviderService>;

/** Why a session takes no more queries. */
export type Retirement =
  /** The provider announced that it ends the stream. */
  | 'draining'
  /** The connection is gone, or a call failed as if it were. */
  | 'ended'
  /** The provider answered something that was never asked. */
  | 'malformed'
  /** We were told to retire it. */
  | 'retired';

/** One way of sending queries to a provider, for as long as it lasts. */
export interface Session extends Holder {
  /** Queries sent and not answered. */
  readonly inFlight: number;
  /** Whether it has brought an answer. */
  readonly useful: boolean;
  /** There is something to send, or room for it again. */
  wake(): void;
  /** Takes no more queries; ends when those sent are answered or dropped. */
  retire(): void;
  /** Ends now; queries sent are given back as lost. */
  close(): void;
}

/** What a session needs from the client that it works for. */
export interface SessionHost {
  /** Up to so many queries to send; they are then the session's. */
  take(most: number): PendingQuery[];
  /** An answer for a query came. Returns whether it shows that the agency answers: that it timed out does not. */
  answered(pending: PendingQuery, answer: Answer): boolean;
  /** A query was sent and nobody waits for its answer any more. `heardSince`: the agency has answered others after it was sent. */
  unanswered(pending: PendingQuery, heardSince: boolean): void;
  /** Queries whose answer can no longer come; `failed`: a call was refused as a whole, for a reason other than the connection. */
  lost(pending: readonly PendingQuery[], why: 'ended' | 'malformed' | 'failed'): void;
  /** The session takes no more; called once. `failure`: what the transport said, if anything. */
  retired(session: Session, why: Retirement, failure?: unknown): void;
}

/** What the provider offers, within our own limits. */
export interface SessionSettings {
  readonly agency: string;
  readonly port: ProviderPort;
  readonly tracer: Tracer;
  readonly maxBatch: number;
  readonly initialWindow: number;
  readonly maxCalls: number;
}
