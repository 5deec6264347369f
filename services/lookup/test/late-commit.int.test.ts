import { type ReceivedEvent, TOPICS } from '@vouch/events';
import { createUuid } from '@vouch/identity';
import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { ConsentChanged, VerificationChanged } from '@vouch/proto/event/v1/event';
import { type Database, openPostgres, type Store, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables, LookupTransaction } from '../src/keeping/store.js';
import { type CallAnswer, eventually, type LookupUnderTest, lookupBody, startLookupUnderTest } from './lookup-under-test.js';
import { AS_USUAL } from './scripted-ports.js';

const serverUrl = inject('databaseUrl');
const GATE = 7_100_001;

describe.skipIf(!serverUrl)('a commit that is later than its lease', () => {
  let fresh: FreshDatabase;
  let lookup: LookupUnderTest;
  let other: Database;
  let store: Store<LookupTables>;
  const published: ReceivedEvent[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl ?? '', 'late');
    const open = (maxConnections: number) => openPostgres({ url: fresh.url, maxConnections, logger: silentLogger });
    lookup = await startLookupUnderTest({ openDatabase: () => open(8) });
    await lookup.bus.subscribe({
      group: 'notify',
      topics: [TOPICS.verification],
      handle: async (batch) => void published.push(...batch),
      deadLetter: { topic: 'vouch.notify.dead-letter.v1' },
    });
    other = await open(2);
    store = await other.store<LookupTables>('lookup', migrations);
    // A deferred trigger runs within COMMIT, after every statement: what waits in it is as late as a disk that does not answer.
    await sql`create function lookup.wait_at_gate() returns trigger language plpgsql as
      ${sql.lit(`begin perform pg_advisory_xact_lock_shared(${GATE}); return null; end`)}`.execute(store.db);
    await sql`create constraint trigger gate after insert on lookup.verifications deferrable initially deferred
      for each row execute function lookup.wait_at_gate()`.execute(store.db);
  });
  afterAll(async () => {
    await lookup?.[Symbol.asyncDispose]();
    await other?.[Symbol.asyncDispose]();
    await fresh?.[Symbol.asyncDispose]();
  });
  beforeEach(() => void Object.assign(lookup.ports, AS_USUAL));

  const rowOf = (id: string) => store.db.selectFrom('verifications').selectAll().where('id', '=', id).executeTakeFirst();

  /** A lookup whose commit is held up while its lease ends and its consent is withdrawn, acknowledged and read about. */
  async function overtake(
    hold: (tx: LookupTransaction) => Promise<unknown>,
    then: { away?: boolean } = {},
  ): Promise<{ id: string; answer: CallAnswer }> {
    const consentId = createUuid();
    const body = lookupBody({ legalBasis: { type: 'consent', consentId }, timeBudgetMs: 1_000 });
    const { redeemed } = lookup.ports;
    const before = new Set(redeemed.keys());
    // In an object: the transaction would wait for a promise, and the promise waits for the transaction.
    const { id, asked } = await store.transaction(async (tx) => {
      await hold(tx);
      const asked = lookup.call('/v1/verifications', { method: 'POST', body });
      const [id, { endsAt }] = await eventually(() => [...redeemed].find(([known]) => !before.has(known)));
      await eventually(() => endsAt.getTime() < Date.now());
      await withdraw(consentId);
      Object.assign(lookup.ports, then);
      return { id, asked };
    });
    return { id, answer: await asked };
  }

  async function withdraw(consentId: string): Promise<void> {
    Object.assign(lookup.ports, { disclosureAllowed: false, refusal: 'consent_withdrawn' });
    const payload = ConsentChanged.toJSON({ consentId, platform: 'x', status: 'withdrawn', sequence: 1, purpose: 'school-enrolment' });
    await lookup.bus.publish([
      {
        id: createUuid(),
        topic: TOPICS.consent,
        key: consentId,
        sequence: 1,
        type: 'vouch.consent.withdrawn',
        source: '/vouch/consent',
        time: new Date().toISOString(),
        json: JSON.stringify(payload),
      },
    ]);
    const marked = store.db.selectFrom('withdrawn_consents').select('consent_id').where('consent_id', '=', consentId);
    await eventually(async () => (await marked.execute()).length > 0);
  }

  const holdOutbox = (tx: LookupTransaction) => sql`lock table lookup.outbox in share mode`.execute(tx);
  const holdCommit = (tx: LookupTransaction) => sql`select pg_advisory_xact_lock(${GATE})`.execute(tx);

  it('and than a withdrawal, is not made when it had still to write events', async () => {
    const { id, answer } = await overtake(holdOutbox);
    expect([answer.status, answer.body.code]).toEqual([403, 'consent_withdrawn']);
    expect(answer.body.claims).toBeUndefined();
    // All that there is of it is the refusal.
    expect(await rowOf(id)).toMatchObject({ status: 'refused', verdict: null, claims: [], alternatives: [] });
    await eventually(() => published.some(({ key }) => key === id));
    expect(published.filter(({ key }) => key === id).map(({ payload }) => VerificationChanged.fromJSON(payload))).toMatchObject([
      { sequence: 1, status: 'refused' },
    ]);
  });

  it('and than a withdrawal, is erased and answered as gone when it was in COMMIT itself', async () => {
    const { id, answer } = await overtake(holdCommit);
    expect([answer.status, answer.body.code, answer.body.id]).toEqual([410, 'verification_gone', id]);
    expect(JSON.stringify(answer.body)).not.toContain('confirmed');
    expect(await rowOf(id)).toMatchObject({ erased_at: expect.any(Date), verdict: null, claims: [], alternatives: [] });
  });

  it('and than a withdrawal, is erased by the next pass when its process could not do it', async () => {
    const { id, answer } = await overtake(holdCommit, { away: true });
    expect(answer.status).toBe(503);
    const erased = await eventually(async () => {
      const row = await rowOf(id);
      return row?.erased_at ? row : undefined;
    });
    expect(erased).toMatchObject({ verdict: null, claims: [], alternatives: [], sealed: null });
  });

  it('gets a lease that a slow disk keeps', async () => {
    const body = lookupBody({ timeBudgetMs: 1_000 });
    const { redeemed } = lookup.ports;
    const before = new Set(redeemed.keys());
    const { asked, id, firstEnd } = await store.transaction(async (tx) => {
      await holdOutbox(tx);
      const asked = lookup.call('/v1/verifications', { method: 'POST', body });
      const [id, { endsAt }] = await eventually(() => [...redeemed].find(([known]) => !before.has(known)));
      await eventually(() => endsAt.getTime() < Date.now());
      return { asked, id, firstEnd: endsAt.getTime() };
    });
    const answer = await asked;
    expect([answer.status, answer.body.id, answer.body.status]).toEqual([200, id, 'complete']);
    const { endsAt, renewals } = redeemed.get(id) as { endsAt: Date; renewals: number };
    expect(renewals).toBe(1);
    // Five seconds, counted from a renewal that came after the end of the first lease.
    expect(endsAt.getTime() - firstEnd).toBeGreaterThanOrEqual(5_000);
  });
});
