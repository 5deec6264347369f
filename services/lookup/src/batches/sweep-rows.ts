import { sql } from '@vouch/store';
import type { LookupStore } from '../keeping/store.js';
import { countOutcomes, type Outcomes, type RowOutcome } from './batch.js';
import { command } from './batch-rows.js';
import { BOUNDS, PACE } from './bounds.js';

/** Code of a batch that was not over in time. */
const EXPIRED = 'batch_expired';
const MOST_AT_ONCE = 20;

/**
 * Looks at chunks with pending rows, those first that were not looked at for longest, and notes which of the verifications have ended.
 * Returns the batches that they are of.
 */
export async function settlePending(store: LookupStore): Promise<string[]> {
  return store.transaction(async (tx) => {
    const found = await tx
      .selectFrom('batch_chunks')
      .select(['batch_id', 'number', 'outcomes'])
      .where('pending', '>', 0)
      // One that is leased is written by whoever has the lease.
      .where('lease', 'is', null)
      .orderBy(sql`looked_at nulls first`)
      .limit(PACE.mostSettled)
      .forUpdate()
      .skipLocked()
      .execute();
    const ids = found.flatMap(({ outcomes }) => (outcomes ?? []).flatMap((one) => (isPending(one) ? [one.id] : [])));
    const ended = new Map<string, 'done' | 'failed'>();
    if (ids.length > 0) {
      const rows = await tx
        .selectFrom('verifications')
        .select(['id', 'status'])
        .where('id', '=', sql<string>`any(${ids}::uuid[])`)
        .where('status', '!=', 'pending')
        .execute();
      for (const { id, status } of rows) ended.set(id, status === 'complete' ? 'done' : 'failed');
    }
    for (const { batch_id: batchId, number, outcomes } of found) {
      const settled = (outcomes ?? []).map((one) => (isPending(one) ? { ...one, state: ended.get(one.id) ?? one.state } : one));
      const changed = settled.some((one, index) => isPending(outcomes?.[index] ?? null) && !isPending(one));
      await tx
        .updateTable('batch_chunks')
        .set({ looked_at: sql<Date>`clock_timestamp()`, ...(changed ? toColumns(settled) : {}) })
        .where('batch_id', '=', batchId)
        .where('number', '=', number)
        .execute();
    }
    return [...new Set(found.map(({ batch_id: batchId }) => batchId))];
  });
}

const isPending = (outcome: RowOutcome | null): outcome is Extract<RowOutcome, { kind: 'verification' }> =>
  outcome?.kind === 'verification' && outcome.state === 'pending';

const toColumns = (outcomes: Outcomes) => ({ outcomes: JSON.stringify(outcomes), ...countOutcomes(outcomes) });

/** Batches that are running: their end may have been missed by an instance that died. */
export async function findRunning(store: LookupStore): Promise<string[]> {
  const rows = await store.db
    .selectFrom('batches')
    .select('id')
    .where('status', 'in', ['running', 'paused'])
    .where('ended_at', 'is', null)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Erases the rows of cancelled batches that nobody holds: those of a chunk that was put down because of a pause while the batch was being
 * cancelled, and those of a batch whose instance died between cancelling and erasing.
 */
export async function eraseCancelled(store: LookupStore): Promise<void> {
  await sql`update ${sql.id(store.schema, 'batch_chunks')} as chunk set sealed = null
    from ${sql.id(store.schema, 'batches')} as batch
    where batch.id = chunk.batch_id and batch.status = 'cancelled' and chunk.sealed is not null and chunk.lease is null`.execute(store.db);
}

/** Forgets uploads that were cut, cancels what takes too long, and deletes what was kept for long enough. */
export async function removeOver(store: LookupStore): Promise<void> {
  const ago = (ms: number) => sql<Date>`statement_timestamp() - make_interval(secs => ${ms / 1_000})`;
  const { db } = store;
  await db.deleteFrom('batches').where('status', '=', 'receiving').where('heard_at', '<', ago(PACE.uploadSilentMs)).execute();
  const late = await db
    .selectFrom('batches')
    .select('id')
    .where('ended_at', 'is', null)
    .where('status', '!=', 'receiving')
    .where('created_at', '<', ago(BOUNDS.longestBatchMs))
    .limit(MOST_AT_ONCE)
    .execute();
  for (const { id } of late) {
    await command(store, id, 'cancel');
    await db.updateTable('batches').set({ code: EXPIRED }).where('id', '=', id).where('status', '=', 'cancelled').execute();
  }
  await db
    .deleteFrom('batches')
    .where('id', 'in', (eb) =>
      eb.selectFrom('batches').select('id').where('ended_at', '<', ago(BOUNDS.keptMs)).limit(MOST_AT_ONCE).forUpdate().skipLocked(),
    )
    .execute();
}
