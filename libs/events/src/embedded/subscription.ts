import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import { backOffMs } from '../back-off.js';
import { type Bell, createBell } from '../bell.js';
import type { Delivery } from '../delivery.js';
import type { PlacedRecord } from '../envelope.js';
import { createLeases } from '../leases.js';
import { within } from '../within.js';
import { ensureCursors, moveCursor, type Place, readNext } from './log.js';
import type { EventTables } from './tables.js';

/** What a subscription on the embedded log needs. */
export interface EmbeddedSubscriptionParts {
  /** Opens the log; rejects while the database is out of reach. */
  readonly open: () => Promise<{ store: Store<EventTables>; partitions: ReadonlyMap<string, number> }>;
  readonly group: string;
  readonly topics: readonly string[];
  readonly delivery: Delivery;
  readonly patienceMs?: number | undefined;
  /** Name of this member of the group. */
  readonly member: string;
  readonly logger: Logger;
}

/** A running subscription. */
export interface EmbeddedSubscription extends AsyncDisposable {
  /** Rung when something has been published. */
  readonly bell: Bell;
}

const LOOK_EVERY_MS = 1_000;
const LOOK_JITTER_MS = 200;
const LONGEST_BACK_OFF_MS = 5_000;
const CLOSE_WITHIN_MS = 5_000;
const MOST_PER_READ = 200;

/** Reads the log for one member of a group: the partitions it leases, each by itself, so that a slow one does not hold up the others. */
export function startEmbeddedSubscription(parts: EmbeddedSubscriptionParts): EmbeddedSubscription {
  const { group, topics, delivery, patienceMs, member, logger } = parts;
  const closing = new AbortController();
  const bell = createBell();
  const busy = new Map<string, Promise<void>>();
  const pausedUntil = new Map<string, number>();
  let failures = 0;

  async function join() {
    const { store, partitions } = await parts.open();
    const shares = [];
    for (const topic of topics) {
      const count = partitions.get(topic) ?? 0;
      await ensureCursors(store.db, group, topic, count);
      const scope = `${group}/${topic}`;
      const items = Array.from({ length: count }, (_, partition) => String(partition));
      shares.push({ topic, scope, leases: createLeases({ store, prefix: 'group', scope, items, owner: member }) });
    }
    return { store, shares };
  }
  type Joined = Awaited<ReturnType<typeof join>>;

  function readyPlaces({ shares }: Joined): Place[] {
    const now = performance.now();
    return shares
      .flatMap(({ topic, leases }) => leases.held().map((item) => ({ topic, partition: Number(item) })))
      .filter((place) => !busy.has(keyOf(place)) && (pausedUntil.get(keyOf(place)) ?? 0) <= now);
  }

  async function deliver({ store, shares }: Joined, place: Place, records: readonly PlacedRecord[]): Promise<void> {
    const key = keyOf(place);
    const share = shares.find(({ topic }) => topic === place.topic);
    const lost = new AbortController();
    try {
      const { pauseMs } = await delivery.deliver(records, {
        signal: AbortSignal.any([closing.signal, lost.signal]),
        progress: async (done) => {
          const last = records[done - 1];
          if (!last || !share) return;
          if (!(await moveCursor(store.db, group, place, last.offset, share.scope, member))) lost.abort();
        },
      });
      if (pauseMs === undefined) pausedUntil.delete(key);
      else pausedUntil.set(key, performance.now() + pauseMs);
    } catch (failure) {
      // The cursor did not move: the same events come again, which the handler puts up with.
      pausedUntil.set(key, performance.now() + backOffMs(1));
      logger.warn({ group, ...place, err: failure }, 'how far a partition was read was not noted and is tried again');
    }
  }

  /** Starts what can be started; how long to sleep then, milliseconds. */
  async function pass(joined: Joined): Promise<number> {
    for (const { leases } of joined.shares) if (performance.now() >= leases.renewAt) await leases.renew(true);
    const found = await readNext(joined.store.db, group, readyPlaces(joined), MOST_PER_READ);
    for (const [key, records] of found) {
      const [first] = records;
      if (!first) continue;
      busy.set(
        key,
        deliver(joined, { topic: first.topic, partition: first.partition }, records).finally(() => {
          busy.delete(key);
          bell.ring();
        }),
      );
    }
    const now = performance.now();
    const renewals = joined.shares.map(({ leases }) => Math.max(0, leases.renewAt - now));
    const ends = [...pausedUntil.values()].filter((until) => until > now).map((until) => until - now);
    return Math.min(...renewals, ...ends, LOOK_EVERY_MS + Math.random() * LOOK_JITTER_MS);
  }

  async function loop(): Promise<void> {
    let joined: Joined | undefined;
    while (!closing.signal.aborted) {
      try {
        joined ??= await join();
        const restMs = await pass(joined);
        failures = 0;
        if (!closing.signal.aborted) await bell.sleep(restMs);
        if (patienceMs !== undefined) await delay(patienceMs, undefined, { signal: closing.signal }).catch(() => undefined);
      } catch (failure) {
        failures += 1;
        if (failures === 1 || failures % 20 === 0) logger.warn({ group, failures, err: failure }, 'events cannot be consumed and wait');
        if (!closing.signal.aborted) await bell.sleep(backOffMs(failures, LONGEST_BACK_OFF_MS));
      }
    }
    await within(CLOSE_WITHIN_MS, 'The last batch', Promise.all(busy.values())).catch(() => undefined);
    for (const { leases } of joined?.shares ?? []) await leases.release().catch(() => undefined);
  }

  const running = loop();
  return {
    bell,
    async [Symbol.asyncDispose]() {
      closing.abort();
      bell.ring();
      await running;
    },
  };
}

const keyOf = (place: Place): string => `${place.topic}/${place.partition}`;
