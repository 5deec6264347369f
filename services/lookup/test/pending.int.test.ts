import { randomUUID } from 'node:crypto';
import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { openPostgres, type Store, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LookupConfig } from '../src/config.js';
import { bringAllForward, putOff, takeDue } from '../src/keeping/due.js';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { fault, finding, type ScriptedProvider, startProvider } from './agencies.js';
import { ndjson, submit, untilComplete } from './batch-fixtures.js';
import { eventually, type LookupUnderTest, lookupBody, OTHER_PLATFORM, startLookupUnderTest } from './lookup-under-test.js';
import { AS_USUAL } from './scripted-ports.js';

const serverUrl = inject('databaseUrl');
const OWNS_HOME = { type: 'housing.owns-home', subject: 'guardian', parameters: { region: '370102', minimumShare: 50 } };
const NEVER_MS = 3_600_000;
const CONFIRMED = { $case: 'finding' as const, value: { outcome: Outcome.CONFIRMED, asOf: '2026-08-30', disclosures: {} } };

describe.skipIf(!serverUrl)('pending answers finish by themselves', () => {
  let fresh: FreshDatabase;
  let lookup: LookupUnderTest;
  let store: Store<LookupTables>;
  let revived: ScriptedProvider | undefined;

  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl ?? '', 'pending');
    lookup = await startLookupUnderTest({
      openDatabase: () => openPostgres({ url: fresh.url, maxConnections: 8, logger: silentLogger }),
    });
    store = await lookup.database.store<LookupTables>('lookup', migrations);
  });
  afterAll(async () => {
    await lookup?.[Symbol.asyncDispose]();
    await revived?.[Symbol.asyncDispose]();
    await fresh?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    Object.assign(lookup.ports, AS_USUAL);
    housing().answer('housing.owns-home', 'hang');
  });
  afterEach(async () => {
    // What a test leaves pending is not the next one's.
    await store.db.deleteFrom('verifications').where('status', '=', 'pending').execute();
  });

  const housing = () => revived ?? lookup.providers.housing;
  const heal = () => housing().answer('housing.owns-home', finding(Outcome.CONFIRMED));
  const make = (overrides: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    lookup.call('/v1/verifications', { method: 'POST', body: lookupBody({ timeBudgetMs: 500, ...overrides }), headers });
  const pending = async (overrides: Record<string, unknown> = {}): Promise<string> => {
    const made = await make(overrides);
    expect(made.status).toBe(202);
    return made.body.id;
  };
  const rowOf = (id: string) => store.db.selectFrom('verifications').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const ended = (id: string) =>
    eventually(async () => {
      const row = await rowOf(id);
      return row.status !== 'pending' && row;
    });
  const renewals = (id: string): number => lookup.ports.redeemed.get(id)?.renewals ?? 0;
  /** The service again, with other settings. */
  const restart = (config: Partial<LookupConfig> = {}) => lookup.restart(config);

  /** Ends the housing agency's provider; `back` starts it again at its address. */
  async function stopHousing(): Promise<{ back: () => Promise<void> }> {
    const { address } = lookup.providers.housing;
    await housing()[Symbol.asyncDispose]();
    return {
      back: async () => {
        revived = await startProvider('housing', lookup.catalogue, address);
        heal();
      },
    };
  }

  describe('for as long as the request says', () => {
    it('with 0, is closed at once with what is known, and kept sealed by nobody', async () => {
      const made = await make({ retryForSeconds: 0, timeBudgetMs: 2_000 });
      expect(made.status).toBe(200);
      expect(made.body).toMatchObject({ status: 'closed', code: 'retry_time_over', verdict: 'undetermined' });
      expect(made.body.claims[0]).toMatchObject({ outcome: 'confirmed' });
      expect(await rowOf(made.body.id)).toMatchObject({ sealed: null, retry_at: null });
    });

    it('is closed when that is over, and says why', async () => {
      const id = await pending({ retryForSeconds: 2 });
      const row = await ended(id);
      expect(row).toMatchObject({ status: 'closed', code: 'retry_time_over', sequence: 2, sealed: null });
      expect(Number(row.completed_at)).toBeGreaterThanOrEqual(Number(row.give_up_at));
      expect(Number(row.give_up_at)).toBe(Number(row.created_at) + 2_000);
      const { body } = await lookup.call(`/v1/verifications/${id}`);
      expect(body).toMatchObject({ status: 'closed', code: 'retry_time_over', verdict: 'undetermined' });
    });

    it('also when what was sealed can be read no more', async () => {
      const id = await pending({ retryForSeconds: 2 });
      await store.db
        .updateTable('verifications')
        .set({ sealed: Buffer.from('spoilt') })
        .where('id', '=', id)
        .execute();
      expect(await ended(id)).toMatchObject({ status: 'closed', code: 'retry_time_over', sequence: 2 });
    });

    it('three days unless it is said', async () => {
      const row = await rowOf(await pending());
      expect(Number(row.give_up_at)).toBe(Number(row.created_at) + 72 * 3_600_000);
    });

    it('and not longer than the service does it', async () => {
      await restart({ giveUpAfterMs: 1_500 });
      const row = await ended(await pending({ retryForSeconds: 3_600 }));
      expect(Number(row.give_up_at)).toBe(Number(row.created_at) + 1_500);
      await restart();
    });

    it('tells faults of it, and counts it as a part of the request', async () => {
      for (const [retryForSeconds, code] of [
        [-1, 'too_small'],
        [259_201, 'too_large'],
        [1.5, 'type_wrong'],
      ]) {
        const { status, body } = await make({ retryForSeconds });
        expect([status, body.errors]).toEqual([400, [expect.objectContaining({ pointer: '/retryForSeconds', code })]]);
      }
      heal();
      const key = { 'idempotency-key': randomUUID() };
      const first = await make({ retryForSeconds: 60 }, key);
      expect((await make({ retryForSeconds: 60 }, key)).body).toEqual(first.body);
      for (const other of [{ retryForSeconds: 61 }, {}]) expect((await make(other, key)).body.code).toBe('idempotency_mismatch');
    });
  });

  it('what another transaction holds is not waited for when many are put off', async () => {
    await restart({ retryEveryMs: NEVER_MS });
    // An agency that would be seen to go and come back would have them retried by the service.
    housing().answer('housing.owns-home', fault('agency_busy', true));
    const held = await rowOf(await pending());
    const free = await rowOf(await pending());
    const until = new Date(Date.now() + NEVER_MS);
    await store.transaction(async (tx) => {
      await tx.selectFrom('verifications').select('id').where('id', '=', held.id).forUpdate().execute();
      const before = { status: 'pending', retry_lease_end: null } as const;
      await putOff(
        store,
        [held, free].map((row) => ({ ...row, until, away: false })),
      );
      expect(await rowOf(free.id)).toMatchObject({ ...before, retry_at: until });
      expect(await rowOf(held.id)).toMatchObject({ ...before, retry_at: held.retry_at });
    });
    await restart();
  });

  it('what waits for agencies that are away is taken apart from the rest, until one is back', async () => {
    await restart({ retryEveryMs: NEVER_MS });
    housing().answer('housing.owns-home', fault('agency_busy', true));
    const id = await pending();
    const take = async (away: boolean) => (await takeDue(store, { leaseMs: 0, limit: 10, away })).map((taken) => taken.id);
    const put = async (until: Date) => putOff(store, [{ ...(await rowOf(id)), until, away: true }]);
    await put(new Date(0));
    expect(await take(false)).not.toContain(id);
    expect(await take(true)).toContain(id);
    // Who has taken it says anew where it belongs.
    expect((await rowOf(id)).away).toBe(false);
    await put(new Date(Date.now() + NEVER_MS));
    await bringAllForward(store, 'housing');
    expect(await take(false)).toContain(id);
    await restart();
  });

  it('nothing is pending beyond the most that may be, and what is known is answered', async () => {
    await restart({ maxPending: 1, countPendingEveryMs: 20 });
    await pending();
    const closed = await eventually(async () => {
      const { body } = await make();
      return body.status === 'closed' && body;
    });
    expect(closed).toMatchObject({ code: 'retries_full', verdict: 'undetermined' });
    heal();
    await eventually(async () => (await make()).body.status === 'complete');
    await restart();
  });

  it('one platform cannot fill what others may keep pending', async () => {
    await restart({ maxPending: 6, countPendingEveryMs: 20 });
    await eventually(async () => (await make()).body.code === 'retries_full');
    const token = await lookup.platformToken(OTHER_PLATFORM);
    const other = () =>
      lookup.call('/v1/verifications', {
        method: 'POST',
        token,
        body: lookupBody({ timeBudgetMs: 500, region: '370202', claims: [OWNS_HOME] }),
      });
    const { status, body } = await other();
    expect([status, body.status]).toEqual([202, 'pending']);
    heal();
    await restart();
  });

  it('a batch whose rows would be too many that wait for an agency waits itself, and no row is lost', async () => {
    await restart({ maxPending: 20, countPendingEveryMs: 20 });
    const total = 1_500;
    const made = await submit(lookup, ndjson(Array.from({ length: total }, () => lookupBody({ timeBudgetMs: 500 }))));
    const { id } = made.body;
    const chunks = store.db.selectFrom('batch_chunks').select(['lease', 'outcomes']).where('batch_id', '=', id);
    const outcomes = await eventually(async () => {
      const rows = await chunks.execute();
      const asked = rows.flatMap((chunk) => chunk.outcomes ?? []).filter((outcome) => outcome !== null);
      return asked.length > 0 && rows.every(({ lease }) => lease === null) && asked;
    });
    expect(outcomes.length).toBeLessThan(total);
    expect(outcomes.every((outcome) => outcome.kind === 'verification' && outcome.state === 'pending')).toBe(true);
    heal();
    expect((await untilComplete(lookup, id)).rows).toMatchObject({ total, done: total, failed: 0 });
    await restart();
  });

  it('what a killed instance had taken is taken over when its lease ends, and not before', async () => {
    await restart({ retryEveryMs: NEVER_MS });
    const id = await pending();
    // What an instance leaves that is killed while it asks.
    const leaseMs = 2_000;
    await eventually(async () => (await takeDue(store, { leaseMs, limit: 10, away: false })).some((taken) => taken.id === id));
    const { retry_lease_end: leaseEnd, attempts } = await rowOf(id);
    heal();
    await restart();
    const row = await ended(id);
    expect(row).toMatchObject({ status: 'complete', verdict: 'met', sequence: 2, attempts: attempts + 1 });
    expect(Number(row.completed_at)).toBeGreaterThanOrEqual(Number(leaseEnd));
  });

  it('nothing is asked by two instances at once, however long an agency takes', async () => {
    const leases = { retryLeaseMs: 1_200 };
    await restart(leases);
    await using _other = await lookup.another(leases);
    let asking = 0;
    let most = 0;
    let answer = () => {};
    const gate = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const id = await pending();
    housing().answer('housing.owns-home', async () => {
      asking += 1;
      most = Math.max(most, asking);
      await gate;
      asking -= 1;
      return CONFIRMED;
    });
    await eventually(() => asking === 1);
    const { retry_lease_end: first, attempts } = await rowOf(id);
    // Two leases later its own instance still has it.
    await eventually(async () => Number((await rowOf(id)).retry_lease_end) > Number(first) + 2 * leases.retryLeaseMs);
    answer();
    expect(await ended(id)).toMatchObject({ status: 'complete', sequence: 2, attempts });
    expect(most).toBe(1);
    await restart();
  });

  it('a retry that gets no answer from the consent service ends, holds up nobody, and is repeated', async () => {
    const stuck = await pending();
    lookup.ports.hanging.add(stuck);
    const id = await pending();
    await eventually(async () => (await rowOf(stuck)).retry_lease_end !== null);
    heal();
    expect(await ended(id)).toMatchObject({ status: 'complete' });
    expect(await rowOf(stuck)).toMatchObject({ status: 'pending' });
    const { attempts } = await rowOf(stuck);
    await eventually(async () => (await rowOf(stuck)).attempts > attempts);
    lookup.ports.hanging.clear();
    expect(await ended(stuck)).toMatchObject({ status: 'complete', sequence: 2 });
  });

  it('an agency that takes longer than the first retries wait is waited for in the end', async () => {
    const id = await pending();
    housing().answer('housing.owns-home', async () => {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      return CONFIRMED;
    });
    await eventually(async () => {
      const { numUpdatedRows } = await store.db
        .updateTable('verifications')
        .set({ attempts: 10, retry_at: new Date(0) })
        .where('id', '=', id)
        .where('retry_lease_end', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows) === 1;
    });
    expect(await ended(id)).toMatchObject({ status: 'complete', verdict: 'met' });
  });

  describe('while its agency is down', () => {
    it('no lease is renewed; it is asked first thing when the agency is back, whenever it was due', async () => {
      const { back } = await stopHousing();
      const ids = await Promise.all(Array.from({ length: 3 }, () => pending()));
      const [id = ''] = ids;
      // The first retry may have begun before it was noticed.
      await eventually(async () => (await rowOf(id)).attempts >= 2);
      const before = renewals(id);
      await eventually(async () => (await rowOf(id)).attempts >= 4);
      expect(renewals(id)).toBe(before);
      // Late in an outage it would be due in minutes.
      await eventually(async () => {
        const { numUpdatedRows } = await store.db
          .updateTable('verifications')
          .set({ retry_at: sql<Date>`clock_timestamp() + interval '1 hour'` })
          .where('id', 'in', ids)
          .where('retry_lease_end', 'is', null)
          .executeTakeFirstOrThrow();
        const { rows } = await sql<{ late: string }>`select count(*) as late from lookup.verifications
          where status = 'pending' and retry_at > clock_timestamp() + interval '30 minutes'`.execute(store.db);
        return numUpdatedRows > 0 && Number(rows[0]?.late) === ids.length;
      });
      await back();
      for (const each of ids) expect(await ended(each)).toMatchObject({ status: 'complete', verdict: 'met' });
    });

    it('another tries it when the one that was sent to try it gets no answer from the consent service', async () => {
      const { back } = await stopHousing();
      const stuck = await pending();
      const id = await pending();
      lookup.ports.hanging.add(stuck);
      // The one that is due next is sent; neither comes up by itself.
      await eventually(async () => {
        const { numUpdatedRows } = await store.db
          .updateTable('verifications')
          .set({ retry_at: sql<Date>`clock_timestamp() + case when id = ${stuck} then interval '1 hour' else interval '2 hours' end` })
          .where('id', 'in', [stuck, id])
          .where('retry_lease_end', 'is', null)
          .executeTakeFirstOrThrow();
        return Number(numUpdatedRows) === 2;
      });
      await back();
      expect(await ended(id)).toMatchObject({ status: 'complete', verdict: 'met' });
      lookup.ports.hanging.clear();
      expect(await ended(stuck)).toMatchObject({ status: 'complete', verdict: 'met' });
    });

    it('the end of its consent is still noticed', async () => {
      const { back } = await stopHousing();
      const id = await pending();
      lookup.ports.renewalRefusal = 'consent_expired';
      // So many attempts as a long outage takes.
      await store.db
        .updateTable('verifications')
        .set({ attempts: 100, retry_at: new Date(0) })
        .where('id', '=', id)
        .execute();
      expect(await ended(id)).toMatchObject({ status: 'closed', code: 'consent_ended' });
      await back();
    });
  });
});
