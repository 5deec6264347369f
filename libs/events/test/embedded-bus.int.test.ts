import { type FreshDatabase, type FreshDataDir, freshDatabase, freshDataDir } from '@vouch/local';
import { type Database, openEmbedded, openPostgres, sql } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createEmbeddedBus } from '../src/embedded/embedded-bus.js';
import { appendRecords, ensureCursors, ensurePartitions, forgetGroups, moveCursor, prune } from '../src/embedded/log.js';
import { type EventTables, eventMigrations } from '../src/embedded/tables.js';
import { type BusUnderTest, busContract } from './bus-contract.js';
import { newMessage, newTopic, until, upTo } from './event-makers.js';

const serverUrl = inject('databaseUrl');

function onDatabase(database: Database): BusUnderTest {
  const openStore = () => database.store<EventTables>('events', eventMigrations);
  return {
    open: (topics, tracer) => createEmbeddedBus({ database, tracer, logger: silentLogger, topics }),
    async appendRaw(record) {
      const store = await openStore();
      await appendRecords(store, await ensurePartitions(store, []), [record]);
    },
    async readRaw(topic) {
      const store = await openStore();
      const rows = await store.db.selectFrom('log').selectAll().where('topic', '=', topic).orderBy('partition').orderBy('offset').execute();
      return rows.map(({ key, headers, value }) => ({ key, headers, value: value === null ? null : Buffer.from(value) }));
    },
  };
}

describe('in the embedded database', () => {
  let folder: FreshDataDir;
  let database: Database;
  beforeAll(async () => {
    folder = await freshDataDir();
    database = await openEmbedded({ dataDir: folder.dataDir, logger: silentLogger });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  busContract('embedded log', () => onDatabase(database));

  test('survives the end of the process', async () => {
    await using home = await freshDataDir();
    const topics = [newTopic(2), newTopic(1)];
    const [topic, letters] = topics.map((spec) => spec.name) as [string, string];
    const seen: number[] = [];
    for (const sequence of [1, 2]) {
      await using own = await openEmbedded({ dataDir: home.dataDir, logger: silentLogger });
      await using bus = createEmbeddedBus({ database: own, tracer: silentTracer, logger: silentLogger, topics });
      if (sequence === 1) await bus.publish([newMessage(topic, 'k', 1)]);
      else {
        await using _ = await bus.subscribe({
          group: 'late',
          topics: [topic],
          deadLetter: { topic: letters },
          handle: async (events) => void seen.push(...events.map((event) => event.sequence)),
        });
        await bus.publish([newMessage(topic, 'k', 2)]);
        await until(() => seen.length === 2);
      }
    }
    expect(seen).toEqual([1, 2]);
  });

  test('keeps events until they are old and every group has dealt with them', async () => {
    const { store, topic } = await logWith(upTo(3));
    const place = { topic, partition: 0 };
    await ensureCursors(store.db, 'slow', topic, 1);
    await ensureCursors(store.db, 'quick', topic, 1);
    const left = async () =>
      (await store.db.selectFrom('log').select('offset').where('topic', '=', topic).orderBy('offset').execute()).map((row) => row.offset);
    await lease(store, 'quick', topic, 'me');
    await lease(store, 'slow', topic, 'me');
    await moveCursor(store.db, 'quick', place, '2', `quick/${topic}`, 'me');
    expect(await prune(store.db, topic, 0)).toBe(0);
    await moveCursor(store.db, 'slow', place, '1', `slow/${topic}`, 'me');
    expect(await prune(store.db, topic, 60_000)).toBe(0);
    expect(await prune(store.db, topic, 0)).toBe(2);
    expect(await left()).toEqual(['2']);
    await sql`update ${sql.table('events.cursor')} set updated = updated - interval '40 days' where group_name = 'slow'`.execute(store.db);
    expect(await forgetGroups(store.db, 30 * 24 * 60 * 60 * 1000)).toContain('slow');
    expect(await prune(store.db, topic, 0)).toBe(1);
  });

  test('lets only the holder of the lease move the cursor, and only forward', async () => {
    const { store, topic } = await logWith(upTo(3));
    const place = { topic, partition: 0 };
    await ensureCursors(store.db, 'g', topic, 1);
    await lease(store, 'g', topic, 'holder');
    expect(await moveCursor(store.db, 'g', place, '1', `g/${topic}`, 'other')).toBe(false);
    expect(await moveCursor(store.db, 'g', place, '1', `g/${topic}`, 'holder')).toBe(true);
    expect(await moveCursor(store.db, 'g', place, '0', `g/${topic}`, 'holder')).toBe(false);
  });

  async function logWith(sequences: readonly number[]) {
    const topic = newTopic(1);
    await using bus = createEmbeddedBus({ database, tracer: silentTracer, logger: silentLogger, topics: [topic] });
    await bus.publish(sequences.map((sequence) => newMessage(topic.name, 'k', sequence)));
    return { store: await database.store<EventTables>('events', eventMigrations), topic: topic.name };
  }

  async function lease(store: Awaited<ReturnType<typeof logWith>>['store'], group: string, topic: string, owner: string) {
    await store.db
      .insertInto('group_lease')
      .values({ scope: `${group}/${topic}`, item: '0', owner })
      .execute();
  }
});

describe.skipIf(serverUrl === undefined)('in PostgreSQL', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl as string, 'events');
    database = await openPostgres({ url: fresh.url, logger: silentLogger });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
  });

  busContract('log in PostgreSQL', () => onDatabase(database));

  test('shows concurrent appends in the order of their offsets', async () => {
    const topic = newTopic(1);
    const letters = newTopic(1);
    await using bus = createEmbeddedBus({ database, tracer: silentTracer, logger: silentLogger, topics: [topic, letters] });
    const offsets: number[] = [];
    await using _ = await bus.subscribe({
      group: 'reader',
      topics: [topic.name],
      deadLetter: { topic: letters.name },
      handle: async (events) => void offsets.push(...events.map((event) => Number(event.offset))),
    });
    await Promise.all(upTo(100).map((n) => bus.publish([newMessage(topic.name, `key-${n}`, 1)])));
    await until(() => offsets.length === 100);
    expect(offsets).toEqual(upTo(100).map((n) => n - 1));
  });
});
