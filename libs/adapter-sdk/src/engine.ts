import type { Answer, Query } from '@vouch/proto/evidence/v1/evidence';
import type { Logger, Tracer } from '@vouch/telemetry';
import type { Adapter } from './adapter.js';
import { Asked } from './asked.js';
import { fault } from './finding.js';
import type { Intercept } from './interception.js';
import { createLane, type Lane } from './lane.js';
import { createQueryReader } from './read-query.js';

/** What an engine needs. */
export interface EngineOptions {
  readonly adapter: Adapter;
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Most queries under way; one more is answered `overloaded`. */
  readonly maxInFlight: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What a mock does to queries. */
  readonly intercept?: Intercept;
}

/** Takes an answer; undefined when the query ended without one. Called once per query, never after `cancel`. */
export type Deliver = (query: Query, answer: Answer | undefined) => void;

/** A query under way. */
export interface Ticket {
  /** Nobody waits any more: the query's signal aborts and nothing is delivered. */
  cancel(): void;
}

/** What was counted since the start. */
interface Counts {
  readonly queries: number;
  readonly findings: number;
  readonly faulted: number;
}

/** Answers queries, however they came. */
export interface Engine {
  /** Starts the queries of one batch and returns a ticket for each; answers come one by one, some before this returns. */
  submit(queries: readonly Query[], deliver: Deliver): Ticket[];
  /** From now on new queries are answered `provider_draining`. */
  stop(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  readonly counts: Counts;
}

/** How often queries that ran out of time are looked for. Their answers are checked to the millisecond anyway. */
const SWEEP_MS = 20;

/**
 * The part of the SDK that is the same over unary calls and streams: reads queries, keeps deadlines and leases, hands
 * batches to checks within the parallelism of each claim type, and turns what they return into answers.
 */
export function createEngine(options: EngineOptions): Engine {
  const { adapter, tracer, logger, maxInFlight, now, intercept } = options;
  const reader = createQueryReader(adapter);
  const lanes = new Map<string, Lane>();
  for (const [key, definition] of Object.entries(adapter.claimTypes)) {
    const name = `${adapter.agency}.${key}`;
    lanes.set(
      name,
      createLane({
        name,
        definition,
        largestBatch: adapter.largestBatch ?? 256,
        logger,
      }),
    );
  }
  const underWay = new Set<Asked>();
  const counts = { queries: 0, findings: 0, faulted: 0 };
  let stopped = false;
  let sweeper: NodeJS.Timeout | undefined;
  let whenIdle: (() => void)[] = [];

  function sweep(): void {
    const at = now();
    for (const asked of underWay) {
      if (at > asked.deadline) asked.settle(fault('deadline_exceeded'));
    }
  }

  function ended(asked: Asked, answer: Answer | undefined): void {
    underWay.delete(asked);
    if (answer?.result?.$case === 'finding') counts.findings += 1;
    else if (answer) counts.faulted += 1;
    if (underWay.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
    const waiting = whenIdle;
    whenIdle = [];
    for (const resolve of waiting) resolve();
  }

  function start(query: Query, deliver: Deliver): Asked {
    counts.queries += 1;
    const claimType = reader.claimTypeOf(query);
    const asked = new Asked({
      query,
      claimType,
      agency: adapter.agency,
      tracer,
      logger,
      now,
      deliver,
      ended,
    });
    const full = underWay.size >= maxInFlight;
    underWay.add(asked);
    sweeper ??= setInterval(sweep, SWEEP_MS).unref();

    if (stopped) asked.settle(fault('provider_draining'));
    else if (full) asked.settle(fault('overloaded', { retryAfterMs: 100 }));
    else if (asked.leaseOver) asked.settle(fault('lease_ended'));
    else if (query.remainingMs === 0) asked.settle(fault('deadline_exceeded'));
    else {
      const reading = reader.read(query, claimType);
      if (typeof reading === 'string') asked.settle(fault(reading));
      else asked.reading = reading;
    }
    return asked;
  }

  /** Hands a readable query to its lane, at once or when the mock says so. Returns the lane to pump. */
  function dispatch(asked: Asked): Lane | undefined {
    const lane = asked.claimType && lanes.get(asked.claimType.name);
    if (!lane) return undefined;
    const interception = intercept?.();
    if (!interception) {
      lane.push(asked);
      return lane;
    }
    asked.interception = interception;
    if (interception.hang) return undefined;
    const go = (): void => {
      if (interception.fault) asked.settle(interception.fault);
      else {
        lane.push(asked);
        lane.pump();
      }
    };
    if (interception.delayMs > 0) asked.timer = setTimeout(go, interception.delayMs);
    else go();
    return undefined;
  }

  return {
    submit(queries, deliver) {
      const touched = new Set<Lane>();
      const tickets = queries.map((query) => {
        const asked = start(query, deliver);
        const lane = asked.reading && !asked.settled ? dispatch(asked) : undefined;
        if (lane) touched.add(lane);
        return asked;
      });
      for (const lane of touched) lane.pump();
      return tickets;
    },
    stop() {
      stopped = true;
    },
    idle() {
      return underWay.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve));
    },
    get counts() {
      return { ...counts };
    },
  };
}
