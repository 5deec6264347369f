import { type Selectable, sql } from '@vouch/store';
import type { BatchTable, LookupStore } from '../keeping/store.js';
import type { Batch } from './batch.js';
import type { Tally } from './progress.js';

/** What a platform may tell a batch. */
export type BatchCommand = 'pause' | 'resume' | 'cancel';

const RECENT_SECONDS = 30;

/** A row as a batch. */
function fromRow(row: Selectable<BatchTable>): Batch {
  return {
    id: row.id,
    platform: row.platform,
    status: row.status,
    total: row.total,
    createdAt: row.created_at,
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  };
}

/** A batch by its id, with the fingerprint of its upload. */
export async function findBatch(store: LookupStore, id: string): Promise<{ batch: Batch; fingerprint: string } | undefined> {
  const row = await store.db.selectFrom('batches').selectAll().where('id', '=', id).executeTakeFirst();
  return row && { batch: fromRow(row), fingerprint: row.fingerprint ?? '' };
}

/** Counts what came of a batch's rows so far. */
export async function tallyOf(store: LookupStore, id: string): Promise<Tally> {
  const recent = sql`make_interval(secs => ${RECENT_SECONDS})`;
  const { rows } = await sql<Tally>`
    select coalesce(sum(done), 0)::int as done, coalesce(sum(failed), 0)::int as failed, coalesce(sum(pending), 0)::int as waiting,
      coalesce(sum(row_count) filter (where finished_at > greatest(batch.running_since, clock_timestamp() - ${recent})), 0)::int as recent,
      extract(epoch from least(clock_timestamp() - batch.running_since, ${recent}))::float8 as "recentSeconds",
      (batch.active_ms / 1000.0 + coalesce(extract(epoch from clock_timestamp() - batch.running_since), 0))::float8 as "activeSeconds"
    from ${sql.id(store.schema, 'batches')} as batch left join ${sql.id(store.schema, 'batch_chunks')} as chunk on chunk.batch_id = batch.id
    where batch.id = ${id} group by batch.id`.execute(store.db);
  return rows[0] ?? { done: 0, failed: 0, waiting: 0, recent: 0, recentSeconds: 0, activeSeconds: 0 };
}

const RAN_MS = sql<string>`active_ms + coalesce((extract(epoch from clock_timestamp() - running_since) * 1000)::bigint, 0)`;
const NOW = sql<Date>`clock_timestamp()`;

/** Carries a command out where the batch's status lets it; nothing happens where it does not. */
export async function command(store: LookupStore, id: string, what: BatchCommand): Promise<void> {
  const change = store.db.updateTable('batches').where('id', '=', id);
  if (what === 'pause') {
    await change.set({ status: 'paused', active_ms: RAN_MS, running_since: null }).where('status', 'in', ['queued', 'running']).execute();
  } else if (what === 'resume') {
    await change
      .set({
        status: sql`case when started_at is null then 'queued' else 'running' end`,
        running_since: sql`case when started_at is null or asked_at is not null then null else clock_timestamp() end`,
      })
      .where('status', '=', 'paused')
      .execute();
  } else {
    await change
      .set({ status: 'cancelled', active_ms: RAN_MS, running_since: null, ended_at: NOW })
      .where('status', 'in', ['queued', 'running', 'paused'])
      .execute();
    await eraseUnasked(store, id);
  }
}

/** Erases the rows of a cancelled batch that nobody is asking. Whoever is asking some erases them when it stops. */
async function eraseUnasked(store: LookupStore, id: string): Promise<void> {
  await store.db
    .updateTable('batch_chunks')
    .set({ sealed: null })
    .where('batch_id', '=', id)
    .where('lease', 'is', null)
    .where('sealed', 'is not', null)
    .where(({ exists, selectFrom }) => exists(selectFrom('batches').select('id').where('id', '=', id).where('status', '=', 'cancelled')))
    .execute();
}

/** Notes that every row has been asked, and that the batch is complete, where that is so. */
export async function noteEnd(store: LookupStore, id: string): Promise<void> {
  const batches = sql.id(store.schema, 'batches');
  const chunks = sql.id(store.schema, 'batch_chunks');
  await sql`update ${batches} set asked_at = clock_timestamp(), active_ms = ${RAN_MS}, running_since = null
    where id = ${id} and asked_at is null and status in ('running', 'paused')
      and not exists (select 1 from ${chunks} where batch_id = ${id} and finished_at is null)`.execute(store.db);
  await sql`update ${batches} set status = 'complete', ended_at = clock_timestamp()
    where id = ${id} and asked_at is not null and status in ('running', 'paused')
      and not exists (select 1 from ${chunks} where batch_id = ${id} and pending > 0)`.execute(store.db);
}
