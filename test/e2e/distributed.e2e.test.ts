import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readFiles, readPostgres, readTopics, search, toCanaries } from './canary.js';
import { eventually } from './eventually.js';
import { findMessages } from './find-messages.js';
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
    const [event] = await findMessages(kafkaBrokers ?? '', 'vouch.verification.v1', 1, ({ key }) => String(key) === body.id);
    const headers = Object.fromEntries(Object.entries(event?.headers ?? {}).map(([name, value]) => [name, String(value)]));
    expect(headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: expect.any(String),
      ce_source: '/vouch/lookup',
      ce_type: expect.stringMatching(/^vouch\.verification\./),
    });
    expect(JSON.parse(String(event?.value))).toMatchObject({
      verificationId: body.id,
      platform: 'jinan-enrolment',
      status: 'complete',
      verdict: 'met',
      sequence: 1,
    });
  });

  it('audits an event once however often it is delivered', async () => {
    const family = familyThat(vouch(), 'met');
    const { body } = await vouch()
      .platform()
      .verify(lookupOf(vouch(), family, await grantedConsent(vouch(), family)));
    const kafka = new Kafka({ brokers: (kafkaBrokers ?? '').split(','), logLevel: logLevel.NOTHING });
    const [admin, producer] = [kafka.admin(), kafka.producer()];
    const client = new pg.Client({ connectionString: database.url });
    await Promise.all([admin.connect(), producer.connect(), client.connect()]);
    try {
      const writers = [`c:${body.id}`, `l:${body.id}`];
      const messages = await findMessages(kafkaBrokers ?? '', 'vouch.audit.v1', 2, ({ key }) => writers.includes(String(key)));
      const ids = messages.map(({ headers }) => String(headers.ce_id));
      // Other events go on meanwhile, so it is looked at by id.
      const leaves = async () =>
        (await client.query('select event_id, index, leaf_hash from audit.leaves where event_id = any($1) order by index', [ids])).rows;
      const untilRead = (places: readonly { partition: number; next: bigint }[]) =>
        eventually('the audit has read so far', async () => {
          const [topic] = await admin.fetchOffsets({ groupId: 'audit', topics: ['vouch.audit.v1'] });
          const read = new Map(topic?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
          return places.every(({ partition, next }) => (read.get(partition) ?? 0n) >= next);
        });

      await untilRead(messages.map(({ partition, offset }) => ({ partition, next: BigInt(offset) + 1n })));
      const before = await leaves();
      expect(before.map(({ event_id }) => event_id).sort()).toEqual([...ids].sort());
      const sent = await producer.send({ topic: 'vouch.audit.v1', messages });
      // What goes to a partition lies there side by side.
      await untilRead(
        sent.map(({ partition, baseOffset = '' }) => ({
          partition,
          next: BigInt(baseOffset) + BigInt(messages.filter((message) => message.partition === partition).length),
        })),
      );
      expect(await leaves()).toEqual(before);
      const [log] = (await client.query('select next_index, (select count(*) from audit.leaves) as leaves from audit.log')).rows;
      expect(log.leaves).toBe(log.next_index);
    } finally {
      await Promise.all([admin.disconnect(), producer.disconnect(), client.end()]);
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
