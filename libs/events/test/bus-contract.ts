import { randomUUID } from 'node:crypto';
import { RetryableError, TerminalError } from '@vouch/errors';
import { createResources, type Resources } from '@vouch/lifecycle';
import { createSpanId, createTraceId, silentTracer, type Tracer, toTraceparent } from '@vouch/telemetry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeadLetter, EventBus, SubscribeOptions } from '../src/bus.js';
import type { LogRecord } from '../src/envelope.js';
import type { ReceivedEvent } from '../src/event.js';
import type { TopicSpec } from '../src/topics.js';
import { firstOccurrences, newMessage, newTopic, until, upTo } from './event-makers.js';
import { createRecordingTracer } from './recording-tracer.js';

/** An implementation as the suite drives it. */
export interface BusUnderTest {
  /** A bus on the same storage each time. */
  open(topics: readonly TopicSpec[], tracer: Tracer): EventBus;
  /** Stores a record as it is, behind the bus's back. */
  appendRaw(record: LogRecord): Promise<void>;
  /** Headers and value of each record of a topic. */
  readRaw(topic: string): Promise<Pick<LogRecord, 'headers' | 'value' | 'key'>[]>;
}

/** What every event bus does. Each implementation runs this. */
export function busContract(name: string, underTest: () => BusUnderTest): void {
  describe(`the event bus: ${name}`, () => {
    let resources: Resources;
    let topic: TopicSpec;
    let letters: TopicSpec;
    let bus: EventBus;

    const open = (tracer: Tracer = silentTracer) => resources.use(underTest().open([topic, letters], tracer));
    const collect = async (on: EventBus, group: string, more: Partial<SubscribeOptions> = {}) => {
      const events: ReceivedEvent[] = [];
      const subscription = await on.subscribe({
        group,
        topics: [topic.name],
        deadLetter: { topic: letters.name },
        handle: async (batch) => {
          events.push(...batch);
        },
        ...more,
      });
      return { events, subscription: resources.use(subscription) };
    };
    const newGroup = () => `group-${randomUUID()}`;

    beforeEach(() => {
      resources = createResources();
      topic = newTopic(3);
      letters = newTopic(1, 'dead-letter');
      bus = open();
    });
    afterEach(() => resources[Symbol.asyncDispose]());

    test('brings an event as it was published', async () => {
      const { events } = await collect(bus, newGroup());
      const message = newMessage(topic.name, '验证-1', 1, { json: JSON.stringify({ region: '370102', text: 'ü 中' }) });
      await bus.publish([message]);
      await until(() => events.length === 1);
      expect(events[0]).toMatchObject({
        id: message.id,
        topic: topic.name,
        key: '验证-1',
        sequence: 1,
        type: message.type,
        source: message.source,
        time: new Date(message.time),
        payload: { region: '370102', text: 'ü 中' },
      });
      expect(events[0]?.offset).toMatch(/^\d+$/);
    });

    test('stores a CloudEvent 1.0 in binary mode', async () => {
      const traceparent = toTraceparent({ traceId: createTraceId(), spanId: createSpanId(), sampled: false });
      const message = newMessage(topic.name, 'k', 7, { traceparent });
      await bus.publish([message]);
      const [record] = await underTest().readRaw(topic.name);
      expect(record).toMatchObject({ key: 'k', value: Buffer.from(message.json) });
      expect(record?.headers).toEqual({
        ce_specversion: '1.0',
        ce_id: message.id,
        ce_source: '/vouch/test',
        ce_type: 'vouch.test.happened',
        ce_time: '2026-08-31T08:00:00.123Z',
        ce_subject: 'k',
        ce_partitionkey: 'k',
        ce_sequence: '0000000007',
        'content-type': 'application/json',
        traceparent,
      });
    });

    test('keeps the order of each key', async () => {
      const { events } = await collect(bus, newGroup(), { maxBatch: 7 });
      const keys = upTo(20).map((n) => `key-${n}`);
      for (const sequence of upTo(20)) await bus.publish(keys.map((key) => newMessage(topic.name, key, sequence)));
      await until(() => events.length === 400);
      for (const key of keys) expect(events.filter((event) => event.key === key).map((event) => event.sequence)).toEqual(upTo(20));
    });

    test('takes concurrent publishers', async () => {
      const { events } = await collect(bus, newGroup());
      await Promise.all(upTo(30).map((n) => bus.publish(upTo(10).map((sequence) => newMessage(topic.name, `key-${n}`, sequence)))));
      await until(() => events.length === 300);
      for (const numbers of firstOccurrences(events).values()) expect(numbers).toEqual(upTo(10));
    });

    test('splits what is larger than the broker takes at once', async () => {
      const { events } = await collect(bus, newGroup());
      const json = JSON.stringify({ text: 'x'.repeat(200_000) });
      await bus.publish(upTo(12).map((sequence) => newMessage(topic.name, 'large', sequence, { json })));
      await until(() => events.length === 12);
      expect(events.map((event) => event.sequence)).toEqual(upTo(12));
    });

    test('lets events wait for each other where the consumer is patient', async () => {
      let calls = 0;
      const events: number[] = [];
      await collect(bus, newGroup(), {
        patienceMs: 300,
        handle: async (batch) => {
          calls += 1;
          events.push(...batch.map(({ sequence }) => sequence));
        },
      });
      await bus.publish([newMessage(topic.name, 'k', 1)]);
      await until(() => events.length === 1);
      for (const sequence of upTo(20)) await bus.publish([newMessage(topic.name, 'k', sequence + 1)]);
      await until(() => events.length === 21);
      expect(events).toEqual(upTo(21));
      expect(calls).toBeLessThan(15);
    });

    test('brings everything to every group, also what was there before', async () => {
      await bus.publish([newMessage(topic.name, 'k', 1)]);
      const one = await collect(bus, newGroup());
      const other = await collect(bus, newGroup());
      await bus.publish([newMessage(topic.name, 'k', 2)]);
      await until(() => one.events.length === 2 && other.events.length === 2);
      expect(one.events.map((event) => event.sequence)).toEqual([1, 2]);
      expect(other.events.map((event) => event.sequence)).toEqual([1, 2]);
    });

    test('goes on after a restart where the group was', async () => {
      const group = newGroup();
      const before = await collect(bus, group);
      await bus.publish(upTo(5).map((sequence) => newMessage(topic.name, 'k', sequence)));
      await until(() => before.events.length === 5);
      await before.subscription[Symbol.asyncDispose]();
      await bus.publish([newMessage(topic.name, 'k', 6)]);
      await bus[Symbol.asyncDispose]();

      const again = open();
      const after = await collect(again, group);
      await again.publish([newMessage(topic.name, 'k', 7)]);
      await until(() => after.events.some((event) => event.sequence === 7));
      expect(after.events.map((event) => event.sequence)).toEqual([6, 7]);
    });

    test('shares the partitions of a group, and passes them on', async () => {
      const group = newGroup();
      const one = await collect(bus, group);
      const other = await collect(bus, group);
      let sequence = 0;
      const keys = upTo(12).map((n) => `key-${n}`);
      const publish = () => {
        sequence += 1;
        return bus.publish(keys.map((key) => newMessage(topic.name, key, sequence)));
      };
      await until(async () => {
        await publish();
        return one.events.length > 0 && other.events.length > 0;
      });
      await one.subscription[Symbol.asyncDispose]();
      const last = sequence + 1;
      await publish();
      const all = () => firstOccurrences([...one.events, ...other.events]);
      await until(() => keys.every((key) => all().get(key)?.includes(last)));
      await until(() => keys.every((key) => all().get(key)?.length === last));
      for (const key of keys) {
        const numbers = all().get(key) ?? [];
        expect([...numbers].sort((a, b) => a - b)).toEqual(upTo(last));
      }
    });

    test.each([
      ['a retryable error', () => new RetryableError('unavailable')],
      ['a lost connection', () => Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })],
    ])('pauses the partition on %s and skips nothing', async (_, failure) => {
      const blocked = newMessage(topic.name, 'blocked', 1);
      let healthy = false;
      const attempts: number[] = [];
      const { events } = await collect(bus, newGroup(), {
        handle: async (batch, info) => {
          if (!healthy && batch.some((event) => event.key === 'blocked')) {
            attempts.push(info.attempt);
            throw failure();
          }
          events.push(...batch);
        },
      });
      await bus.publish([blocked, newMessage(topic.name, 'blocked', 2)]);
      await until(() => attempts.length === 3);
      // Other partitions go on meanwhile: with so many keys, each partition has some.
      await bus.publish(upTo(30).map((n) => newMessage(topic.name, `free-${n}`, 1)));
      await until(() => events.length > 0);
      expect(events.some((event) => event.key === 'blocked')).toBe(false);
      healthy = true;
      await until(() => events.length === 32);
      expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
      expect(firstOccurrences(events).get('blocked')).toEqual([1, 2]);
      expect(await underTest().readRaw(letters.name)).toEqual([]);
    });

    test('puts aside only the event that fails for good', async () => {
      const told: DeadLetter[] = [];
      const group = newGroup();
      await bus.publish(upTo(6).map((sequence) => newMessage(topic.name, 'k', sequence)));
      const { events } = await collect(bus, group, {
        handle: async (batch) => {
          if (batch.some((event) => event.sequence === 3)) throw new TerminalError('request_invalid', { cause: new Error('secret text') });
          events.push(...batch);
        },
        deadLetter: {
          topic: letters.name,
          onDeadLetter: async (letter) => {
            told.push(letter);
          },
        },
      });
      await until(() => events.length === 5);
      expect(events.map((event) => event.sequence)).toEqual([1, 2, 4, 5, 6]);
      await until(() => told.length === 1);
      expect(told[0]).toMatchObject({ group, topic: topic.name, key: 'k', code: 'request_invalid' });
      const [letter] = await underTest().readRaw(letters.name);
      expect(letter?.value?.toString()).toBe(JSON.stringify({ key: 'k', sequence: 3 }));
      expect(letter?.headers).toMatchObject({
        ce_sequence: '0000000003',
        'dead-letter-code': 'request_invalid',
        'dead-letter-consumer': group,
        'dead-letter-topic': topic.name,
        'dead-letter-partition': String(told[0]?.partition),
        'dead-letter-offset': told[0]?.offset,
      });
      expect(JSON.stringify(letter?.headers)).not.toContain('secret text');
    });

    test('puts aside what cannot be read, and goes on', async () => {
      await bus.publish([newMessage(topic.name, 'k', 1)]);
      await underTest().appendRaw({ topic: topic.name, key: 'k', headers: {}, value: Buffer.from('no event') });
      await bus.publish([newMessage(topic.name, 'k', 2, { json: '{"broken": ' })]);
      await bus.publish([newMessage(topic.name, 'k', 3), newMessage(topic.name, 'k', 4)]);
      const { events } = await collect(bus, newGroup(), {
        decode: (payload) => {
          if ((payload as { sequence: number }).sequence === 3) throw new Error('sequence 3 is not a payload');
          return payload;
        },
      });
      await until(() => events.some((event) => event.sequence === 4));
      expect(events.map((event) => event.sequence)).toEqual([1, 4]);
      await until(async () => (await underTest().readRaw(letters.name)).length === 3);
      const found = await underTest().readRaw(letters.name);
      expect(found.map((letter) => letter.headers['dead-letter-reason'])).toEqual([
        'The record is not a CloudEvent 1.0 in binary mode',
        'The value is not JSON',
        'The payload is not what the event type promises',
      ]);
      expect(found.map((letter) => letter.headers['dead-letter-code'])).toEqual(['undecodable', 'undecodable', 'undecodable']);
      expect(found[0]?.value?.toString()).toBe('no event');
    });

    test('tries again when the dead letter itself cannot be told', async () => {
      let tries = 0;
      await bus.publish([newMessage(topic.name, 'k', 1, { json: 'no JSON' }), newMessage(topic.name, 'k', 2)]);
      const { events } = await collect(bus, newGroup(), {
        deadLetter: {
          topic: letters.name,
          onDeadLetter: async () => {
            tries += 1;
            if (tries < 3) throw new RetryableError('unavailable');
          },
        },
      });
      await until(() => events.length === 1);
      expect(tries).toBe(3);
      expect(events[0]?.sequence).toBe(2);
    });

    test('tries an unclear failure a few times before it puts the event aside', async () => {
      let tries = 0;
      await bus.publish([newMessage(topic.name, 'k', 1), newMessage(topic.name, 'k', 2)]);
      const { events } = await collect(bus, newGroup(), {
        maxBatch: 1,
        handle: async (batch) => {
          if (batch[0]?.sequence === 1) {
            tries += 1;
            throw new TypeError('a bug');
          }
          events.push(...batch);
        },
      });
      await until(() => events.length === 1);
      expect(tries).toBe(5);
      expect((await underTest().readRaw(letters.name)).length).toBe(1);
    });

    test('keeps publisher and consumer in the trace', async () => {
      const tracer = createRecordingTracer();
      const traced = open(tracer);
      const { events } = await collect(traced, newGroup());
      const caller = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
      await traced.publish([
        newMessage(topic.name, 'seen', 1, { traceparent: toTraceparent(caller) }),
        newMessage(topic.name, 'unseen', 1),
      ]);
      await until(() => events.length === 2);
      await until(() => tracer.spans.every((span) => span.ended));
      expect(tracer.spans.map((span) => span.name)).toEqual([`publish ${topic.name}`, `process ${topic.name}`]);
      const [publish, process] = tracer.spans;
      expect(publish?.options).toMatchObject({ kind: 'producer', parent: caller });
      expect(process?.options).toMatchObject({ kind: 'consumer', parent: publish?.context });
      expect(events.find((event) => event.key === 'seen')?.trace).toEqual(process?.context);
      expect(events.find((event) => event.key === 'unseen')?.trace).toBeUndefined();
    });

    test('waits for the handler when it closes', async () => {
      let release = (): void => undefined;
      let finished = false;
      let started = false;
      const { subscription } = await collect(bus, newGroup(), {
        handle: async () => {
          started = true;
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          finished = true;
        },
      });
      await bus.publish([newMessage(topic.name, 'k', 1)]);
      await until(() => started);
      const closed = subscription[Symbol.asyncDispose]();
      release();
      await closed;
      expect(finished).toBe(true);
    });

    test('knows only the topics that were declared', async () => {
      await expect(bus.publish([newMessage('test.nobody', 'k', 1)])).rejects.toThrow('Nobody declared the topic test.nobody');
      await expect(collect(bus, newGroup(), { topics: ['test.nobody'] })).rejects.toThrow('Nobody declared the topic test.nobody');
    });

    test('is ready when it can be reached', async () => {
      await expect(bus.ready()).resolves.toBeUndefined();
      await expect(bus.ensureTopics()).resolves.toBeUndefined();
    });
  });
}
