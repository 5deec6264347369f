import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import type { DayCount, DayCounts } from '@vouch/provider-client';
import { type Store, sql } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import type { QuotaDayTables } from './tables.js';

/** Counts of what was asked of providers in a day, kept in the store. Disposing it writes what is not written yet. */
export interface QuotaDays extends DayCounts, AsyncDisposable {}

/** What keeping them needs. */
export interface QuotaDaysOptions {
  readonly store: Store<QuotaDayTables>;
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

const KEPT_DAYS = 30;

/**
 * Opens the counts of a service, which all of its processes share: each adds what it asked and hears with every writing what all have. So
 * a restart gives no day's quota anew, no part of it lies idle, and at most what the others ask between two writings is too much. Rejects
 * with `unavailable` when the store is away; later it goes on counting without it.
 */
export async function openQuotaDays({ store, logger, everyMs = 1_000 }: QuotaDaysOptions): Promise<QuotaDays> {
  await forgetOld(store);
  const known = createTally();
  for (const one of await readAll(store)) known.set(one);
  let unwritten = createTally();
  let writing = createTally();

  const of = (provider: string): DayCount => ({
    of: (day) => known.of(provider, day) + writing.of(provider, day) + unwritten.of(provider, day),
    add: (day) => unwritten.add({ provider, day, asked: 1 }),
  });

  /** What cannot be written down now is tried again with the next. */
  async function write(): Promise<void> {
    if (unwritten.all.length === 0) return;
    writing = unwritten;
    unwritten = createTally();
    try {
      for (const one of await addUp(store, writing.all)) known.set(one);
    } catch (failure) {
      // Should they have been written all the same, they count twice: rather too few are asked than too many.
      for (const one of writing.all) unwritten.add(one);
      logger.warn({ code: fromUnknown(failure).code, err: failure }, 'what was asked today cannot be written down');
    } finally {
      writing = createTally();
    }
  }

  const stopping = new AbortController();
  const running = (async () => {
    // The last writing begins after the end was asked for: it has what came up, or failed, in one that was under way then.
    for (let last = false; !last; ) {
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      last = stopping.signal.aborted;
      await write();
    }
  })();
  return {
    of,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

/** Numbers by provider and day. */
function createTally() {
  const entries = new Map<string, Asked>();
  const keyOf = ({ provider, day }: Pick<Asked, 'provider' | 'day'>): string => `${provider}\n${day}`;
  const of = (provider: string, day: number): number => entries.get(keyOf({ provider, day }))?.asked ?? 0;
  return {
    of,
    get all(): readonly Asked[] {
      return [...entries.values()];
    },
    set: (one: Asked): void => void entries.set(keyOf(one), one),
    add: ({ provider, day, asked }: Asked): void =>
      void entries.set(keyOf({ provider, day }), { provider, day, asked: of(provider, day) + asked }),
  };
}

type Row = { provider: string; day: number; asked: string };
const toAsked = ({ provider, day, asked }: Row): Asked => ({ provider, day, asked: Number(asked) });

async function readAll(store: Store<QuotaDayTables>): Promise<readonly Asked[]> {
  const { rows } = await sql<Row>`select provider, day, asked from ${tableOf(store)}`.execute(store.db);
  return rows.map(toAsked);
}

/** Adds to what is there, in one order for all, so that two processes do not wait for each other in a circle; returns what that makes. */
async function addUp(store: Store<QuotaDayTables>, counted: readonly Asked[]): Promise<readonly Asked[]> {
  const ordered = [...counted].sort((a, b) => (a.provider < b.provider ? -1 : a.provider > b.provider ? 1 : a.day - b.day));
  const { rows } = await sql<Row>`insert into ${tableOf(store)} as known (provider, day, asked)
    select * from unnest(${ordered.map(({ provider }) => provider)}::text[], ${ordered.map(({ day }) => day)}::integer[],
      ${ordered.map(({ asked }) => asked)}::bigint[])
    on conflict (provider, day) do update set asked = known.asked + excluded.asked
    returning provider, day, asked`.execute(store.db);
  return rows.map(toAsked);
}

/** By the database's clock: one of ours that is far ahead must not make the others forget. */
async function forgetOld(store: Store<QuotaDayTables>): Promise<void> {
  await sql`delete from ${tableOf(store)}
    where day < extract(epoch from statement_timestamp())::bigint / 86400 - ${KEPT_DAYS}::integer`.execute(store.db);
}

const tableOf = (store: Store<QuotaDayTables>) => sql.id(store.schema, 'quota_days');
