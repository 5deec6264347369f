import { sql } from '@vouch/store';
import { fromRow, type LookupStore } from './store.js';

/**
 * Takes pending verifications whose time has come, for `leaseMs`: no other process takes them until then, unless this one dies. What should
 * have been erased by now is left to the erasing.
 */
export async function takeDue(store: LookupStore, options: { readonly now: Date; readonly leaseMs: number; readonly limit: number }) {
  const { now, leaseMs, limit } = options;
  const leaseEnd = new Date(now.getTime() + leaseMs);
  const rows = await store.db
    .updateTable('verifications')
    .set((eb) => ({ retry_lease_end: leaseEnd, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('verifications')
        .select('id')
        .where('status', '=', 'pending')
        .where('retry_at', '<=', now)
        .where('erase_at', '>', now)
        .where((or) => or.or([or('retry_lease_end', 'is', null), or('retry_lease_end', '<', now)]))
        .orderBy('retry_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .where('status', '=', 'pending')
    .returningAll()
    .execute();
  return rows.map(fromRow);
}

/** Puts a pending verification off, when nothing about it has changed. */
export async function putOff(store: LookupStore, id: string, sequence: number, retryAt: Date): Promise<void> {
  await store.db
    .updateTable('verifications')
    .set({ retry_at: retryAt, retry_lease_end: null })
    .where('id', '=', id)
    .where('sequence', '=', sequence)
    .where('status', '=', 'pending')
    .execute();
}

/** Brings forward what waits for an agency. */
export async function wakeWaitingFor(store: LookupStore, agency: string, now: Date): Promise<void> {
  await store.db
    .updateTable('verifications')
    .set({ retry_at: now })
    .where('status', '=', 'pending')
    .where('retry_at', '>', now)
    .where(sql<boolean>`waiting_for @> ${JSON.stringify([agency])}::jsonb`)
    .execute();
}
