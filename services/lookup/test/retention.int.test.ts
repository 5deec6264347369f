import { randomUUID } from 'node:crypto';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import type { Store } from '@vouch/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeDue } from '../src/keeping/due.js';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { fault, finding } from './agencies.js';
import { type LookupUnderTest, lookupBody, startLookupUnderTest } from './lookup-under-test.js';

const NEVER_MS = 3_600_000;
const PAST = new Date(0);

describe('an answer whose retention is over, before it is erased', () => {
  let lookup: LookupUnderTest;
  let store: Store<LookupTables>;

  beforeAll(async () => {
    lookup = await startLookupUnderTest({ config: { eraseEveryMs: NEVER_MS, retryEveryMs: NEVER_MS } });
    store = await lookup.database.store<LookupTables>('lookup', migrations);
  });
  afterAll(() => lookup?.[Symbol.asyncDispose]());

  const make = (headers: Record<string, string> = {}) =>
    lookup.call('/v1/verifications', { method: 'POST', body: lookupBody({ timeBudgetMs: 500 }), headers });
  const set = (id: string, changes: { erase_at?: Date; retry_at?: Date }) =>
    store.db.updateTable('verifications').set(changes).where('id', '=', id).execute();

  it('is shown to nobody: GET and replay answer 410', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const { body } = await make(key);
    await set(body.id, { erase_at: PAST });
    for (const gone of [await lookup.call(`/v1/verifications/${body.id}`), await make(key)]) {
      expect([gone.status, gone.body.code, gone.body.id]).toEqual([410, 'verification_gone', body.id]);
      expect(gone.body.claims).toBeUndefined();
    }
    const row = await store.db.selectFrom('verifications').select('erased_at').where('id', '=', body.id).executeTakeFirst();
    expect(row?.erased_at).toBeNull();
  });

  it('is not asked for again', async () => {
    // Once, so that the agency is not seen to go and come back, for which the service would look at the queue by itself.
    lookup.providers.housing.answer('housing.owns-home', fault('agency_busy', true));
    const { body } = await make();
    lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
    const take = async () => (await takeDue(store, { leaseMs: 0, limit: 10, away: false })).map(({ id }) => id);
    await set(body.id, { retry_at: PAST, erase_at: PAST });
    expect(await take()).not.toContain(body.id);
    await set(body.id, { erase_at: new Date(Date.now() + NEVER_MS) });
    expect(await take()).toContain(body.id);
  });
});
