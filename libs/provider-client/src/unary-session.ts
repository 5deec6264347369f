import { randomUUID } from 'node:crypto';
import { VouchError } from '@vouch/errors';
import type { CheckResponse } from '@vouch/proto/evidence/v1/evidence';
import type { Span } from '@vouch/telemetry';
import { startBatchSpan } from './batch-span.js';
import type { PendingQuery } from './pending-query.js';
import type { Retirement, Session, SessionHost, SessionSettings } from './session.js';

interface Call {
  readonly pendingById: Map<string, PendingQuery>;
  readonly gone: AbortController;
}

interface Place {
  readonly call: Call;
  readonly id: string;
}

/** Unary batches, for a provider without streams: a few calls at a time, each with whatever waits when it starts. */
export function openUnarySession(host: SessionHost, settings: SessionSettings): Session {
  const { agency, port, tracer, maxBatch, maxCalls } = settings;
  const calls = new Set<Call>();
  const places = new Map<PendingQuery, Place>();
  let useful = false;
  let heardAt = 0;
  let accepting = true;
  let turnTaken = false;

  function wake(): void {
    if (turnTaken || !accepting) return;
    turnTaken = true;
    setImmediate(() => {
      turnTaken = false;
      while (accepting && calls.size < maxCalls) {
        const batch = host.take(maxBatch);
        if (batch.length === 0) return;
        void send(batch);
      }
    });
  }

  async function send(batch: readonly PendingQuery[]): Promise<void> {
    const now = Date.now();
    const call: Call = { pendingById: new Map(), gone: new AbortController() };
    calls.add(call);
    const queries = batch.map((pending) => {
      const id = randomUUID();
      call.pendingById.set(id, pending);
      places.set(pending, { call, id });
      return pending.send(id, session, now);
    });
    const span = startBatchSpan(tracer, agency, batch);
    const deadline = new Date(Math.max(...batch.map(({ expires }) => expires)));
    try {
      settle(call, await port.check({ queries }, { signal: call.gone.signal, deadline }));
    } catch (failure) {
      fail(call, failure, span);
    } finally {
      span?.end();
      calls.delete(call);
      wake();
    }
  }

  function settle(call: Call, response: CheckResponse): void {
    for (const answer of response.answers) {
      const pending = call.pendingById.get(answer.queryId);
      if (!pending) continue;
      forget(pending);
      useful = true;
      if (host.answered(pending, answer)) heardAt = Date.now();
    }
    // One answer per query is the contract: what is left was answered under a wrong id, or not at all.
    lose(call, 'malformed');
  }

  function fail(call: Call, failure: unknown, span: Span | undefined): void {
    const code = failure instanceof VouchError ? failure.code : 'internal';
    if (call.pendingById.size === 0) return;
    span?.fail(code);
    if (code !== 'unavailable' && code !== 'deadline_exceeded') {
      lose(call, 'failed');
      return;
    }
    lose(call, 'ended');
    stopAccepting('ended', failure);
  }

  function lose(call: Call, why: 'ended' | 'malformed' | 'failed'): void {
    const lost = [...call.pendingById.values()];
    for (const pending of lost) forget(pending);
    if (lost.length > 0) host.lost(lost, why);
  }

  function forget(pending: PendingQuery): Call | undefined {
    const place = places.get(pending);
    places.delete(pending);
    place?.call.pendingById.delete(place.id);
    return place?.call;
  }

  function stopAccepting(why: Retirement, failure?: unknown): void {
    if (!accepting) return;
    accepting = false;
    host.retired(session, why, failure);
  }

  const session: Session = {
    get inFlight() {
      return places.size;
    },
    get useful() {
      return useful;
    },
    wake,
    dropped(pending) {
      const call = forget(pending);
      if (!call) return;
      host.unanswered(pending, heardAt >= (pending.sentAt ?? 0));
      if (call.pendingById.size === 0) call.gone.abort();
    },
    retire() {
      stopAccepting('retired');
    },
    close() {
      stopAccepting('ended');
      for (const call of calls) {
        lose(call, 'ended');
        call.gone.abort();
      }
    },
  };
  return session;
}
