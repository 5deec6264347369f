import { inOneGo, sql, type Transaction } from '@vouch/store';
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
  const seen = new Set<string>();
  const unique = sources.filter(({ id }) => !seen.has(id) && seen.add(id));
  const [[log], taken] = await inOneGo(tx, [LOG_LOCK, takenIds([...seen])]);
  const next = BigInt((log as Log).next_index);
  const known = new Set(taken.map((row) => row.event_id));
  const appended = unique.filter((source) => !known.has(source.id)).map((source, place) => ({ source, index: next + BigInt(place) }));
  if (appended.length === 0) return [];
  await inOneGo(tx, [leavesInsert(appended.map(toRow)), sql`update audit.log set next_index = ${String(next + BigInt(appended.length))}`]);
  return appended;
}

interface Log {
  readonly next_index: string;
}

/** Locks the counter. */
const LOG_LOCK = sql<Log>`select next_index from audit.log for update`;

/** Locks the counter. Every transaction that appends begins with it, so that none waits for another in a circle. */
export async function lockLog(tx: Transaction<AuditTables>): Promise<bigint> {
  const { rows } = await LOG_LOCK.execute(tx);
  return BigInt((rows[0] as Log).next_index);
}

const takenIds = (ids: readonly string[]) => sql<{ event_id: string }>`select event_id from audit.leaves where event_id = any(${ids})`;

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

// One parameter however many leaves.
const leavesInsert = (rows: readonly LeafRow[]) =>
  sql`with given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as n(index bigint, event_id text, type text, time timestamptz,
        leaf text, leaf_hash text, salt text, payload jsonb)
    ), appended as (
      insert into audit.leaves (index, event_id, type, time, leaf, leaf_hash)
      select index, event_id, type, time, decode(leaf, 'base64'), decode(leaf_hash, 'base64') from given order by index
    )
    insert into audit.leaf_contents (index, salt, payload)
    select index, decode(salt, 'base64'), payload from given`;
