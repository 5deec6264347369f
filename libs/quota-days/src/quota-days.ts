import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import { createDayCount, type DayCount, type DayCounts } from '@vouch/provider-client';
import { type Store, sql } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import type { QuotaDayTables } from './tables.js';

/** Counts of what was asked of providers in a day, kept in the store. Disposing it writes what is not written yet. */
export interface QuotaDays extends DayCounts, AsyncDisposable {}

/** What keeping them needs. */
export interface QuotaDaysOptions {
  readonly store: Store<QuotaDayTables>;
  /** Processes of the service that share the agencies' quotas; 1 unless said. */
  readonly instances?: number;
  readonly logger: Logger;
  /** Pause between two writings, milliseconds: what a process that is killed has not told. 1000 unless said. */
  readonly everyMs?: number;
}

/** Queries of one provider in one day. */
interface Asked {
  readonly provider: string;
  readonly day: number;
  readonly asked: number;
}

// Far older than any day that a clock may be wrong by.
const KEPT_DAYS = 30;

/**
 * Opens the counts as the processes before this one left them, so that a restart gives no day's quota anew. Of what all have asked, this
 * process takes its part on itself. Rejects with `unavailable` when the store is away; later it goes on counting without it.
 */
export async function openQuotaDays({ store, instances = 1, logger, everyMs = 1_000 }: QuotaDaysOptions): Promise<QuotaDays> {
  const before = await readNewest(store);
  const counts = new Map<string, DayCount>();
  let unwritten = new Map<string, Asked>();

  function open(provider: string): DayCount {
    const { day = 0, asked = 0 } = before.get(provider) ?? {};
    const count = createDayCount({ day, asked: Math.ceil(asked / instances) });
    return {
      of: (wanted) => count.of(wanted),
      add(wanted) {
        count.add(wanted);
        note({ provider, day: wanted, asked: 1 });
      },
    };
  }

  function note({ provider, day, asked }: Asked): void {
    const key = `${provider}\n${day}`;
    unwritten.set(key, { provider, day, asked: (unwritten.get(key)?.asked ?? 0) + asked });
  }

  async function write(): Promise<void> {
    if (unwritten.size === 0) return;
    const writing = [...unwritten.values()];
    unwritten = new Map();
    try {
      await add(store, writing);
    } catch (failure) {
      // Should they have been written all the same, they count twice: rather too few are asked than too many.
      writing.forEach(note);
      logger.warn({ code: fromUnknown(failure).code, err: failure }, 'what was asked today cannot be written down');
    }
  }

  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      await write();
    }
    // What came up during the last writing.
    await write();
  })();
  return {
    of(provider) {
      const known = counts.get(provider) ?? open(provider);
      counts.set(provider, known);
      return known;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

/** The newest day of each provider. Forgets what is long over. */
async function readNewest(store: Store<QuotaDayTables>): Promise<ReadonlyMap<string, Asked>> {
  const table = sql.id(store.schema, 'quota_days');
  await sql`delete from ${table} where day < (select max(day) from ${table}) - ${KEPT_DAYS}::integer`.execute(store.db);
  const { rows } = await sql<{ provider: string; day: number; asked: string }>`
    select distinct on (provider) provider, day, asked from ${table} order by provider, day desc`.execute(store.db);
  return new Map(rows.map(({ provider, day, asked }) => [provider, { provider, day, asked: Number(asked) }]));
}

/** Adds to what is there, in one order for all, so that two processes do not wait for each other in a circle. */
async function add(store: Store<QuotaDayTables>, counted: readonly Asked[]): Promise<void> {
  const rows = [...counted].sort((a, b) => (a.provider < b.provider ? -1 : a.provider > b.provider ? 1 : a.day - b.day));
  await sql`insert into ${sql.id(store.schema, 'quota_days')} as known (provider, day, asked)
    select * from unnest(${rows.map(({ provider }) => provider)}::text[], ${rows.map(({ day }) => day)}::integer[],
      ${rows.map(({ asked }) => asked)}::bigint[])
    on conflict (provider, day) do update set asked = known.asked + excluded.asked`.execute(store.db);
}
