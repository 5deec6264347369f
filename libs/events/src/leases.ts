import { type Kysely, type Store, sql, type Transaction } from '@vouch/store';
import type { LeaseTable, MemberTable } from './lease-tables.js';

/** What is to be shared among the members of a scope. */
export interface LeaseOptions<T> {
  readonly store: Store<T>;
  /** Tables `<prefix>_lease` and `<prefix>_member`. */
  readonly prefix: string;
  readonly scope: string;
  /** Everything there is to hold. */
  readonly items: readonly string[];
  /** This member; unique among the live ones. One that comes back under the same name takes up its items at once. */
  readonly owner: string;
  /** How long a lease lasts without renewal, milliseconds. */
  readonly leaseMs?: number;
}

/** This member's share. */
export interface Leases {
  /** Items held for certain; empty when the last renewal is too long ago, as after a pause of this process. */
  held(): readonly string[];
  /** When it is time to renew, milliseconds of `performance.now()`. */
  readonly renewAt: number;
  /** Renews what is held; with `share` also takes what is free, up to a fair share, and gives up what is beyond it. */
  renew(share: boolean): Promise<void>;
  /** Hands everything back, so that others need not wait for the end of the leases. */
  release(): Promise<void>;
}

interface Tables {
  [lease: `${string}_lease`]: LeaseTable;
  [member: `${string}_member`]: MemberTable;
}

const LEASE_MS = 6_000;

/**
 * Leases in the database, by the database's clock. They spare work, no more: a member that was paused may wake up and believe for a
 * moment that it still holds an item, so whoever uses them must be right with two holders, too.
 */
export function createLeases<T>(options: LeaseOptions<T>): Leases {
  const { prefix, scope, items, owner, leaseMs = LEASE_MS } = options;
  const store = options.store as unknown as Store<Tables>;
  const lease = `${prefix}_lease` as const;
  const member = `${prefix}_member` as const;
  const until = sql<Date>`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;
  let mine: readonly string[] = [];
  let certainUntil = 0;
  let renewAt = 0;
  let itemsExist = false;

  /** Live members, this one included. */
  async function join(tx: Transaction<Tables>): Promise<number> {
    await tx
      .insertInto(member)
      .values({ scope, member: owner, live_until: until })
      .onConflict((conflict) => conflict.columns(['scope', 'member']).doUpdateSet({ live_until: until }))
      .execute();
    const { live } = await tx
      .selectFrom(member)
      .select((eb) => eb.fn.countAll<string>().as('live'))
      .where('scope', '=', scope)
      .where('live_until', '>', sql<Date>`clock_timestamp()`)
      .executeTakeFirstOrThrow();
    return Number(live);
  }

  async function extend(tx: Transaction<Tables>): Promise<string[]> {
    const rows = await tx
      .updateTable(lease)
      .set({ held_until: until })
      .where('scope', '=', scope)
      .where('owner', '=', owner)
      .returning('item')
      .execute();
    return rows.map((row) => row.item);
  }

  async function take(tx: Transaction<Tables>, most: number): Promise<string[]> {
    const free = (db: Kysely<Tables>) =>
      db
        .selectFrom(lease)
        .select('item')
        .where('scope', '=', scope)
        .where((eb) => eb.or([eb('owner', 'is', null), eb('held_until', '<', sql<Date>`clock_timestamp()`)]))
        .orderBy('item')
        .limit(most)
        .forUpdate()
        .skipLocked();
    const rows = await tx
      .updateTable(lease)
      .set({ owner, held_until: until })
      .where('scope', '=', scope)
      .where('item', 'in', free(tx))
      .returning('item')
      .execute();
    return rows.map((row) => row.item);
  }

  async function giveUp(db: Kysely<Tables>, surplus: readonly string[]): Promise<void> {
    await db
      .updateTable(lease)
      .set({ owner: null })
      .where('scope', '=', scope)
      .where('owner', '=', owner)
      .where('item', 'in', surplus)
      .execute();
  }

  async function makeItems(): Promise<void> {
    await store.db
      .insertInto(lease)
      .values(items.map((item) => ({ scope, item, owner: null })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await store.db
      .deleteFrom(member)
      .where('scope', '=', scope)
      .where('live_until', '<', sql<Date>`clock_timestamp() - interval '1 hour'`)
      .execute();
    itemsExist = true;
  }

  return {
    held: () => (performance.now() < certainUntil ? mine : []),
    get renewAt() {
      return renewAt;
    },
    async renew(share) {
      if (!itemsExist) await makeItems();
      // Counted from before the statement, so that we never believe longer than the database does.
      const asked = performance.now();
      mine = await store.transaction(async (tx) => {
        const fairShare = Math.ceil(items.length / (await join(tx)));
        const kept = await extend(tx);
        if (!share) return kept;
        const surplus = kept.splice(fairShare);
        if (surplus.length > 0) await giveUp(tx, surplus);
        return kept.length < fairShare ? [...kept, ...(await take(tx, fairShare - kept.length))] : kept;
      });
      certainUntil = asked + leaseMs * 0.9;
      renewAt = asked + leaseMs / 3;
    },
    async release() {
      mine = [];
      certainUntil = 0;
      await store.transaction(async (tx) => {
        await tx.updateTable(lease).set({ owner: null }).where('scope', '=', scope).where('owner', '=', owner).execute();
        await tx.deleteFrom(member).where('scope', '=', scope).where('member', '=', owner).execute();
      });
    },
  };
}
