import { RetryableError } from '@vouch/errors';
import type { Logger, Tracer } from '@vouch/telemetry';
import type { Admin } from 'kafkajs';
import type { EventBus } from '../bus.js';
import { createDelivery } from '../delivery.js';
import { publishMessages } from '../publish.js';
import { EVENT_TOPICS, type TopicSpec, toSpecMap } from '../topics.js';
import { within } from '../within.js';
import { createKafkaClient, type KafkaSecurity } from './client.js';
import { createKafkaProducer } from './producer.js';
import { startKafkaSubscription } from './subscription.js';
import { ensureKafkaTopics } from './topics.js';

/** Where Kafka is. */
export interface KafkaBusOptions {
  /** `host:port`, several separated by commas or as a list. */
  readonly brokers: string | readonly string[];
  /** Name of the service, as brokers see it. */
  readonly clientId: string;
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Topics that exist on this bus; all of Vouch's unless said. */
  readonly topics?: readonly TopicSpec[];
  /** Copies of each new topic; as many as there are brokers, three at most, unless said. */
  readonly replicationFactor?: number;
  readonly security?: KafkaSecurity;
}

const READY_WITHIN_MS = 4_000;
const ENSURE_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 3_000;

/** Events on Kafka. Connects when it is first needed, and again whenever it has to: a service starts without Kafka, too. */
export function createKafkaBus(options: KafkaBusOptions): EventBus {
  const { clientId, tracer, logger, topics = EVENT_TOPICS, replicationFactor, security } = options;
  const brokers = typeof options.brokers === 'string' ? options.brokers.split(',').map((broker) => broker.trim()) : options.brokers;
  const kafka = createKafkaClient(brokers, clientId, security, logger);
  const specs = toSpecMap(topics);
  const producer = createKafkaProducer(kafka, logger);
  const subscriptions = new Set<AsyncDisposable>();
  let ensured: Promise<void> | undefined;
  let closed = false;

  async function withAdmin<T>(ms: number, what: string, work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = kafka.admin();
    const working = (async () => {
      await admin.connect();
      return work(admin);
    })();
    try {
      return await within(ms, what, working);
    } catch (failure) {
      throw failure instanceof RetryableError ? failure : new RetryableError('unavailable', { cause: failure });
    } finally {
      const leave = () => admin.disconnect().catch(() => undefined);
      void working.then(leave, leave);
    }
  }

  function ensureTopics(): Promise<void> {
    ensured ??= withAdmin(ENSURE_WITHIN_MS, 'Creating topics', (admin) =>
      ensureKafkaTopics(admin, topics, replicationFactor, logger),
    ).catch((failure) => {
      ensured = undefined;
      throw failure;
    });
    return ensured;
  }

  const append = (records: Parameters<typeof producer.send>[0]) => producer.send(records);

  return {
    async publish(messages) {
      if (messages.length === 0) return;
      await ensureTopics();
      await publishMessages(messages, specs, tracer, 'kafka', append);
    },
    async subscribe(wanted) {
      for (const topic of [...wanted.topics, wanted.deadLetter.topic])
        if (!specs.has(topic)) throw new Error(`Nobody declared the topic ${topic}`);
      if (closed) throw new Error('The bus is closed');
      const { group, topics: names, patienceMs } = wanted;
      const delivery = createDelivery(wanted, { tracer, logger, system: 'kafka', append });
      const started = startKafkaSubscription({ kafka, group, topics: names, delivery, patienceMs, ensureTopics, logger });
      const subscription: AsyncDisposable = {
        async [Symbol.asyncDispose]() {
          subscriptions.delete(subscription);
          await started[Symbol.asyncDispose]();
        },
      };
      subscriptions.add(subscription);
      return subscription;
    },
    async ready() {
      await within(READY_WITHIN_MS, 'Reaching Kafka', ensureTopics());
      await withAdmin(READY_WITHIN_MS, 'Reaching Kafka', (admin) => admin.describeCluster());
    },
    ensureTopics,
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([...subscriptions].map((subscription) => subscription[Symbol.asyncDispose]()));
      await producer[Symbol.asyncDispose]();
      if (ensured) await within(CLOSE_WITHIN_MS, 'Creating topics', ensured).catch(() => undefined);
    },
  };
}
