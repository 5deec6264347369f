import { type FreshDatabase, freshDatabase, freshDataDir } from '@vouch/local';
import { type Database, openEmbedded, openPostgres, sql } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { BusMessage } from '../src/event.js';
import type { OutboxTables } from '../src/outbox.js';
import { outboxMigration } from '../src/outbox-migrations.js';
import { startRelay } from '../src/relay.js';
import { slotOf } from '../src/slot.js';
import { firstOccurrences, upTo } from './event-makers.js';
import { createArrivals } from './recording-bus.js';
import { change, newDraft, openWriter, write, writerMigrations } from './writer.js';

const serverUrl = inject('databaseUrl');
const TOPIC = 'test.bundles';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const KEYS = upTo(30).map((n) => `key-${n}`);

/** What a release wrote whose outbox had a row an event. */
async function writeAsBefore(database: Database): Promise<void> {
  const before = Object.fromEntries(Object.entries(writerMigrations).filter(([name]) => name < '0003'));
  expect(before['0002-outbox']).toBe(outboxMigration);
  const { db } = await database.store<OutboxTables>('writer', before);
  for (const sequence of upTo(2)) {
    for (const key of KEYS) {
      const payload = JSON.stringify({ key, sequence, text: 'ü 中 "quoted" \\ \u0000' });
      await sql`insert into writer.aggregate (key, sequence) values (${key}, ${sequence})
        on conflict (key) do update set sequence = excluded.sequence`.execute(db);
      await sql`insert into writer.outbox (slot, topic, key, sequence, event_id, type, source, time, payload, traceparent)
        values (${slotOf(key, 16)}, ${TOPIC}, ${key}, ${sequence}, gen_random_uuid(), 'vouch.test.happened', '/vouch/test',
          '2026-08-31T16:00:00.12+08:00', ${payload}, ${sequence === 1 ? TRACEPARENT : null})`.execute(db);
    }
  }
}

async function expectCarriedOver(database: Database): Promise<void> {
  await writeAsBefore(database);
  const store = await openWriter(database);
  await change(store, TOPIC, KEYS);
  const arrivals = createArrivals();
  await using relay = startRelay({ store, bus: arrivals.publisher(), tracer: silentTracer, logger: silentLogger, source: '/vouch/test' });
  await relay.idle();
  const found = firstOccurrences(arrivals.messages);
  for (const key of KEYS) expect(found.get(key), key).toEqual([1, 2, 3]);
  const [first, second] = arrivals.messages.filter(({ key }) => key === 'key-1');
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    topic: TOPIC,
    key: 'key-1',
    sequence: 1,
    type: 'vouch.test.happened',
    source: '/vouch/test',
    time: '2026-08-31T08:00:00.120Z',
    json: JSON.stringify({ key: 'key-1', sequence: 1, text: 'ü 中 "quoted" \\ \u0000' }),
    traceparent: TRACEPARENT,
  });
  expect(second).not.toHaveProperty('traceparent');
}

test('what waited in an outbox with a row an event is published first, in the embedded database', async () => {
  await using folder = await freshDataDir();
  await using database = await openEmbedded({ dataDir: folder.dataDir, logger: silentLogger });
  await expectCarriedOver(database);
});

describe.skipIf(serverUrl === undefined)('in PostgreSQL', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl as string, 'bundles');
    database = await openPostgres({ url: fresh.url, logger: silentLogger });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
  });

  test('what waited in an outbox with a row an event is published first', async () => {
    await expectCarriedOver(database);
  });

  test('events of one transaction share rows that fit into a page, each slot its own, in the order in which they were written', async () => {
    const store = await openWriter(database);
    const payload = { text: 'x'.repeat(1_000) };
    await store.transaction((tx) =>
      write(
        tx,
        upTo(200).map((n) => newDraft(TOPIC, `page-${n % 7}`, n, { payload })),
      ),
    );
    const found = await store.db
      .selectFrom('outbox')
      .select(['slot', 'events'])
      .select(sql<number>`pg_column_size(events)`.as('bytes'))
      .orderBy('id')
      .execute();
    const rows = found.map((row) => ({ ...row, events: JSON.parse(row.events) as BusMessage[] }));
    expect(rows.length).toBeGreaterThan(200 / 7);
    expect(rows.length).toBeLessThan(60);
    for (const { slot, events, bytes } of rows) {
      expect(new Set(events.map(({ key }) => slotOf(key)))).toEqual(new Set([slot]));
      expect(bytes).toBeLessThan(8_000);
    }
    const told = firstOccurrences(rows.flatMap(({ events }) => events));
    for (const [key, sequences] of told) expect(sequences, key).toEqual([...sequences].sort((one, other) => one - other));
    expect([...told.values()].flat()).toHaveLength(200);
  });
});
