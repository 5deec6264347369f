import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import type { Store } from '@vouch/store';
import { type Logger, readTraceparent, type TraceContext, type Tracer } from '@vouch/telemetry';
import { backOffMs } from './back-off.js';
import { createBell } from './bell.js';
import type { EventBus } from './bus.js';
import type { BusMessage } from './event.js';
import { createLeases } from './leases.js';
import type { OutboxTables } from './outbox.js';
import { anyWaiting, deletePublished, readWaiting } from './outbox-rows.js';
import { SLOTS } from './slot.js';

/** What a relay needs. */
export interface RelayOptions<T extends OutboxTables> {
  readonly store: Store<T>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Whose outbox this is, such as `/vouch/lookup`; for logs and spans. */
  readonly source: string;
  /**
   * Name of this relay, unique among those that run on the same outbox; random unless given. With a name that stays the same over
   * restarts it takes up its slots at once after a crash instead of waiting for its old leases to end; a fixed one serves where the database
   * belongs to one process alone.
   */
  readonly instanceId?: string;
  /** Most rows of the outbox read at once, over all slots; 256 unless said. */
  readonly maxBatch?: number;
  /** How long a slot stays with a relay that no longer answers, milliseconds; 6000 unless said. */
  readonly leaseMs?: number;
}

/** Brings the outbox to the bus. Closing it lets the batch under way finish and hands its slots back. */
export interface Relay extends AsyncDisposable {
  /** Call after a commit that wrote to the outbox; without it events wait for the next look, a second at most. */
  wake(): void;
  /** Resolves when the outbox is empty, whoever emptied it. For tests and draining. */
  idle(): Promise<void>;
}

// Relays that cut the keys into other slots share the work among themselves.
const SCOPE = `outbox/${SLOTS}`;

const LOOK_EVERY_MS = 1_000;
const LOOK_JITTER_MS = 200;
const FULL_ENOUGH = 512;
const PATIENCE_MS = 100;
const LOOK_WHEN_AWAITED_MS = 100;
const CLOSE_WITHIN_MS = 5_000;
const LONGEST_BACK_OFF_MS = 5_000;
const MOST_LINKS = 64;

/**
 * Starts a relay; any number may run on one outbox.
 *
 * Why first occurrences of a key stay in order, with several relays, one of them paused and resumed at any point:
 * 1. All rows with events of a key are in one slot. They get ids in the order of its sequence numbers and become visible in it, since its lock
 *    is held until the commit; within a row the events are in that order.
 * 2. A relay reads, in one snapshot, the rows of a slot that still wait, from the lowest id on. So whatever is missing before a row
 *    that it read has been deleted, and it was deleted because it had been published, with all its events.
 * 3. It publishes the events in the order of the rows, and of each row in the row's, and, when that fails, begins again at the lowest row's
 *    first.
 * 4. It deletes only rows of which the bus has acknowledged every event.
 * So when any relay publishes an event, every earlier event of the key has been published before, by whomever. Leases are not part of the
 * argument; they only keep relays from doing the same work twice. And since nothing is skipped by a cursor, a row that is committed
 * late, with a lower id than those already sent, is simply still there.
 */
export function startRelay<T extends OutboxTables>(options: RelayOptions<T>): Relay {
  const { bus, tracer, logger, source, instanceId = randomUUID(), maxBatch = 256, leaseMs } = options;
  const store = options.store as unknown as Store<OutboxTables>;
  const items = Array.from({ length: SLOTS }, (_, slot) => String(slot));
  const leases = createLeases({ store, prefix: 'outbox', scope: SCOPE, items, owner: instanceId, leaseMs });
  const bell = createBell();
  let stopping = false;
  let failures = 0;
  let awaited: (() => void)[] = [];
  let renewing: Promise<void> | undefined;

  /** One batch; how many events it had. */
  async function pass(): Promise<number> {
    if (leases.held().length === 0 || performance.now() >= leases.renewAt) await renew(true);
    const slots = leases.held().map(Number);
    const rows = await readWaiting(store, slots, maxBatch);
    if (rows.length === 0) {
      if (awaited.length > 0 && !(await anyWaiting(store))) settle();
      return 0;
    }
    const messages = rows.flatMap((row) => row.events);
    await publish(messages);
    await deletePublished(store, rows);
    return messages.length;
  }

  async function publish(messages: readonly BusMessage[]): Promise<void> {
    const links = tracesOf(messages);
    const span = links.length === 0 ? undefined : tracer.startSpan('relay batch', { links, attributes: { 'vouch.source': source } });
    // A publish may take longer than a lease; slots are renewed meanwhile, but none is given up in the middle of a batch.
    const keepAlive = setInterval(() => void renew(false).catch(() => undefined), 1_000);
    try {
      await bus.publish(messages);
      span?.set({ 'messaging.batch.message_count': messages.length });
    } catch (failure) {
      span?.fail(fromUnknown(failure).code);
      throw failure;
    } finally {
      clearInterval(keepAlive);
      span?.end();
    }
  }

  async function renew(share: boolean): Promise<void> {
    if (!share && performance.now() < leases.renewAt) return;
    await renewing;
    renewing = leases.renew(share);
    try {
      await renewing;
    } finally {
      renewing = undefined;
    }
  }

  function settle(): void {
    for (const resolve of awaited) resolve();
    awaited = [];
  }

  /** Until the next look, or until the leases want to be renewed. */
  function restMs(): number {
    const look = awaited.length > 0 ? LOOK_WHEN_AWAITED_MS : LOOK_EVERY_MS + Math.random() * LOOK_JITTER_MS;
    return Math.min(look, Math.max(0, leases.renewAt - performance.now()));
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      try {
        const sent = await pass();
        if (failures > 0) logger.info({ source, failures }, 'events are being published again');
        failures = 0;
        if (sent === 0 && !stopping) await bell.sleep(restMs());
        // A first event leaves at once; behind it, a little patience makes batches out of a stream of small ones.
        else if (sent < FULL_ENOUGH && !stopping) await delay(PATIENCE_MS);
      } catch (failure) {
        failures += 1;
        if (failures === 1 || failures % 20 === 0) logger.warn({ source, failures, err: failure }, 'events cannot be published and wait');
        if (!stopping) await bell.sleep(backOffMs(failures, LONGEST_BACK_OFF_MS));
      }
    }
  }

  const running = loop();
  return {
    wake: () => {
      // While the bus is down, new events must not shorten the back-off.
      if (failures === 0) bell.ring();
    },
    idle: () => {
      const empty = new Promise<void>((resolve) => awaited.push(resolve));
      bell.ring();
      return empty;
    },
    async [Symbol.asyncDispose]() {
      stopping = true;
      bell.ring();
      // A batch that the bus neither takes nor refuses is left behind: others may send it again.
      await Promise.race([running, delay(CLOSE_WITHIN_MS, undefined, { ref: false })]);
      await leases.release().catch((failure: unknown) => logger.warn({ source, err: failure }, 'slots of the outbox were not handed back'));
    },
  };
}

/** Traces that a batch serves, as far as they are recorded. */
function tracesOf(messages: readonly BusMessage[]): TraceContext[] {
  const traces = new Map<string, TraceContext>();
  for (const { traceparent } of messages) {
    const trace = readTraceparent(traceparent);
    if (trace?.sampled) traces.set(trace.traceId, trace);
    if (traces.size === MOST_LINKS) break;
  }
  return [...traces.values()];
}
