import { setTimeout as pause } from 'node:timers/promises';
import { type Edges, isLost } from './edges.js';
import { readEvents } from './events.js';
import { type Problem, ProblemError, type TokenSource } from './http.js';
import type { Verification } from './messages.js';

/** How a verification is followed. */
export interface WatchOptions {
  /** Sequence of the last state that was seen; it is left out. */
  readonly after?: number;
  /** Ends the following. */
  readonly signal?: AbortSignal;
}

/** One committed state. */
export interface Watched {
  /** From 1, counted up by each commit; the same as in the verification's event. */
  readonly sequence: number;
  readonly verification: Verification;
}

const RECONNECT_MS = 2_000;
// By status: the request did not arrive in time, too many streams just now, or a part is away.
const PASSING = new Set([408, 429, 503]);

/**
 * Follows a verification until it ends. Connects again, after the last state that arrived, when the connection is lost, the service stops
 * or the token runs out; throws ProblemError when it may not be followed, or is gone.
 */
export async function* watchVerification(
  edges: Edges,
  token: TokenSource,
  id: string,
  { after = 0, signal }: WatchOptions,
): AsyncGenerator<Watched, void> {
  const path = `/v1/verifications/${encodeURIComponent(id)}/events`;
  for (let seen = after; ; ) {
    let waitMs = RECONNECT_MS;
    try {
      const headers = { authorization: `Bearer ${await token()}`, accept: 'text/event-stream', 'last-event-id': String(seen) };
      const answer = await edges.reach((base) => fetch(new URL(path, base), { headers, signal: signal ?? null }));
      if (answer.status === 204) return;
      if (!answer.ok || !answer.body) throw await toProblemError(answer);
      for await (const { event, id: at, data } of readEvents(answer.body)) {
        if (event === 'verification') {
          const verification = JSON.parse(data) as Verification;
          seen = Number(at);
          yield { sequence: seen, verification };
          if (verification.status !== 'pending') return;
        } else if (event === 'gone' || event === 'problem') throw new ProblemError(JSON.parse(data) as Problem);
      }
    } catch (failure) {
      signal?.throwIfAborted();
      if (!isPassing(failure)) throw failure;
      if (failure instanceof ProblemError && failure.retryAfter !== undefined) waitMs = failure.retryAfter * 1_000;
    }
    await pause(waitMs, undefined, signal ? { signal } : {});
  }
}

async function toProblemError(answer: Response): Promise<ProblemError> {
  return new ProblemError((await answer.json()) as Problem, Number(answer.headers.get('retry-after')) || undefined);
}

// A token that has run out is replaced by the source.
const isPassing = (failure: unknown): boolean =>
  failure instanceof ProblemError ? PASSING.has(failure.problem.status) || failure.problem.code === 'token_expired' : isLost(failure);
