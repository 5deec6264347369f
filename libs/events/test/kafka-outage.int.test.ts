import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createResources, type Resources } from '@vouch/lifecycle';
import { findFreePort, freshDatabase, MissingPartError, startKafka } from '@vouch/local';
import { openPostgres } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { EventBus } from '../src/bus.js';
import type { ReceivedEvent } from '../src/event.js';
import { createKafkaBus } from '../src/kafka/kafka-bus.js';
import { startRelay } from '../src/relay.js';
import type { TopicSpec } from '../src/topics.js';
import { firstOccurrences, newMessage, newTopic, until, upTo } from './event-makers.js';
import { change, openWriter } from './writer.js';

const sharedBrokers = inject('kafkaBrokers');
const serverUrl = inject('databaseUrl');
const parts = { tracer: silentTracer, logger: silentLogger };

let resources: Resources;
beforeEach(() => {
  resources = createResources();
});
afterEach(() => resources[Symbol.asyncDispose]());

const openBus = (brokers: string, topics: readonly TopicSpec[]) =>
  resources.use(createKafkaBus({ brokers, clientId: 'test', topics, ...parts }));

async function collect(bus: EventBus, [topic, letters]: readonly [TopicSpec, TopicSpec]): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  const deadLetter = { topic: letters.name };
  const handle = async (batch: readonly ReceivedEvent[]) => void events.push(...batch);
  resources.use(await bus.subscribe({ group: `group-${crypto.randomUUID()}`, topics: [topic.name], deadLetter, handle }));
  return events;
}

describe('without a broker', () => {
  test('says that it is not ready, and takes no event for sent', async () => {
    const topic = newTopic();
    const bus = openBus(`127.0.0.1:${await findFreePort()}`, [topic]);
    await expect(bus.ready()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(bus.publish([newMessage(topic.name, 'k', 1)])).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('does not wait for ever for one that never answers', async () => {
    const topic = newTopic();
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    resources.defer(() => silent.close());
    const bus = openBus(`127.0.0.1:${(silent.address() as { port: number }).port}`, [topic]);
    await expect(bus.ready()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(bus.publish([newMessage(topic.name, 'k', 1)])).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe.skipIf(sharedBrokers === undefined || serverUrl === undefined)('with a broker that fails', () => {
  const ownKafka = async (port?: number) => {
    try {
      return resources.use(await startKafka({ port }));
    } catch (failure) {
      // The shared broker came from elsewhere, and this machine cannot start one to kill.
      if (failure instanceof MissingPartError) return undefined;
      throw failure;
    }
  };

  test('starts without Kafka and goes on when it comes', { timeout: 120_000 }, async ({ skip }) => {
    const topics = [newTopic(), newTopic(1)] as const;
    const port = await findFreePort();
    const bus = openBus(`127.0.0.1:${port}`, topics);
    const events = await collect(bus, topics);
    await expect(bus.ready()).rejects.toMatchObject({ code: 'unavailable' });
    if (!(await ownKafka(port))) return skip();
    await until(() =>
      bus.publish([newMessage(topics[0].name, 'k', 1)]).then(
        () => true,
        () => false,
      ),
    );
    await until(() => events.length > 0);
    await bus.ready();
  });

  test('loses nothing and leaves no gap when the broker is killed under load', { timeout: 180_000 }, async ({ skip }) => {
    const kafka = await ownKafka();
    if (!kafka) return skip();
    const topics = [newTopic(6), newTopic(1)] as const;
    const [topic] = topics;
    const fresh = resources.use(await freshDatabase(serverUrl as string, 'outage'));
    const database = resources.use(await openPostgres({ url: fresh.url, logger: silentLogger }));
    const store = await openWriter(database);
    const bus = openBus(kafka.brokers, topics);
    const events = await collect(bus, topics);
    const relay = resources.use(startRelay({ store, bus, source: '/vouch/test', maxBatch: 200, ...parts }));
    const keys = upTo(40).map((n) => `key-${n}`);

    let rounds = 0;
    let writing = true;
    const load = (async () => {
      while (writing) {
        await change(store, topic.name, keys);
        rounds += 1;
        relay.wake();
      }
    })();
    for (const _ of upTo(2)) {
      const seen = events.length;
      await until(() => events.length > seen + 500);
      await kafka.kill9();
      const written = rounds;
      await until(() => rounds > written + 20);
      await kafka.restart();
    }
    const seen = events.length;
    await until(() => events.length > seen + 500);
    writing = false;
    await load;
    await relay.idle();
    await until(() => [...firstOccurrences(events).values()].every((numbers) => numbers.length === rounds));
    for (const key of keys) expect(firstOccurrences(events).get(key), key).toEqual(upTo(rounds));
  });

  test('makes duplicates only when a relay is killed between publishing and deleting', async () => {
    const topics = [newTopic(2), newTopic(1)] as const;
    const [topic] = topics;
    const fresh = resources.use(await freshDatabase(serverUrl as string, 'killed'));
    const database = resources.use(await openPostgres({ url: fresh.url, logger: silentLogger }));
    const store = await openWriter(database);
    const keys = upTo(10).map((n) => `key-${n}`);
    for (const _ of upTo(5)) await change(store, topic.name, keys);

    const options = { databaseUrl: fresh.url, brokers: sharedBrokers, topic, instanceId: 'relay-1' };
    const killed = startProcess(new URL('./relay-process.mjs', import.meta.url), options);
    expect(await firstLine(killed)).toBe('published 50');
    const ended = once(killed, 'exit');
    killed.kill('SIGKILL');
    await ended;
    for (const _ of upTo(2)) await change(store, topic.name, keys);

    const bus = openBus(sharedBrokers as string, topics);
    const events = await collect(bus, topics);
    await resources.use(startRelay({ store, bus, source: '/vouch/test', instanceId: 'relay-1', ...parts })).idle();
    await until(() => events.length === 50 + 70);
    for (const key of keys) expect(firstOccurrences(events).get(key), key).toEqual(upTo(7));
  });
});

function startProcess(file: URL, options: object): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(file), JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  resources.defer(() => child.kill('SIGKILL'));
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0] ?? '';
}
