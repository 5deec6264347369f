import { randomUUID } from 'node:crypto';
import type { Answer, CheckStreamRequest } from '@vouch/proto/evidence/v1/evidence';
import type { Span } from '@vouch/telemetry';
import { startBatchSpan } from './batch-span.js';
import type { PendingQuery } from './pending-query.js';
import type { Retirement, Session, SessionHost, SessionSettings } from './session.js';

/**
 * One CheckStream. The transport pulls the next batch when it has taken the last one, so a batch holds whatever came up meanwhile; and
 * at most one batch is made per turn of the event loop, so that calls made in one turn share it. No timer is involved.
 */
export function openStreamSession(host: SessionHost, settings: SessionSettings): Session {
  const { agency, port, tracer, maxBatch } = settings;
  const gone = new AbortController();
  const inFlight = new Map<string, PendingQuery>();
  const idOf = new Map<PendingQuery, string>();
  const prefix = `${randomUUID()}-`;
  let sent = 0;
  let cancelled: string[] = [];
  let window = Math.max(1, settings.initialWindow);
  let useful = false;
  let heardAt = 0;
  let accepting = true;
  let ended = false;

  // Between a wake and the pull that it allows lies one turn of the event loop.
  let turnTaken = false;
  let goOn: (() => void) | undefined;
  const wake = (): void => {
    if (turnTaken) return;
    turnTaken = true;
    setImmediate(() => {
      turnTaken = false;
      goOn?.();
    });
  };

  function nextRequest(): { request: CheckStreamRequest; batch: readonly PendingQuery[] } | undefined {
    const room = Math.min(window - inFlight.size, maxBatch);
    const batch = accepting && room > 0 ? host.take(room) : [];
    if (batch.length === 0 && cancelled.length === 0) return undefined;
    const now = Date.now();
    const queries = batch.map((pending) => {
      const id = `${prefix}${++sent}`;
      inFlight.set(id, pending);
      idOf.set(pending, id);
      return pending.send(id, session, now);
    });
    const cancelledQueryIds = cancelled;
    cancelled = [];
    return { request: { queries, cancelledQueryIds }, batch };
  }

  async function* requests(): AsyncGenerator<CheckStreamRequest> {
    let span: Span | undefined;
    try {
      while (!ended) {
        if (!turnTaken) {
          const next = nextRequest();
          if (next) {
            wake();
            span = next.batch.length > 0 ? startBatchSpan(tracer, agency, next.batch) : undefined;
            yield next.request;
            span?.end();
            continue;
          }
        }
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
    } finally {
      span?.end();
    }
  }

  async function receive(): Promise<void> {
    try {
      for await (const response of port.checkStream(requests(), { signal: gone.signal })) {
        if (response.window > 0) window = response.window;
        if (!response.answers.every(receiveAnswer)) {
          end('malformed');
          return;
        }
        if (response.draining) stopAccepting('draining');
        if (accepting) wake();
        else endWhenIdle();
      }
      end('ended');
    } catch (failure) {
      end('ended', failure);
    }
  }

  /** False when the answer is for nothing that was ever asked here. */
  function receiveAnswer(answer: Answer): boolean {
    const pending = inFlight.get(answer.queryId);
    if (pending) {
      forget(pending);
      useful = true;
      if (host.answered(pending, answer)) heardAt = Date.now();
      return true;
    }
    // A late answer to a query that was dropped, or a second one, does no harm.
    const number = answer.queryId.startsWith(prefix) ? Number(answer.queryId.slice(prefix.length)) : 0;
    return number >= 1 && number <= sent;
  }

  function forget(pending: PendingQuery): string | undefined {
    const id = idOf.get(pending);
    if (id === undefined) return undefined;
    idOf.delete(pending);
    inFlight.delete(id);
    return id;
  }

  function stopAccepting(why: Retirement, failure?: unknown): void {
    if (!accepting) return;
    accepting = false;
    host.retired(session, why, failure);
  }

  function endWhenIdle(): void {
    if (!accepting && inFlight.size === 0) end('ended');
  }

  function end(why: 'ended' | 'malformed', failure?: unknown): void {
    if (ended) return;
    ended = true;
    const lost = [...inFlight.values()];
    inFlight.clear();
    idOf.clear();
    goOn?.();
    gone.abort();
    host.lost(lost, why);
    stopAccepting(why, failure);
  }

  const session: Session = {
    get inFlight() {
      return inFlight.size;
    },
    get useful() {
      return useful;
    },
    wake,
    dropped(pending) {
      const id = forget(pending);
      if (id === undefined) return;
      host.unanswered(pending, heardAt >= (pending.sentAt ?? 0));
      cancelled.push(id);
      wake();
      endWhenIdle();
    },
    retire() {
      stopAccepting('retired');
      endWhenIdle();
    },
    close() {
      end('ended');
    },
  };
  // A moment later, so that the host knows the session before it hears from it.
  queueMicrotask(() => void receive());
  return session;
}
