import { RetryableError } from '@vouch/errors';
import type { Answer, CheckStreamRequest, CheckStreamResponse, Query } from '@vouch/proto/evidence/v1/evidence';
import type { Engine, Ticket } from './engine.js';
import { type Fault, fault } from './finding.js';
import { toAnswer, withinLease } from './to-answer.js';
import { createWakeup } from './wakeup.js';

/** Most answers in one message. */
const MOST_ANSWERS = 512;

/** What a stream needs. */
export interface StreamOptions {
  readonly engine: Engine;
  readonly largestBatch: number;
  /** Queries that the hub may have in flight at first. */
  readonly window: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** One CheckStream call. */
export interface CheckStream {
  /** What goes to the hub. Answers that come together travel together; none waits for another. */
  readonly responses: AsyncIterable<CheckStreamResponse>;
  /** Tells the hub how many queries it may have in flight from now on. */
  setWindow(window: number): void;
  /** Tells the hub to send no more, answers what was accepted, then ends. */
  drain(): void;
  /** Ends at once, as if the connection had broken. */
  cut(): void;
}

/** A stream over its two directions. `signal` aborts when the hub is gone. */
export function createCheckStream(requests: AsyncIterable<CheckStreamRequest>, signal: AbortSignal, options: StreamOptions): CheckStream {
  const { engine, largestBatch, now } = options;
  let { window } = options;
  const open = new Map<string, Ticket>();
  let answers: { readonly query: Query; readonly answer: Answer }[] = [];
  let newWindow = 0;
  let draining = false;
  let drainTold = false;
  let requestsEnded = false;
  let cutOff = false;
  const something = createWakeup();
  const room = createWakeup();

  const owed = (): number => open.size + answers.length;

  function refuse(query: Query, reason: Fault): void {
    answers.push({ query, answer: toAnswer(query.id, reason, {}, () => {}) });
    something.notify();
  }

  function deliver(query: Query, answer: Answer | undefined): void {
    open.delete(query.id);
    if (answer) answers.push({ query, answer });
    something.notify();
    room.notify();
  }

  function accept(queries: readonly Query[]): void {
    const wanted: Query[] = [];
    const ids = new Set<string>();
    for (const query of queries) {
      if (draining) refuse(query, fault('provider_draining'));
      else if (queries.length > largestBatch) refuse(query, fault('batch_too_large'));
      else if (open.has(query.id) || ids.has(query.id)) refuse(query, fault('query_id_repeated'));
      else {
        ids.add(query.id);
        wanted.push(query);
      }
    }
    const done = new Set<string>();
    const tickets = engine.submit(wanted, (query, answer) => {
      done.add(query.id);
      deliver(query, answer);
    });
    // Some are answered before their ticket exists.
    for (const [index, query] of wanted.entries()) {
      const ticket = tickets[index];
      if (ticket && !done.has(query.id)) open.set(query.id, ticket);
    }
  }

  async function read(): Promise<void> {
    for await (const message of requests) {
      for (const id of message.cancelledQueryIds) {
        open.get(id)?.cancel();
        open.delete(id);
      }
      accept(message.queries);
      something.notify();
      // A hub that overruns its window is not read until there is room: the transport then holds it back.
      while (owed() > window && !over()) await room.wait();
    }
  }

  const over = (): boolean => cutOff || signal.aborted;
  const finished = (): boolean => (requestsEnded || drainTold) && open.size === 0 && answers.length === 0;
  const hasNews = (): boolean => answers.length > 0 || newWindow > 0 || (draining && !drainTold);

  function wakeBoth(): void {
    something.notify();
    room.notify();
  }

  function next(): CheckStreamResponse {
    const at = now();
    // A hub that reads slowly keeps answers waiting here; their leases go on running.
    const sent = answers.slice(0, MOST_ANSWERS).map(({ query, answer }) => withinLease(answer, query, at));
    const response = { answers: sent, window: newWindow, draining: draining && !drainTold };
    answers = answers.slice(MOST_ANSWERS);
    newWindow = 0;
    drainTold = draining;
    room.notify();
    return response;
  }

  async function* respond(): AsyncGenerator<CheckStreamResponse, void, undefined> {
    signal.addEventListener('abort', wakeBoth, { once: true });
    // A broken request side ends like a finished one: what was accepted is still answered while the hub listens.
    void read()
      .catch(() => {})
      .finally(() => {
        requestsEnded = true;
        something.notify();
      });
    try {
      for (;;) {
        while (!hasNews() && !finished() && !over()) await something.wait();
        if (cutOff) throw new RetryableError('unavailable');
        if (signal.aborted) return;
        if (hasNews()) yield next();
        else return;
      }
    } finally {
      cutOff = true;
      wakeBoth();
      signal.removeEventListener('abort', wakeBoth);
      for (const ticket of open.values()) ticket.cancel();
      open.clear();
    }
  }

  return {
    responses: respond(),
    setWindow(next) {
      if (next === window) return;
      window = next;
      newWindow = next;
      something.notify();
    },
    drain() {
      draining = true;
      something.notify();
    },
    cut() {
      cutOff = true;
      wakeBoth();
    },
  };
}
