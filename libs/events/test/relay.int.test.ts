import { RetryableError } from '@vouch/errors';
import { createResources, type Resources } from '@vouch/lifecycle';
import { type FreshDatabase, freshDatabase, freshDataDir } from '@vouch/local';
import { type Database, openEmbedded, openPostgres, type Store } from '@vouch/store';
import { createSpanId, createTraceId, silentLogger, silentTracer, toTraceparent } from '@vouch/telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '../src/outbox.js';
import { type RelayOptions, startRelay } from '../src/relay.js';
import { slotOf } from '../src/slot.js';
import { firstOccurrences, until, upTo } from './event-makers.js';
import { type Arrivals, createArrivals, createGate } from './recording-bus.js';
import { createRecordingTracer } from './recording-tracer.js';
import { change, newDraft, openWriter, type WriterTables, write } from './writer.js';

const serverUrl = inject('databaseUrl');
const TOPIC = 'test.relay';

describe('in the embedded database', () => {
  test('the outbox reaches the bus', async () => {
    await using folder = await freshDataDir();
    await using database = await openEmbedded({ dataDir: folder.dataDir, logger: silentLogger });
    const store = await openWriter(database);
    const arrivals = createArrivals();
    await using relay = startRelay({ store, bus: arrivals.publisher(), tracer: silentTracer, logger: silentLogger, source: '/vouch/test' });
    const keys = upTo(40).map((n) => `key-${n}`);
    for (const _ of upTo(5)) {
      await change(store, TOPIC, keys);
      relay.wake();
    }
    await relay.idle();
    for (const key of keys) expect(firstOccurrences(arrivals.messages).get(key)).toEqual(upTo(5));
    expect(arrivals.messages).toHaveLength(200);
  });
});

describe.skipIf(serverUrl === undefined)('in PostgreSQL', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let store: Store<WriterTables>;
  let arrivals: Arrivals;
  let resources: Resources;

  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl as string, 'relay');
    database = await openPostgres({ url: fresh.url, logger: silentLogger });
    store = await openWriter(database);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    arrivals = createArrivals();
    resources = createResources();
    for (const table of ['outbox', 'aggregate', 'outbox_lease', 'outbox_member'] as const) await store.db.deleteFrom(table).execute();
  });
  afterEach(() => resources[Symbol.asyncDispose]());

  const start = (more: Partial<RelayOptions<WriterTables>> = {}) =>
    resources.use(
      startRelay({ store, bus: arrivals.publisher(), tracer: silentTracer, logger: silentLogger, source: '/vouch/test', ...more }),
    );
  const expectInOrder = (keys: readonly string[], last: number) => {
    const found = firstOccurrences(arrivals.messages);
    for (const key of keys) expect(found.get(key), key).toEqual(upTo(last));
  };
  const slotsOf = async (owner: string) =>
    (await store.db.selectFrom('outbox_lease').select('item').where('owner', '=', owner).execute()).map((row) => Number(row.item));

  test('brings an event whole', async () => {
    const trace = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
    await store.transaction((tx) =>
      write(tx, [newDraft(TOPIC, 'k', 1, { trace, payload: { text: 'ü 中 "quoted" \\ \u0000' } }), newDraft(TOPIC, 'k', 2)]),
    );
    await start().idle();
    const [first, second] = arrivals.messages;
    expect(first).toMatchObject({
      topic: TOPIC,
      key: 'k',
      sequence: 1,
      type: 'vouch.test.happened',
      source: '/vouch/test',
      time: '2026-08-31T08:00:00.123Z',
      traceparent: toTraceparent(trace),
    });
    expect(JSON.parse(first?.json ?? '')).toEqual({ text: 'ü 中 "quoted" \\ \u0000' });
    expect(first?.id).toMatch(/^[0-9a-f-]{14}7/);
    expect(second).not.toHaveProperty('traceparent');
  });

  test('wakes after a commit', async () => {
    const relay = start();
    await relay.idle();
    await change(store, TOPIC, ['k']);
    relay.wake();
    await until(() => arrivals.messages.length === 1);
  });

  test('refuses what could never be published', async () => {
    const attempt = (more: Parameters<typeof newDraft>[3]) => store.transaction((tx) => write(tx, [newDraft(TOPIC, 'k', 1, more)]));
    await expect(attempt({ payload: { text: 'x'.repeat(MAX_PAYLOAD_BYTES) } })).rejects.toMatchObject({ code: 'internal' });
    await expect(attempt({ payload: undefined })).rejects.toMatchObject({ code: 'internal' });
    await expect(attempt({ sequence: 0 })).rejects.toMatchObject({ code: 'internal' });
  });

  test('reads a bounded number of bytes at once, and all in the end', async () => {
    const largest: number[] = [];
    const payload = { text: 'x'.repeat(200_000) };
    for (const sequence of upTo(60)) await store.transaction((tx) => write(tx, [newDraft(TOPIC, 'large', sequence, { payload })]));
    const bus = arrivals.publisher(async (put, messages) => {
      largest.push(messages.length);
      put();
    });
    await start({ bus }).idle();
    expectInOrder(['large'], 60);
    expect(Math.max(...largest)).toBeLessThan(25);
  });

  test('shares the slots among relays, and takes over what one hands back', async () => {
    const one = start({ instanceId: 'one', leaseMs: 600 });
    start({ instanceId: 'other', leaseMs: 600 });
    await until(async () => (await slotsOf('one')).length === 2 && (await slotsOf('other')).length === 2);
    const keys = upTo(50).map((n) => `key-${n}`);
    for (const _ of upTo(10)) await change(store, TOPIC, keys);
    await until(() => arrivals.messages.length >= 500);
    expectInOrder(keys, 10);
    await one[Symbol.asyncDispose]();
    expect(await slotsOf('one')).toEqual([]);
    await until(async () => (await slotsOf('other')).length === 4);
  });

  test.each([
    ['before its batch arrived', async (put: () => void, gate: Promise<void>) => gate.then(put)],
    [
      'after its batch arrived',
      async (put: () => void, gate: Promise<void>) => {
        put();
        await gate;
      },
    ],
  ])('keeps the order when a relay is paused %s and resumed after another took over', async (_, around) => {
    const keys = upTo(20).map((n) => `key-${n}`);
    for (const _sequence of upTo(3)) await change(store, TOPIC, keys);
    const gate = createGate();
    let paused = false;
    let stopped = false;
    // A process that is stopped renews nothing either: its store does not answer until it goes on.
    const pausable = new Proxy(store, {
      get: (target, name) => {
        if (name !== 'transaction') return Reflect.get(target, name);
        return async (...args: Parameters<typeof store.transaction>) => {
          if (paused) await gate.passed;
          return target.transaction(...args);
        };
      },
    });
    const slow = arrivals.publisher(async (put) => {
      if (stopped) return put();
      stopped = true;
      paused = true;
      await around(put, gate.passed);
    });
    start({ store: pausable, bus: slow, instanceId: 'paused', leaseMs: 600, maxBatch: 4 });
    await until(() => paused);

    const other = start({ instanceId: 'other', leaseMs: 600, maxBatch: 8 });
    for (const _sequence of upTo(3)) await change(store, TOPIC, keys);
    await until(async () => (await slotsOf('other')).length === 4);
    await until(() => firstOccurrences(arrivals.messages).size === keys.length);
    paused = false;
    gate.open();
    for (const _sequence of upTo(3)) {
      await change(store, TOPIC, keys);
      other.wake();
    }
    await other.idle();
    expectInOrder(keys, 9);
  });

  test('keeps the order under load with relays that come, fail and go', async () => {
    const keys = upTo(25).map((n) => `key-${n}`);
    let calls = 0;
    const flaky = arrivals.publisher(async (put, messages) => {
      calls += 1;
      if (calls % 5 === 0) throw new RetryableError('unavailable');
      put();
      // Arrived, but the acknowledgement is lost: everything of this batch comes again.
      if (calls % 7 === 0 && messages.length > 0) throw new RetryableError('unavailable');
    });
    let writing = true;
    const comings = (async () => {
      while (writing) {
        await using relay = startRelay({
          store,
          bus: flaky,
          tracer: silentTracer,
          logger: silentLogger,
          source: '/vouch/test',
          leaseMs: 300,
          maxBatch: 8,
        });
        const before = calls;
        relay.wake();
        await until(() => calls > before + 3 || !writing);
      }
    })();
    start({ bus: flaky, leaseMs: 300, maxBatch: 8 });
    await Promise.all(
      upTo(4).map(async (writer) => {
        for (const round of upTo(25))
          await change(
            store,
            TOPIC,
            keys.filter((_, index) => (index + round + writer) % 2 === 0),
          );
      }),
    );
    await start().idle();
    writing = false;
    await comings;
    const sequences = await store.db.selectFrom('aggregate').selectAll().execute();
    const found = firstOccurrences(arrivals.messages);
    for (const { key, sequence } of sequences) expect(found.get(key), key).toEqual(upTo(sequence));
  });

  test('sends what is committed late with a lower id', async () => {
    const gate = createGate();
    let written = false;
    const late = change(store, TOPIC, ['late'], async () => {
      written = true;
      await gate.passed;
    });
    await until(() => written);
    // In the same slot, so that a cursor would have passed it.
    const neighbour = upTo(1000)
      .map((n) => `key-${n}`)
      .find((key) => slotOf(key) === slotOf('late')) as string;
    await change(store, TOPIC, [neighbour]);
    const relay = start();
    await until(() => arrivals.messages.length === 1);
    await relay.idle();
    gate.open();
    await late;
    relay.wake();
    await until(() => arrivals.messages.length === 2);
    expect(arrivals.messages.map((message) => message.key)).toEqual([neighbour, 'late']);
  });

  test('tries again when the bus refuses', async () => {
    let refusals = 0;
    const bus = arrivals.publisher(async (put) => {
      if (refusals < 3) {
        refusals += 1;
        throw new RetryableError('unavailable');
      }
      put();
    });
    await change(store, TOPIC, ['k']);
    await start({ bus }).idle();
    expect(refusals).toBe(3);
    expectInOrder(['k'], 1);
  });

  test('closes although the bus never answers', async () => {
    let asked = false;
    const bus = arrivals.publisher(async () => {
      asked = true;
      await new Promise(() => undefined);
    });
    await change(store, TOPIC, ['k']);
    const stuck = startRelay({ store, bus, tracer: silentTracer, logger: silentLogger, source: '/vouch/test', instanceId: 'stuck' });
    await until(() => asked);
    await stuck[Symbol.asyncDispose]();
    expect(await slotsOf('stuck')).toEqual([]);
    await start().idle();
    expectInOrder(['k'], 1);
  });

  test('makes a trace of its own for a batch, linked to those that it serves', async () => {
    const tracer = createRecordingTracer();
    const trace = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
    const unsampled = { traceId: createTraceId(), spanId: createSpanId(), sampled: false };
    await store.transaction((tx) => write(tx, [newDraft(TOPIC, 'a', 1, { trace }), newDraft(TOPIC, 'b', 1, { trace: unsampled })]));
    await start({ tracer }).idle();
    await store.transaction((tx) => write(tx, [newDraft(TOPIC, 'b', 2, { trace: unsampled })]));
    await start({ tracer }).idle();
    expect(tracer.spans).toHaveLength(1);
    expect(tracer.spans[0]).toMatchObject({ name: 'relay batch', options: { links: [trace] }, ended: true });
    expect(tracer.spans[0]?.options.parent).toBeUndefined();
  });
});
