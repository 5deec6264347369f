import { type FoundKafka, type FreshDatabase, findKafka, freshDatabase } from '@vouch/local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../eventually.js';
import { type Balancer, startBalancer } from './balancer.js';
import { readEvents } from './events.js';
import { type BatchResult, type BatchUnderWay, type Load, startLoad } from './load.js';
import { readAnsweredQueries } from './queries.js';
import { type Instances, startInstances } from './start-instances.js';

const databaseUrl = inject('databaseUrl');
const sharedBrokers = inject('kafkaBrokers');

// Several chunks, which both instances hold when one of them is told to stop.
const ROWS_OF_A_BATCH = 400;

// More than the balancer needs to notice: its look may wait two seconds for an answer.
const NOTICE_MS = 4_000;

interface Row {
  readonly id: string;
  readonly status: string;
  readonly verdict: string;
  readonly sequence: number;
  readonly claims: readonly { readonly type: string; readonly outcome: string }[];
}

describe.skipIf(!databaseUrl || !sharedBrokers)('every process is stopped and started again in turn, under load', () => {
  let kafka: FoundKafka;
  let database: FreshDatabase;
  let client: pg.Client;
  let vouch: Instances;
  let balancer: Balancer;
  let load: Load;
  const ends = new Map<string, string>();
  const batchResults: (readonly BatchResult[])[] = [];
  let verifications: Row[];
  let events: Awaited<ReturnType<typeof readEvents>>;

  const rows = async <R extends pg.QueryResultRow>(sql: string, values: unknown[] = []) => (await client.query<R>(sql, values)).rows;
  const count = async (sql: string) => Number((await rows<{ count: string }>(sql))[0]?.count);
  const ids = () => load.answered.map(({ id }) => id);

  beforeAll(async () => {
    // A broker of its own where there can be one: another test's audit service would take some of these events.
    const found = await findKafka({ log: () => undefined });
    if (!found.found) throw new Error(found.reasons.join('; '));
    kafka = found;
    database = await freshDatabase(databaseUrl ?? '');
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    vouch = await startInstances({ databaseUrl: database.url, kafkaBrokers: kafka.brokers, count: 2, noticeMs: NOTICE_MS });
    balancer = await startBalancer(vouch.edges);
    await eventually('the balancer knows both', async () => balancer.ready().length === 2);
    load = await startLoad(vouch, balancer.url);

    // Where there is one of a kind, as of the other agencies' registries, a restart is an outage.
    const batches: BatchUnderWay[] = [];
    for (const name of vouch.names.filter((one) => /-\d$/.test(one))) {
      await load.more(5);
      if (/^(lookup|consent)/.test(name)) batches.push(await load.batch(ROWS_OF_A_BATCH));
      ends.set(name, await vouch.restart(name));
    }
    await eventually('the balancer knows both again', async () => balancer.ready().length === 2);
    await load.more(5);
    await load.stop();
    await Promise.all(batches.map((batch) => batch.ended()));

    await eventually(
      'nothing is pending, unpublished or unaudited',
      async () =>
        (await count(`select count(*) from lookup.verifications where status = 'pending'`)) +
          (await count('select count(*) from lookup.outbox')) +
          (await count('select count(*) from consent.outbox')) +
          (await count(`select count(*) from lookup.verifications v
            where not exists (select from audit.verifications a where a.verification_id = v.id and a.answered)`)) ===
        0,
      90_000,
    );
    verifications = await rows<Row>('select id, status, verdict, sequence, claims from lookup.verifications where id = any($1)', [ids()]);
    for (const batch of batches) batchResults.push(await batch.results());
    events = await readEvents(kafka.brokers);
  }, 600_000);

  afterAll(async () => {
    await balancer?.[Symbol.asyncDispose]();
    await vouch?.[Symbol.asyncDispose]();
    await client?.end();
    await database?.[Symbol.asyncDispose]();
    await kafka?.[Symbol.asyncDispose]();
  });

  it('each ends well', () => {
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['lookup-2', 'consent-2', 'audit-2', 'registry-police-2']));
    expect(new Set(ends.values())).toEqual(new Set(['exit code 0']));
  });

  it('no call is refused or lost: through the library, through a balancer, over gRPC', () => {
    expect(load.failures).toEqual([]);
    expect(verifications).toHaveLength(load.answered.length);
    expect(new Set(ids()).size).toBe(load.answered.length);
    expect(verifications.filter(({ status, verdict }) => status !== 'complete' || verdict !== 'met')).toEqual([]);
  });

  it('makes no lookup that nobody asked for', async () => {
    expect(await count('select count(*) from lookup.verifications')).toBe(load.answered.length + batchResults.flat().length);
  });

  it('every row of a batch comes to one answer, whoever was stopped over it', () => {
    expect(batchResults).toHaveLength(4);
    for (const results of batchResults) {
      expect(results.map(({ row }) => row)).toEqual(Array.from({ length: ROWS_OF_A_BATCH }, (_, index) => index + 1));
      expect(results.filter(({ status }) => status !== 'complete')).toEqual([]);
    }
    const made = batchResults.flat().map(({ verificationId }) => verificationId);
    expect(new Set(made).size).toBe(made.length);
  });

  it('publishes each event once, in order, without a gap', () => {
    const own = new Map(verifications.map(({ id, sequence }) => [id, sequence]));
    const sequences = new Map<string, number[]>();
    for (const { topic, key, sequence } of events) {
      if (topic === 'vouch.verification.v1') sequences.set(key, [...(sequences.get(key) ?? []), sequence]);
    }
    for (const [id, last] of own) expect(sequences.get(id), id).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    const published = events.map(({ topic, id }) => `${topic} ${id}`);
    expect(new Set(published).size).toBe(published.length);
  });

  it('has one audit record of each event, and misses none', async () => {
    const leaves = (await rows<{ event_id: string }>('select event_id from audit.leaves')).map(({ event_id: id }) => id);
    expect(new Set(leaves).size).toBe(leaves.length);
    const known = new Set(leaves);
    const own = new Set(ids());
    const missing = events.filter(
      ({ topic, id, payload }) => topic === 'vouch.audit.v1' && own.has(String(payload.verificationId)) && !known.has(id),
    );
    expect(missing).toEqual([]);
  });

  it('asks no registry twice for one claim of one lookup', async () => {
    const byTrace = new Map(load.answered.map(({ id, trace }) => [trace, id]));
    const queries = await readAnsweredQueries(vouch.demo.traces ?? '', byTrace);
    const wrong: string[] = [];
    for (const { id, claims } of verifications) {
      const wanted = new Map<string, number>();
      // One that was unavailable and then mattered no more may not have been answered.
      for (const { type, outcome } of claims) if (outcome !== 'unavailable') wanted.set(type, (wanted.get(type) ?? 0) + 1);
      for (const [type, most] of wanted) {
        const asked = queries.get(id)?.get(type) ?? 0;
        // Exactly: a registry that stops in good order writes its last spans.
        if (asked !== most) wrong.push(`${id}: ${type} was answered ${asked} times, ${most} claims`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
