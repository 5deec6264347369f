import { fromUnknown } from '@vouch/errors';
import { type DescribeResponse, EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { keepConnected } from './connection.js';
import { claimKey } from './description.js';
import { toFault } from './faults.js';
import { createHealth } from './health.js';
import { createPace, type Pace } from './pace.js';
import { type Holder, PendingQuery } from './pending-query.js';
import { readAnswer } from './read-answer.js';
import type { SessionHost } from './session.js';
import type {
  CheckCall,
  ClaimFault,
  ClaimQuery,
  ExpectedClaimType,
  ProviderClient,
  ProviderClientOptions,
  ProviderLimits,
} from './types.js';

/** Bounds unless said. */
export const DEFAULT_LIMITS: ProviderLimits = {
  maxQueue: 4096,
  maxInFlight: 1024,
  maxBatch: 256,
  maxUnaryCalls: 4,
  connectTimeoutMs: 2000,
  firstBackoffMs: 100,
  longestBackoffMs: 1500,
  tripAfter: 5,
  silenceMs: 1000,
};

// A query that was sent once and lost with its connection is sent once more, under a new id.
const MOST_ATTEMPTS = 2;
// Faults by which a provider says that the agency behind it did not answer.
const AGENCY_TIMEOUTS: ReadonlySet<string> = new Set(['agency_timeout', 'deadline_exceeded']);

/**
 * The way to one provider, for all lookups of the process: one long-lived stream of batches (or unary batches), a bounded queue, a bulkhead,
 * a circuit breaker. Connects at once and in the background, and goes on trying until it is disposed.
 */
export function createProviderClient(options: ProviderClientOptions): ProviderClient {
  const { id, agency, tracer } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const logger = options.logger.child({ provider: id, agency });
  const expected = new Map(
    options.catalogue?.claimTypes.map((claimType) => [claimKey(claimType.name, claimType.version), claimType.disclosures]),
  );
  // Spans are made here, by query and by batch; one per call of the transport would tell nothing.
  const port = dial(EvidenceProviderService, { address: options.address, tracer: silentTracer, caller: options.caller });
  const closing = new AbortController();
  const queue = new Set<PendingQuery>();
  let described: ReadonlyMap<string, ExpectedClaimType['disclosures']> | undefined;
  let pace: Pace = createPace(0);
  let paceTimer: NodeJS.Timeout | undefined;
  let malformed = 0;

  const health = createHealth({
    tripAfter: limits.tripAfter,
    onTrip: () => connection.session?.retire(),
    onChange(state, before) {
      if (!closing.signal.aborted) logger[state === 'down' ? 'warn' : 'info']({ state, before }, 'provider changed state');
      if (state === 'up') connection.succeeded();
      if (state === 'down') for (const pending of queue) give(pending, unavailable());
    },
  });

  const inQueue: Holder = {
    dropped: (pending) => void queue.delete(pending),
    get lateCode() {
      return pace.waitMs(Date.now()) > 0 ? ('quota_exhausted' as const) : ('agency_timeout' as const);
    },
  };

  function give(pending: PendingQuery, fault: ClaimFault): void {
    queue.delete(pending);
    pending.settle(fault);
  }

  function enqueue(pending: PendingQuery): void {
    pending.holder = inQueue;
    queue.add(pending);
    connection.session?.wake();
  }

  const unavailable = (): ClaimFault => toFault('agency_unavailable', connection.retryAfterMs());

  function refusalOf(query: ClaimQuery, call: CheckCall, now: number): ClaimFault | undefined {
    if (closing.signal.aborted) return toFault('hub_stopping');
    if (call.signal.aborted) return toFault('cancelled');
    if (query.leaseEnd.getTime() <= now) return toFault('lease_ended');
    if (call.deadline.getTime() <= now) return toFault('agency_timeout');
    if (described && !described.has(claimKey(query.claimType, query.claimVersion))) return toFault('claim_type_unsupported');
    if (health.state === 'down') return unavailable();
    if (health.state === 'trial' && queue.size + (connection.session?.inFlight ?? 0) > 0) return unavailable();
    if (queue.size >= limits.maxQueue) return toFault('hub_busy');
    return undefined;
  }

  const host: SessionHost = {
    take(most) {
      const now = Date.now();
      const wanted = Math.min(most, health.state === 'trial' ? 1 : queue.size, limits.maxInFlight - connection.inFlight());
      if (wanted <= 0 || queue.size === 0) return [];
      const granted = pace.take(wanted, now);
      if (granted < wanted) wakeForQuota(now);
      const batch: PendingQuery[] = [];
      for (const pending of queue) {
        if (batch.length >= granted) break;
        queue.delete(pending);
        const refusal = lateRefusalOf(pending, now);
        if (refusal) pending.settle(refusal);
        else batch.push(pending);
      }
      return batch;
    },
    answered(pending, answer) {
      const { claimType, claimVersion, leaseEnd } = pending.query;
      const key = claimKey(claimType, claimVersion);
      const reading = readAnswer(answer, expected.get(key) ?? described?.get(key) ?? {});
      if (!reading.ok) {
        alarm(claimType, reading.malformation);
        health.bad();
        pending.settle(toFault('answer_malformed'));
        return true;
      }
      const lapsed = leaseEnd.getTime() <= Date.now();
      const fault = reading.answer.kind === 'fault' ? reading.answer.code : undefined;
      if (fault === 'provider_draining' && !lapsed) {
        // It crossed the announcement; the next stream takes it.
        host.lost([pending], 'ended');
        return true;
      }
      // An agency that its own provider gives up on, again and again, is down as surely as one that says nothing.
      const timedOut = fault !== undefined && AGENCY_TIMEOUTS.has(fault);
      if (!timedOut) health.good();
      else if (Date.now() - (pending.sentAt ?? 0) >= limits.silenceMs) health.bad();
      // The agency's own `lease_ended` is final for the agency, but the hub can renew a lease.
      pending.settle(lapsed || fault === 'lease_ended' ? toFault('lease_ended') : reading.answer);
      return !timedOut;
    },
    unanswered(pending, heardSince) {
      if (!heardSince && Date.now() - (pending.sentAt ?? 0) >= limits.silenceMs) health.bad();
    },
    lost(pendings, why) {
      if (why === 'malformed') alarm(undefined, 'answer_unasked');
      if (why !== 'ended') health.bad();
      for (const pending of pendings) {
        if (closing.signal.aborted) pending.settle(toFault('hub_stopping'));
        else if (why === 'malformed') pending.settle(toFault('answer_malformed'));
        else if (why === 'failed') pending.settle(toFault('agency_error'));
        else if (health.state === 'down') pending.settle(unavailable());
        else if (pending.attempts >= MOST_ATTEMPTS) pending.settle(toFault('stream_ended'));
        else {
          pending.span.event('asked again');
          enqueue(pending);
        }
      }
    },
    retired(session, why, failure) {
      if (failure !== undefined && !closing.signal.aborted)
        logger.warn({ code: fromUnknown(failure).code }, 'connection to the provider failed');
      connection.retired(session, why);
    },
  };

  function lateRefusalOf({ query, settled }: PendingQuery, now: number): ClaimFault | undefined {
    if (settled) return toFault('cancelled');
    if (query.leaseEnd.getTime() <= now) return toFault('lease_ended');
    return described?.has(claimKey(query.claimType, query.claimVersion)) ? undefined : toFault('claim_type_unsupported');
  }

  function wakeForQuota(now: number): void {
    paceTimer ??= setTimeout(() => {
      paceTimer = undefined;
      connection.session?.wake();
    }, pace.waitMs(now));
  }

  /** One line for the first, then for every hundredth: an agency that answers nonsense does so thousands of times. */
  function alarm(claimType: string | undefined, malformation: string): void {
    if (malformed++ % 100 === 0) logger.error({ claimType, malformation, count: malformed }, 'provider sent a malformed answer');
  }

  const connection = keepConnected({
    options,
    limits,
    port,
    health,
    host,
    closing: closing.signal,
    logger,
    onDescribed(claimTypes, quotaPerSecond) {
      described = claimTypes;
      pace = createPace(quotaPerSecond);
    },
  });

  return {
    id,
    check(query, call) {
      const now = Date.now();
      const span = tracer.startSpan(`evidence ${query.claimType}`, {
        parent: call.trace,
        kind: 'client',
        attributes: {
          'vouch.agency': agency,
          'vouch.provider': id,
          'vouch.claim_type': query.claimType,
          'vouch.region': query.region,
          'vouch.platform': query.platform,
        },
      });
      const refusal = refusalOf(query, call, now);
      if (refusal) {
        span.fail(refusal.code);
        span.end();
        return Promise.resolve(refusal);
      }
      const pending = new PendingQuery(query, span, call, now);
      enqueue(pending);
      return pending.answer;
    },
    describe(): Promise<DescribeResponse> {
      return connection.describe();
    },
    get state() {
      return health.state;
    },
    get healthy() {
      return health.state === 'up' || health.state === 'trial';
    },
    onHealthy: (listener) =>
      health.onHealthy(() => {
        try {
          listener();
        } catch (failure) {
          logger.error({ err: failure }, 'a listener of the provider failed');
        }
      }),
    async [Symbol.asyncDispose]() {
      if (!closing.signal.aborted) closing.abort();
      clearTimeout(paceTimer);
      for (const pending of queue) give(pending, toFault('hub_stopping'));
      await connection[Symbol.asyncDispose]();
      await port[Symbol.asyncDispose]();
    },
  };
}
