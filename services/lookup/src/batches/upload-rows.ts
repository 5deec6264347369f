import { RetryableError } from '@vouch/errors';
import { sql } from '@vouch/store';
import type { LookupStore, LookupTransaction } from '../keeping/store.js';
import { BOUNDS, PACE } from './bounds.js';

/** An upload that may write one batch. */
export interface Upload {
  readonly id: string;
  /** Fences off an upload that was given up. */
  readonly token: string;
}

/** Whether an upload may begin, or another with its idempotency key was whole before. */
export type Opened = { readonly kind: 'open'; readonly upload: Upload } | { readonly kind: 'known'; readonly id: string };

/** One chunk to be written. */
export interface NewChunk {
  readonly number: number;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly sealed: Buffer;
}

/**
 * Makes a batch in status `receiving`. `ids`: the ids that its idempotency key stands for, by every key kept, current first. An upload that
 * was cut long enough ago gives way. Throws `idempotency_in_progress` while one is under way, `batch_limit_reached`.
 */
export async function openUpload(
  store: LookupStore,
  { ids, token, platform }: { readonly ids: readonly string[]; readonly token: string; readonly platform: string },
): Promise<Opened> {
  return store.transaction(async (tx) => {
    // Counting and adding must not be interleaved with another upload of the platform.
    await sql`select pg_advisory_xact_lock(hashtext(${`batches ${platform}`}))`.execute(tx);
    const known = await tx.selectFrom('batches').select(['id', 'status', 'heard_at']).where('id', 'in', ids).executeTakeFirst();
    if (known && known.status !== 'receiving') return { kind: 'known', id: known.id };
    if (known && known.heard_at.getTime() > Date.now() - PACE.uploadSilentMs) {
      throw new RetryableError('idempotency_in_progress', { retryAfterMs: PACE.uploadSilentMs });
    }
    if (known) await tx.deleteFrom('batches').where('id', '=', known.id).execute();
    await assertRoom(tx, platform);
    const upload = { id: ids[0] as string, token };
    await tx.insertInto('batches').values({ id: upload.id, platform, status: 'receiving', upload: token }).execute();
    return { kind: 'open', upload };
  });
}

async function assertRoom(tx: LookupTransaction, platform: string): Promise<void> {
  const { kept, open } = await tx
    .selectFrom('batches')
    .select(({ fn }) => [fn.countAll<string>().as('kept'), fn.countAll<string>().filterWhere('ended_at', 'is', null).as('open')])
    .where('platform', '=', platform)
    .executeTakeFirstOrThrow();
  const tell = (detail: string) => new RetryableError('batch_limit_reached', { detail, retryAfterMs: 60_000 });
  if (Number(open) >= BOUNDS.mostOpenBatches) throw tell(`A platform may have ${BOUNDS.mostOpenBatches} batches that have not ended`);
  if (Number(kept) >= BOUNDS.mostKeptBatches) throw tell(`A platform may have ${BOUNDS.mostKeptBatches} batches that are kept`);
}

/** Writes chunks of an upload; false when it may no longer. */
export async function writeChunks(store: LookupStore, upload: Upload, chunks: readonly NewChunk[]): Promise<boolean> {
  const rows = sql.join(
    chunks.map(({ number, firstRow, rowCount, sealed }) => sql`(${number}::int, ${firstRow}::int, ${rowCount}::int, ${sealed}::bytea)`),
  );
  const { rows: written } = await sql`
    insert into ${sql.id(store.schema, 'batch_chunks')} (batch_id, number, first_row, row_count, sealed)
    select batch.id, made.number, made.first_row, made.row_count, made.sealed
    from (values ${rows}) as made(number, first_row, row_count, sealed), ${sql.id(store.schema, 'batches')} as batch
    where batch.id = ${upload.id} and batch.upload = ${upload.token} and batch.status = 'receiving' returning number`.execute(store.db);
  return written.length === chunks.length;
}

/** Says that an upload is still under way. */
export async function beat(store: LookupStore, { id, token }: Upload): Promise<void> {
  await store.db
    .updateTable('batches')
    .set({ heard_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .where('upload', '=', token)
    .execute();
}

/** The upload is whole: the batch takes its turn. False when it may no longer. */
export async function closeUpload(store: LookupStore, upload: Upload, whole: { total: number; fingerprint: string }): Promise<boolean> {
  const { numUpdatedRows } = await store.db
    .updateTable('batches')
    .set({ ...whole, status: 'queued', created_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', upload.id)
    .where('upload', '=', upload.token)
    .where('status', '=', 'receiving')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Forgets an upload that was not whole, with all that it wrote. */
export async function dropUpload(store: LookupStore, { id, token }: Upload): Promise<void> {
  await store.db.deleteFrom('batches').where('id', '=', id).where('upload', '=', token).where('status', '=', 'receiving').execute();
}
