import { sql } from '@vouch/store';
import { fromRow, type LookupStore } from './store.js';
import type { Verification } from './verification.js';

/** A pending verification that a process has taken: `attempts` is counted up by each taking, so it tells whose it is. */
export type Taken = Pick<Verification, 'id' | 'attempts' | 'sequence'>;

const MOST_BROUGHT_FORWARD = 500;
// The statement's time, since an index cannot be searched by `clock_timestamp()`: it may be another for each row.
const CLOCK = sql<Date>`statement_timestamp()`;
// The database's clock: those of two processes may differ by more than a lease.
const inMs = (ms: number) => sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1_000})`;

/** Which pending verifications are taken. */
export interface Due {
  readonly leaseMs: number;
  readonly limit: number;
  /** Those that were put off because all agencies that they wait for were away, or the others. */
  readonly away: boolean;
}

/**
 * Takes pending verifications whose time has come, for `leaseMs`: no other process takes them until then, unless the lease is not kept up.
 * What should have been erased by now is left to the erasing.
 */
export async function takeDue(store: LookupStore, { leaseMs, limit, away }: Due): Promise<Verification[]> {
  const rows = await store.db
    .updateTable('verifications')
    .set((eb) => ({ retry_lease_end: inMs(leaseMs), attempts: eb('attempts', '+', 1), away: false }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('verifications')
        .select('id')
        .where('status', '=', 'pending')
        // As the index has it.
        .where(away ? sql<boolean>`away` : sql<boolean>`not away`)
        .where('retry_at', '<=', CLOCK)
        .where('erase_at', '>', CLOCK)
        .where((or) => or.or([or('retry_lease_end', 'is', null), or('retry_lease_end', '<', CLOCK)]))
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

/**
 * Keeps up the leases on what was taken and is still being asked about. A row that another transaction holds is left to the next time: one that
 * erases holds many, and two that wait for each other's would never end.
 */
export async function keepTaken(store: LookupStore, taken: readonly Taken[], leaseMs: number): Promise<void> {
  if (taken.length === 0) return;
  const rows = JSON.stringify(taken.map(({ id, attempts }) => ({ id, attempts })));
  const table = sql.id(store.schema, 'verifications');
  await sql`
    with free as materialized (
      select kept.id from ${table} as kept
      join json_to_recordset(${rows}::json) as taken(id uuid, attempts integer) on kept.id = taken.id and kept.attempts = taken.attempts
      where kept.status = 'pending' and kept.retry_lease_end is not null
      for update of kept skip locked)
    update ${table} as kept set retry_lease_end = ${inMs(leaseMs)} from free where kept.id = free.id`.execute(store.db);
}

/** A pending verification that is to be taken again at a later time. */
export interface PutOff extends Taken {
  readonly until: Date;
  /** All agencies that it waits for are away. */
  readonly away: boolean;
}

/**
 * Puts pending verifications off, each when nothing about it has changed and nobody else has taken it since. One that another transaction holds,
 * which most likely ends it, is left to its lease.
 */
export async function putOff(store: LookupStore, putOffs: readonly PutOff[]): Promise<void> {
  if (putOffs.length === 0) return;
  const rows = JSON.stringify(putOffs.map(({ id, attempts, sequence, until, away }) => ({ id, attempts, sequence, until, away })));
  const table = sql.id(store.schema, 'verifications');
  await sql`
    with free as materialized (
      select kept.id, put.until, put.away from ${table} as kept
      join json_to_recordset(${rows}::json) as put(id uuid, attempts integer, sequence integer, until timestamptz, away boolean)
        on kept.id = put.id and kept.attempts = put.attempts and kept.sequence = put.sequence
      where kept.status = 'pending'
      for update of kept skip locked)
    update ${table} as kept set retry_at = free.until, away = free.away, retry_lease_end = null from free where kept.id = free.id`.execute(
    store.db,
  );
}

/**
 * Brings forward what waits for an agency and is due at `from` or later: `most` at most, those first that are due next. Returns when the
 * last of them was due, if there may be more. What another process holds just now is left out: two that do this at once must not wait for
 * each other.
 */
async function bringPieceForward(store: LookupStore, agency: string, most: number, from: Date): Promise<Date | undefined> {
  const table = sql.id(store.schema, 'verifications');
  const { rows } = await sql<{ count: string; last: Date | null }>`
    with waiting as materialized (
      select id, retry_at from ${table}
      where status = 'pending' and retry_at > statement_timestamp() and retry_at >= ${from} and waiting_for @> ${JSON.stringify([agency])}::jsonb
      order by retry_at limit ${most} for update skip locked),
    brought as (update ${table} as kept set retry_at = clock_timestamp(), away = false from waiting where kept.id = waiting.id)
    select count(*) as count, max(retry_at) as last from waiting`.execute(store.db);
  const [{ count, last }] = rows as [{ count: string; last: Date | null }];
  return Number(count) === most && last ? last : undefined;
}

/** Brings forward the one that waits for an agency and is due next; whether there was one. */
export async function bringOneForward(store: LookupStore, agency: string): Promise<boolean> {
  return (await bringPieceForward(store, agency, 1, new Date(0))) !== undefined;
}

/** Brings forward all that wait for an agency, piece by piece. */
export async function bringAllForward(store: LookupStore, agency: string): Promise<void> {
  // What was brought forward is behind; the next piece goes on where the last one ended.
  for (let from: Date | undefined = new Date(0); from; from = await bringPieceForward(store, agency, MOST_BROUGHT_FORWARD, from));
}
