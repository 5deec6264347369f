import { sql } from '@vouch/store';
import type { LookupStore } from '../keeping/store.js';
import { type BatchStatus, countOutcomes, type Outcomes } from './batch.js';
import { PACE } from './bounds.js';

/** A chunk that an instance has to itself until its lease ends. */
export interface LeasedChunk {
  readonly token: string;
  readonly batchId: string;
  readonly platform: string;
  readonly number: number;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly sealed: Buffer | null;
  readonly outcomes: Outcomes | null;
  /**
   * Until when nobody else can have asked a row of it, milliseconds of `performance.now()`: for as long as the lease lasts by itself, when nobody
   * had the chunk before.
   */
  readonly untouchedUntil: number;
}

const LEASE_END = sql<Date>`clock_timestamp() + make_interval(secs => ${PACE.leaseMs / 1_000})`;
const COLUMNS = sql`chunk.batch_id as "batchId", chunk.number, chunk.first_row as "firstRow", chunk.row_count as "rowCount", chunk.sealed, chunk.outcomes`;

/**
 * Leases the next chunk. Each platform's batches take their turn, and the platform on whose rows fewest are at work comes first: one
 * with a million rows does not hold up one with a hundred. The locks are held for one statement, by instances that skip each other's.
 * `without`: platforms that are passed over.
 */
export async function leaseNext(store: LookupStore, token: string, without: readonly string[] = []): Promise<LeasedChunk | undefined> {
  const batches = sql.id(store.schema, 'batches');
  const chunks = sql.id(store.schema, 'batch_chunks');
  // From before the statement, so that we never believe longer than the database does.
  const certainUntil = performance.now() + PACE.leaseMs;
  return store.transaction(async (tx) => {
    const { rows } = await sql<Omit<LeasedChunk, 'token' | 'platform' | 'untouchedUntil'> & { untouched: boolean }>`
      with heads as (
        select distinct on (platform) id, platform from ${batches}
        where asked_at is null and ended_at is null and status in ('queued', 'running')
          and platform <> all(${[...without]}::text[]) order by platform, ordinal
      ), load as (
        select batch.platform, count(*) as chunks from ${chunks} as chunk join ${batches} as batch on batch.id = chunk.batch_id
        where chunk.lease is not null and chunk.lease_end > clock_timestamp() group by batch.platform
      ), served as (
        select platform, max(served_at) as at from ${batches} where platform in (select platform from heads) group by platform
      ), next as (
        select heads.id, free.number, free.untouched from heads left join load using (platform) left join served using (platform)
        cross join lateral (
          select number, lease is null and outcomes is null as untouched from ${chunks}
          where batch_id = heads.id and finished_at is null and (lease is null or lease_end < clock_timestamp())
          order by number limit 1 for update skip locked
        ) as free
        order by coalesce(load.chunks, 0), served.at nulls first limit 1
      )
      update ${chunks} as chunk set lease = ${token}, lease_end = ${LEASE_END} from next
      where chunk.batch_id = next.id and chunk.number = next.number returning ${COLUMNS}, next.untouched`.execute(tx);
    if (!rows[0]) return undefined;
    const { untouched, ...leased } = rows[0];
    const { rows: started } = await sql<{ platform: string }>`
      update ${batches} set served_at = clock_timestamp(), status = 'running', started_at = coalesce(started_at, clock_timestamp()),
        running_since = coalesce(running_since, clock_timestamp())
      where id = ${leased.batchId} and status in ('queued', 'running') returning platform`.execute(tx);
    const platform = started[0]?.platform;
    if (platform !== undefined) return { ...leased, token, platform, untouchedUntil: untouched ? certainUntil : 0 };
    // Paused in between.
    await sql`update ${chunks} set lease = null, lease_end = null where lease = ${token}`.execute(tx);
    return undefined;
  });
}

/** Leases a chunk of a paused or cancelled batch whose instance died over it. */
export async function leaseOrphan(store: LookupStore, token: string): Promise<(LeasedChunk & { status: BatchStatus }) | undefined> {
  const batches = sql.id(store.schema, 'batches');
  const chunks = sql.id(store.schema, 'batch_chunks');
  const { rows } = await sql<Omit<LeasedChunk, 'token' | 'untouchedUntil'> & { status: BatchStatus }>`
    update ${chunks} as chunk set lease = ${token}, lease_end = ${LEASE_END} from (
      select held.batch_id, held.number, batch.platform, batch.status
      from ${chunks} as held join ${batches} as batch on batch.id = held.batch_id
      where held.lease is not null and held.lease_end < clock_timestamp() and batch.status in ('paused', 'cancelled')
      limit 1 for update of held skip locked
    ) as orphan
    where chunk.batch_id = orphan.batch_id and chunk.number = orphan.number returning ${COLUMNS}, orphan.platform, orphan.status`.execute(
    store.db,
  );
  return rows[0] && { ...rows[0], token, untouchedUntil: 0 };
}

/** Makes leases last on; returns the status of each one's batch by token. One that is missing is lost. */
export async function renewLeases(store: LookupStore, tokens: readonly string[]): Promise<Map<string, BatchStatus>> {
  const { rows } = await sql<{ lease: string; status: BatchStatus }>`
    update ${sql.id(store.schema, 'batch_chunks')} as chunk set lease_end = ${LEASE_END} from ${sql.id(store.schema, 'batches')} as batch
    where batch.id = chunk.batch_id and chunk.lease = any(${[...tokens]}::uuid[]) returning chunk.lease, batch.status`.execute(store.db);
  return new Map(rows.map(({ lease, status }) => [lease, status]));
}

/**
 * Saves what came of a chunk's rows. `sealed`: what is kept of its rows; without it they stay as they are. `release`: the lease is given
 * back; the chunk is over when every row has an outcome. False when the lease is lost.
 */
export async function saveOutcomes(
  store: LookupStore,
  { token, batchId, number }: Pick<LeasedChunk, 'token' | 'batchId' | 'number'>,
  { outcomes, sealed, release }: { readonly outcomes: Outcomes; readonly sealed?: Buffer | null; readonly release: boolean },
): Promise<boolean> {
  const over = release && outcomes.every((outcome) => outcome !== null);
  const { numUpdatedRows } = await store.db
    .updateTable('batch_chunks')
    .set({
      outcomes: JSON.stringify(outcomes),
      ...countOutcomes(outcomes),
      ...(sealed === undefined ? {} : { sealed }),
      ...(release ? { lease: null, lease_end: null } : {}),
      ...(over ? { finished_at: sql<Date>`clock_timestamp()` } : {}),
    })
    .where('batch_id', '=', batchId)
    .where('number', '=', number)
    .where('lease', '=', token)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
