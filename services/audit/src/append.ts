import { sql, type Transaction } from '@vouch/store';
import { type LeafSource, toLeaf } from './leaf.js';
import type { AuditTables } from './tables.js';

interface LeafRow {
  readonly index: string;
  readonly event_id: string;
  readonly type: string;
  readonly time: Date;
  readonly leaf: string;
  readonly leaf_hash: string;
  readonly salt: string;
  readonly payload: unknown;
}

/**
 * Appends a leaf per event id that has none yet, in the order given, and returns their sources with their positions. The counter's lock is
 * held until the transaction ends, so that positions have no holes and appear in order.
 */
export async function appendLeaves<S extends LeafSource>(
  tx: Transaction<AuditTables>,
  sources: readonly S[],
): Promise<readonly { readonly source: S; readonly index: bigint }[]> {
  const next = await lockLog(tx);
  const seen = new Set<string>();
  const unique = sources.filter(({ id }) => !seen.has(id) && seen.add(id));
  const known = await knownIds(tx, [...seen]);
  const appended = unique.filter((source) => !known.has(source.id)).map((source, place) => ({ source, index: next + BigInt(place) }));
  if (appended.length === 0) return [];
  await insertLeaves(tx, appended.map(toRow));
  await sql`update audit.log set next_index = ${String(next + BigInt(appended.length))}`.execute(tx);
  return appended;
}

/** Locks the counter. Every transaction that appends begins with it, so that none waits for another in a circle. */
export async function lockLog(tx: Transaction<AuditTables>): Promise<bigint> {
  const row = await tx.selectFrom('log').select('next_index').forUpdate().executeTakeFirstOrThrow();
  return BigInt(row.next_index);
}

async function knownIds(tx: Transaction<AuditTables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ event_id: string }>`select event_id from audit.leaves where event_id = any(${ids})`.execute(tx);
  return new Set(rows.map((row) => row.event_id));
}

function toRow({ source, index }: { source: LeafSource; index: bigint }): LeafRow {
  const { bytes, hash } = toLeaf(source);
  const { id, type, time, payload, salt } = source;
  return {
    index: String(index),
    event_id: id,
    type,
    time,
    leaf: bytes.toString('base64'),
    leaf_hash: hash.toString('base64'),
    salt: Buffer.from(salt).toString('base64'),
    payload,
  };
}

async function insertLeaves(tx: Transaction<AuditTables>, rows: readonly LeafRow[]): Promise<void> {
  // One parameter and one round trip however many leaves.
  await sql`with given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as n(index bigint, event_id text, type text, time timestamptz,
        leaf text, leaf_hash text, salt text, payload jsonb)
    ), appended as (
      insert into audit.leaves (index, event_id, type, time, leaf, leaf_hash)
      select index, event_id, type, time, decode(leaf, 'base64'), decode(leaf_hash, 'base64') from given order by index
    )
    insert into audit.leaf_contents (index, salt, payload)
    select index, decode(salt, 'base64'), payload from given`.execute(tx);
}
