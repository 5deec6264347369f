import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readFiles, readPostgres, readTopics, search, toCanaries } from './canary.js';
import { eventually } from './eventually.js';
import { familyThat, grantedConsent, lookupOf } from './lookups.js';
import { distributedMode } from './modes.js';
import { runScenarios } from './whole-suite.js';

const kafkaBrokers = inject('kafkaBrokers');
const databaseUrl = inject('databaseUrl');

describe.skipIf(!kafkaBrokers || !databaseUrl)('distributed, on a real Kafka and a real PostgreSQL', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase(databaseUrl ?? '');
  });
  const { vouch, collector } = runScenarios(() => distributedMode({ kafkaBrokers: kafkaBrokers ?? '', databaseUrl: database.url }));
  afterAll(() => database[Symbol.asyncDispose]());

  it('publishes CloudEvents that any Kafka consumer can read, and that name nobody', async () => {
    const family = familyThat(vouch(), 'met');
    const { body } = await vouch()
      .platform()
      .verify(lookupOf(vouch(), family, await grantedConsent(vouch(), family)));
    const kafka = new Kafka({ brokers: (kafkaBrokers ?? '').split(','), logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `plain-${body.id}` });
    await consumer.connect();
    await consumer.subscribe({ topics: ['vouch.verification.v1'], fromBeginning: true });
    const event = await new Promise<{ headers: Record<string, string>; payload: unknown }>((resolve) => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          if (String(message.key) !== body.id) return;
          const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
          resolve({ headers, payload: JSON.parse(String(message.value)) });
        },
      });
    });
    await consumer.disconnect();
    expect(event.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: expect.any(String),
      ce_source: '/vouch/lookup',
      ce_type: expect.stringMatching(/^vouch\.verification\./),
    });
    expect(event.payload).toMatchObject({
      verificationId: body.id,
      platform: 'jinan-enrolment',
      status: 'complete',
      verdict: 'met',
      sequence: 1,
    });
  });

  it('audits an event once however often it is delivered', async () => {
    const kafka = new Kafka({ brokers: (kafkaBrokers ?? '').split(','), logLevel: logLevel.NOTHING });
    const family = familyThat(vouch(), 'met');
    await vouch()
      .platform()
      .verify(lookupOf(vouch(), family, await grantedConsent(vouch(), family)));
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const leaves = async () => Number((await client.query('select count(*) as count from audit.leaves')).rows[0].count);
    try {
      const admin = kafka.admin();
      await admin.connect();
      const settled = await eventually('the audit has caught up', async () => {
        const before = await leaves();
        const ends = await admin.fetchTopicOffsets('vouch.audit.v1');
        const read = await admin.fetchOffsets({ groupId: 'audit', topics: ['vouch.audit.v1'] });
        const offsets = new Map(read[0]?.partitions.map(({ partition, offset }) => [partition, offset]));
        const done = ends.every(({ partition, high, low }) => high === low || offsets.get(partition) === high);
        return done && before === (await leaves()) && before;
      });
      const messages = await new Promise<{ key: Buffer | null; value: Buffer | null; headers: object; partition: number }[]>((resolve) => {
        const seen: { key: Buffer | null; value: Buffer | null; headers: object; partition: number }[] = [];
        const consumer = kafka.consumer({ groupId: `again-${Date.now()}` });
        void consumer
          .connect()
          .then(() => consumer.subscribe({ topics: ['vouch.audit.v1'], fromBeginning: true }))
          .then(() =>
            consumer.run({
              eachMessage: async ({ message, partition }) => {
                seen.push({ key: message.key, value: message.value, headers: message.headers ?? {}, partition });
                if (seen.length === 5) void consumer.disconnect().then(() => resolve(seen));
              },
            }),
          );
      });
      const producer = kafka.producer();
      await producer.connect();
      await producer.send({ topic: 'vouch.audit.v1', messages: messages.slice(0, 5) as never });
      await producer.disconnect();
      await eventually('the duplicates were consumed', async () => {
        const ends = await admin.fetchTopicOffsets('vouch.audit.v1');
        const read = await admin.fetchOffsets({ groupId: 'audit', topics: ['vouch.audit.v1'] });
        const offsets = new Map(read[0]?.partitions.map(({ partition, offset }) => [partition, offset]));
        return ends.every(({ partition, high, low }) => high === low || offsets.get(partition) === high);
      });
      expect(await leaves()).toBe(settled);
      await admin.disconnect();
    } finally {
      await client.end();
    }
  });

  it('has leaked nobody: no log, span, topic or row names a person', async () => {
    const canaries = toCanaries(vouch().demo);
    const quiet = (text: string) =>
      text
        .split('\n')
        .filter((line) => !line.startsWith('curl '))
        .join('\n');
    const places = async () => [
      ...(await readPostgres(database.url)),
      ...(await readTopics(kafkaBrokers ?? '')),
      ...(await readFiles(vouch().dataDir, (name) => /\.(log|jsonl)$/.test(name))),
      { name: 'OTLP', text: collector().received.join('\n') },
    ];
    const names = (await places()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['table lookup.verifications', 'topic vouch.audit.v1', 'output.log', 'OTLP']));
    expect(
      search(
        (await places()).map(({ name, text }) => ({ name, text: quiet(text) })),
        canaries,
      ),
    ).toEqual([]);

    // The canary can sing: planted where a leak would be, it is found.
    const [planted = ''] = canaries.keys();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('create table public.planted (note jsonb)');
    await client.query('insert into public.planted values ($1)', [JSON.stringify({ about: planted })]);
    await client.end();
    expect(search(await readPostgres(database.url), canaries).map(({ place }) => place)).toEqual(['table public.planted']);
  });
});
