import { type Batcher, createBatcher } from '@vouch/batching';
import { VouchError } from '@vouch/errors';
import type { Transaction } from 'kysely';
import type { Store } from './database.js';

/** What a group commit needs to know. */
export interface GroupCommitOptions<T, Item, Result> {
  readonly store: Store<T>;
  /**
   * Writes the items; returns a result per item, in the items' order. Runs again with fewer items, or the same, when a transaction fails,
   * so it has no effect outside `tx`. A refusal of one item is a result, not a throw.
   */
  readonly commit: (tx: Transaction<T>, items: readonly Item[]) => Promise<readonly Result[]>;
  /** Most items in one transaction. */
  readonly maxBatch: number;
  /** Most items that wait; one more is refused with `overloaded`. */
  readonly maxQueue: number;
}

type Settled<Result> = { readonly result: Result } | { readonly failure: unknown };

/**
 * Lets concurrent callers share a transaction: one writer, which commits whatever waits as soon as the previous commit is done.
 * `add` resolves after the commit.
 *
 * When a transaction of several items fails, each half is tried in a transaction of its own, and so on, so that one bad
 * item fails alone. A failure that is retryable (the database is away) fails all of them at once.
 */
export function createGroupCommit<T, Item, Result>(options: GroupCommitOptions<T, Item, Result>): Batcher<Item, Result> {
  const { store, commit, maxBatch, maxQueue } = options;

  async function settle(items: readonly Item[]): Promise<Settled<Result>[]> {
    try {
      const results = await store.transaction(async (tx) => {
        const made = await commit(tx, items);
        if (made.length !== items.length) throw new Error(`A commit of ${items.length} items came back with ${made.length} results`);
        return made;
      });
      return results.map((result) => ({ result }));
    } catch (failure) {
      if (items.length === 1 || (failure instanceof VouchError && failure.retryable)) return items.map(() => ({ failure }));
      const middle = Math.ceil(items.length / 2);
      return [...(await settle(items.slice(0, middle))), ...(await settle(items.slice(middle)))];
    }
  }

  const batcher = createBatcher<Item, Settled<Result>>({ flush: settle, maxBatch, maxQueue });
  return {
    async add(item) {
      const settled = await batcher.add(item);
      if ('failure' in settled) throw settled.failure;
      return settled.result;
    },
    get waiting() {
      return batcher.waiting;
    },
  };
}
