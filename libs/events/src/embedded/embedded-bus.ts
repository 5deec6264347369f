import { randomUUID } from 'node:crypto';
import type { Database } from '@vouch/store';
import type { Logger, Tracer } from '@vouch/telemetry';
import type { EventBus } from '../bus.js';
import { createDelivery } from '../delivery.js';
import type { LogRecord } from '../envelope.js';
import { publishMessages } from '../publish.js';
import { EVENT_TOPICS, type TopicSpec, toSpecMap } from '../topics.js';
import { within } from '../within.js';
import { appendRecords, ensureCursors, ensurePartitions, forgetGroups, prune } from './log.js';
import { type EmbeddedSubscription, startEmbeddedSubscription } from './subscription.js';
import { type EventTables, eventMigrations } from './tables.js';

/** Where the embedded log lives. */
export interface EmbeddedBusOptions {
  /** The log is in its schema `events`. */
  readonly database: Database;
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Topics that exist on this bus; all of Vouch's unless said. */
  readonly topics?: readonly TopicSpec[];
}

const READY_WITHIN_MS = 4_000;
const PRUNE_EVERY_MS = 10 * 60 * 1000;
const FORGET_GROUPS_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

const members = new Map<string, number>();

/**
 * A name for a member of a group. The embedded database belongs to one process alone, so there the members are counted: after a crash the
 * next process takes the same names and with them the partitions, instead of waiting for the old leases to end.
 */
function nameMember(kind: Database['kind'], group: string): string {
  if (kind === 'postgres') return randomUUID();
  const number = (members.get(group) ?? 0) + 1;
  members.set(group, number);
  return `member-${number}`;
}

/**
 * Events in the store, for machines without Kafka: the same port, order and groups. Events are kept for their topic's retention and until
 * every group has dealt with them; a group that nobody has subscribed for 30 days no longer counts.
 */
export function createEmbeddedBus(options: EmbeddedBusOptions): EventBus {
  const { database, tracer, logger, topics = EVENT_TOPICS } = options;
  const specs = toSpecMap(topics);
  const subscriptions = new Map<
    AsyncDisposable,
    { readonly started: EmbeddedSubscription; readonly group: string; readonly topics: readonly string[] }
  >();
  let opened: ReturnType<typeof openLog> | undefined;
  let pruning: NodeJS.Timeout | undefined;
  let closed = false;

  async function openLog() {
    const store = await database.store<EventTables>('events', eventMigrations);
    const partitions = await ensurePartitions(store, topics);
    pruning ??= setInterval(
      () => void tidy().catch((failure: unknown) => logger.warn({ err: failure }, 'old events were not pruned')),
      PRUNE_EVERY_MS,
    );
    pruning.unref();
    return { store, partitions };
  }

  function open(): ReturnType<typeof openLog> {
    opened ??= openLog().catch((failure) => {
      opened = undefined;
      throw failure;
    });
    return opened;
  }

  async function tidy(): Promise<void> {
    const { store, partitions } = await open();
    for (const { group, topics: names } of subscriptions.values()) {
      for (const topic of names) await ensureCursors(store.db, group, topic, partitions.get(topic) ?? 0);
    }
    const forgotten = await forgetGroups(store.db, FORGET_GROUPS_AFTER_MS);
    if (forgotten.length > 0) logger.warn({ groups: forgotten }, 'consumer groups that nobody uses were forgotten');
    for (const spec of topics) await prune(store.db, spec.name, spec.retentionMs);
  }

  async function append(records: readonly LogRecord[]): Promise<void> {
    const { store, partitions } = await open();
    await appendRecords(store, partitions, records);
    for (const { started } of subscriptions.values()) started.bell.ring();
  }

  return {
    async publish(messages) {
      if (messages.length > 0) await publishMessages(messages, specs, tracer, 'vouch', append);
    },
    async subscribe(wanted) {
      for (const topic of [...wanted.topics, wanted.deadLetter.topic])
        if (!specs.has(topic)) throw new Error(`Nobody declared the topic ${topic}`);
      if (closed) throw new Error('The bus is closed');
      const { group, topics: names, patienceMs } = wanted;
      const delivery = createDelivery(wanted, { tracer, logger, system: 'vouch', append });
      const member = nameMember(database.kind, group);
      const started = startEmbeddedSubscription({ open, group, topics: names, delivery, patienceMs, member, logger });
      const subscription: AsyncDisposable = {
        async [Symbol.asyncDispose]() {
          subscriptions.delete(subscription);
          await started[Symbol.asyncDispose]();
        },
      };
      subscriptions.set(subscription, { started, group, topics: names });
      return subscription;
    },
    async ready() {
      await within(READY_WITHIN_MS, 'Opening the event log', open());
      await within(READY_WITHIN_MS, 'Reaching the event log', database.ping());
    },
    async ensureTopics() {
      await open();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(pruning);
      await Promise.all([...subscriptions.keys()].map((subscription) => subscription[Symbol.asyncDispose]()));
    },
  };
}
