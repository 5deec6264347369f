import { createBatcher } from '@vouch/batching';
import { sql } from '@vouch/store';
import { fromRow, type LookupStore } from './store.js';
import type { Verification } from './verification.js';

/** Finds verifications by id. Concurrent callers share queries. */
export type FindVerification = (id: string) => Promise<Verification | undefined>;

const MOST_IN_ONE_QUERY = 256;
const MOST_WAITING = 10_000;
const QUERIES_AT_ONCE = 2;

/** A finder over the store. It rejects with `overloaded` when too many wait, `unavailable` when the store is away. */
export function createFinder(store: LookupStore): FindVerification {
  const batcher = createBatcher<string, Verification | undefined>({
    maxBatch: MOST_IN_ONE_QUERY,
    maxQueue: MOST_WAITING,
    concurrency: QUERIES_AT_ONCE,
    flush: async (ids) => {
      const rows = await store.db
        .selectFrom('verifications')
        .selectAll()
        .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
        .execute();
      const byId = new Map(rows.map((row) => [row.id, fromRow(row)]));
      return ids.map((id) => byId.get(id));
    },
  });
  return (id) => batcher.add(id);
}
