import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { type Database, openPostgres, type Store, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openQuotaDays, type QuotaDayTables, quotaDaysMigration } from '../src/index.js';

const serverUrl = inject('databaseUrl');
const DAY = Math.floor(Date.now() / 86_400_000);

describe.skipIf(serverUrl === undefined)('what was asked in a day', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl as string, 'quota_days');
    database = await openPostgres({ url: fresh.url, logger: silentLogger });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
  });

  const storeOf = (schema: string): Promise<Store<QuotaDayTables>> => database.store(schema, { '0001-quota-days': quotaDaysMigration });
  const open = async (schema: string, everyMs = 60_000) => openQuotaDays({ store: await storeOf(schema), logger: silentLogger, everyMs });
  const ask = (count: { add(day: number): void }, times: number, day = DAY) => {
    for (let asked = 0; asked < times; asked += 1) count.add(day);
  };

  it('is known to the process after', async () => {
    {
      await using days = await open('after');
      ask(days.of('police'), 7);
      ask(days.of('tax'), 2, DAY - 1);
      expect(days.of('police').of(DAY)).toBe(7);
      // Its clock was ahead for a moment, by a day, by years.
      ask(days.of('police'), 1, DAY + 1);
      ask(days.of('police'), 1, DAY + 10_000);
    }
    await using days = await open('after');
    expect([days.of('police').of(DAY), days.of('tax').of(DAY), days.of('tax').of(DAY - 1), days.of('housing').of(DAY)]).toEqual([
      7, 0, 2, 0,
    ]);
    ask(days.of('police'), 1);
    expect(days.of('police').of(DAY)).toBe(8);
  });

  it('is written while the process runs, so that killing it costs no more than a moment', async () => {
    await using days = await open('killed', 5);
    ask(days.of('police'), 3);
    await expect
      .poll(async () => {
        await using after = await open('killed');
        return after.of('police').of(DAY);
      })
      .toBe(3);
  });

  it('is counted together by processes that live side by side', async () => {
    await using one = await open('shared', 5);
    await using other = await open('shared', 5);
    const told = async () => {
      await using third = await open('shared');
      return third.of('police').of(DAY);
    };
    ask(one.of('police'), 4);
    await expect.poll(told).toBe(4);
    // It hears of the others with its own next query.
    ask(other.of('police'), 1);
    await expect.poll(() => other.of('police').of(DAY)).toBe(5);
    ask(one.of('police'), 1);
    await expect.poll(() => one.of('police').of(DAY)).toBe(6);
  });

  it('counts on while the store refuses it, and writes it down later', async () => {
    const store = await storeOf('away');
    {
      await using days = await open('away', 5);
      await sql`alter table away.quota_days rename to elsewhere`.execute(store.db);
      ask(days.of('police'), 5);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(days.of('police').of(DAY)).toBe(5);
      await sql`alter table away.elsewhere rename to quota_days`.execute(store.db);
      ask(days.of('police'), 1);
    }
    await using days = await open('away');
    expect(days.of('police').of(DAY)).toBe(6);
  });

  it('is forgotten a month later', async () => {
    const store = await storeOf('old');
    {
      await using days = await open('old');
      ask(days.of('police'), 1, DAY - 31);
      ask(days.of('tax'), 1);
    }
    await using _ = await open('old');
    expect(await store.db.selectFrom('quota_days').select('provider').execute()).toEqual([{ provider: 'tax' }]);
  });
});
