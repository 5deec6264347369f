import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { openPostgres, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { consentSuite } from './consent-suite.js';
import { redemptionSuite } from './redemption-suite.js';
import { codeOf, family, grantedConsent, openConsent, redeem, redemption } from './vouch-consent.js';

const serverUrl = inject('databaseUrl');

describe.skipIf(!serverUrl)('on PostgreSQL', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl ?? '', 'consent');
  });
  afterAll(() => fresh?.[Symbol.asyncDispose]());

  const open = () => openPostgres({ url: fresh.url, maxConnections: 8, logger: silentLogger });
  consentSuite('consents', open);
  redemptionSuite('redemptions', open, 3);

  test('a redemption whose connection is killed halfway can be repeated, and counts once', async () => {
    await using database = await open();
    const vouch = await openConsent(database);
    const people = family();
    const id = await grantedConsent(vouch, people, { maxUses: 1 });
    const request = redemption(vouch, people, id);
    let killed: Promise<string> | undefined;
    await vouch.store.transaction(async (tx) => {
      await sql`select from consent.consents where id = ${id} for update`.execute(tx);
      killed = codeOf(redeem(vouch, request));
      const kill = async () => {
        const { rows } = await sql<{ killed: boolean }>`
          select pg_terminate_backend(pid) as killed from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%for update%'`.execute(vouch.store.db);
        return rows.length;
      };
      await expect.poll(kill, { timeout: 10_000, interval: 10 }).toBe(1);
      expect(await killed).toBe('unavailable');
    });
    expect(await redeem(vouch, request)).toMatchObject({ repeatedRedemption: false });
    expect(await redeem(vouch, request)).toMatchObject({ repeatedRedemption: true });
    const row = await vouch.store.db.selectFrom('consents').select(['uses', 'status']).where('id', '=', id).executeTakeFirst();
    expect(row).toEqual({ uses: 1, status: 'spent' });
  });
});
