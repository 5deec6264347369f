import { fromUnknown } from '@vouch/errors';
import { type DescribeResponse, EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import { dial } from '@vouch/rpc';
import { type Span, silentTracer } from '@vouch/telemetry';
import { keepConnected } from './connection.js';
import { claimKey, readDescribed } from './description.js';
import { createExpectations } from './expectations.js';
import { toFault } from './faults.js';
import { createHealth } from './health.js';
import { createOpenQuestions, toQuestion } from './open-questions.js';
import { PendingQuery } from './pending-query.js';
import { readAnswer } from './read-answer.js';
import type { SessionHost } from './session.js';
import { createSilence } from './silence.js';
import { createTurnstile } from './turnstile.js';
import type {
  CheckCall,
  ClaimAnswer,
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
  maxWaiters: 64,
  maxInFlight: 1024,
  startInFlight: 128,
  minInFlight: 4,
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
// Silence is not like an agency when it is this many times as long as its answers usually take.
const SILENCE_FACTOR = 4;

/**
 * The way to one provider, for all lookups of the process: one long-lived stream of batches (or unary batches), a bounded queue with a lane
 * for people and one for batches, the agency's quota, a limit in flight that follows what the agency bears, a circuit breaker. Nothing is
 * shared with the clients of other providers. Connects at once and in the background, and goes on trying until it is disposed.
 */
export function createProviderClient(options: ProviderClientOptions): ProviderClient {
  const { id, agency, tracer } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const logger = options.logger.child({ provider: id, agency });
  const expected = createExpectations(() => options.catalogue?.claimTypes ?? []);
  // Spans are made here, by query and by batch; one per call of the transport would tell nothing.
  const port = dial(EvidenceProviderService, { address: options.address, tracer: silentTracer, caller: options.caller });
  const closing = new AbortController();
  const open = createOpenQuestions();
  let described: ReadonlyMap<string, ExpectedClaimType['disclosures']> | undefined;
  let malformed = 0;

  const health = createHealth({
    tripAfter: limits.tripAfter,
    onTrip: () => connection.session?.retire(),
    onChange(state, before) {
      if (!closing.signal.aborted) logger[state === 'down' ? 'warn' : 'info']({ state, before }, 'provider changed state');
      if (state === 'up') connection.succeeded();
      if (state !== 'down') return;
      turnstile.forget(Date.now());
      turnstile.clear(unavailable);
    },
  });

  const silence = createSilence({
    inFlight: () => connection.session?.inFlight ?? 0,
    fewest: limits.tripAfter,
    patienceMs() {
      const { latencyMs } = turnstile;
      return latencyMs === undefined ? undefined : Math.max(limits.silenceMs, SILENCE_FACTOR * latencyMs);
    },
    onSilent: () => health.silent(),
  });

  const turnstile = createTurnstile({
    limits,
    quotaShare: options.quotaShare,
    dayQuota: options.dayQuota,
    inFlight: () => ({ here: connection.session?.inFlight ?? 0, all: connection.inFlight() }),
    onTrial: () => health.state === 'trial',
    refusalOf: ({ query }) => (isDescribed(query) ? undefined : toFault('claim_type_unsupported')),
    wake: () => connection.session?.wake(),
  });

  const isDescribed = ({ claimType, claimVersion }: ClaimQuery): boolean => described?.has(claimKey(claimType, claimVersion)) ?? false;

  const unavailable = (): ClaimFault => toFault('agency_unavailable', connection.retryAfterMs());

  /** Asks, or joins those who are asking the same. */
  function ask(query: ClaimQuery, call: CheckCall, span: Span, now: number): ClaimFault | Promise<ClaimAnswer> {
    const priority = call.priority ?? 'interactive';
    const expires = Math.min(query.leaseEnd.getTime(), call.deadline.getTime());
    const refusal = refusalOf(query, call, now);
    if (refusal) return refusal;
    const question = toQuestion(query);
    const same = open.find(question, expires, now);
    if (same) {
      if (same.waiters >= limits.maxWaiters) return toFault('hub_busy');
      span.event('asked already');
      if (priority === 'interactive' && same.priority === 'batch') turnstile.prefer(same);
      return same.wait(span, call, query.leaseEnd, now);
    }
    const turnedAway = turnstile.refusalOf(priority, expires - now, now);
    if (turnedAway) return turnedAway;
    const pending = new PendingQuery(query, span, priority, now, (over) => open.delete(question, over));
    const answer = pending.wait(span, call, query.leaseEnd, now);
    open.add(question, pending);
    turnstile.add(pending);
    return answer;
  }

  function refusalOf(query: ClaimQuery, call: CheckCall, now: number): ClaimFault | undefined {
    if (closing.signal.aborted) return toFault('hub_stopping');
    if (call.signal.aborted) return toFault('cancelled');
    if (query.leaseEnd.getTime() <= now) return toFault('lease_ended');
    if (call.deadline.getTime() <= now) return toFault('agency_timeout');
    if (described && !isDescribed(query)) return toFault('claim_type_unsupported');
    if (health.state === 'down') return unavailable();
    if (health.state === 'trial' && turnstile.size + (connection.session?.inFlight ?? 0) > 0) return unavailable();
    return undefined;
  }

  const host: SessionHost = {
    take(most) {
      const batch = turnstile.take(most);
      if (batch.length > 0) silence.sent();
      return batch;
    },
    answered(pending, answer) {
      const { claimType, claimVersion } = pending.query;
      const key = claimKey(claimType, claimVersion);
      const reading = readAnswer(answer, expected(key) ?? described?.get(key) ?? {});
      if (!reading.ok) {
        alarm(claimType, reading.malformation);
        health.bad();
        pending.settle(toFault('answer_malformed'));
        return true;
      }
      const now = Date.now();
      const { sentAt = now } = pending;
      const fault = reading.answer.kind === 'fault' ? reading.answer : undefined;
      if (fault?.code === 'provider_draining' && pending.leaseEnd > now) {
        // It crossed the announcement; the next stream takes it.
        host.lost([pending], 'ended');
        return true;
      }
      // An agency that its own provider gives up on, again and again, is down as surely as one that says nothing.
      const timedOut = fault !== undefined && AGENCY_TIMEOUTS.has(fault.code);
      if (!timedOut) health.good();
      else if (now - sentAt >= limits.silenceMs) health.bad();
      if (!timedOut) silence.heard();
      turnstile.answered(sentAt, fault, now);
      // The agency's own `lease_ended` is final for the agency, but the hub can renew a lease.
      pending.answer(fault?.code === 'lease_ended' ? toFault('lease_ended') : reading.answer, now);
      return !timedOut;
    },
    unanswered(pending, heardSince) {
      const now = Date.now();
      const { sentAt = now } = pending;
      turnstile.unanswered(sentAt, now);
      if (!heardSince && now - sentAt >= limits.silenceMs) health.bad();
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
          pending.note('asked again');
          turnstile.add(pending);
        }
      }
    },
    retired(session, why, failure) {
      if (failure !== undefined && !closing.signal.aborted)
        logger.warn({ code: fromUnknown(failure).code }, 'connection to the provider failed');
      connection.retired(session, why);
    },
  };

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
    onDescribed(description) {
      described = readDescribed(description);
      turnstile.declare(description);
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
      const asked = ask(query, call, span, now);
      if (asked instanceof Promise) return asked;
      span.fail(asked.code);
      span.end();
      return Promise.resolve(asked);
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
      turnstile[Symbol.dispose]();
      silence[Symbol.dispose]();
      turnstile.clear(() => toFault('hub_stopping'));
      await connection[Symbol.asyncDispose]();
      await port[Symbol.asyncDispose]();
    },
  };
}
