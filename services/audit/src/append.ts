import { inOneGo, sql, type Transaction } from '@vouch/store';
import { toBytesArray, toTextArray, toTimeArray } from './binary-arrays.js';
import { type LeafSource, toLeaf } from './leaf.js';
import type { AuditTables } from './tables.js';

/**
 * Appends a leaf per event id that has none yet, in the order given, and returns their sources with their positions. The counter's lock is
 * held until the transaction ends, so that positions have no holes and appear in order.
 */
export async function appendLeaves<S extends LeafSource>(
  tx: Transaction<AuditTables>,
  sources: readonly S[],
): Promise<readonly { readonly source: S; readonly index: bigint }[]> {
  const fresh = new Map<string, S>();
  for (const source of sources) if (!fresh.has(source.id)) fresh.set(source.id, source);
  const [[log], taken] = await inOneGo(tx, [LOG_LOCK, takenIds([...fresh.keys()])]);
  const next = BigInt((log as Log).next_index);
  for (const { event_id } of taken) fresh.delete(event_id);
  if (fresh.size === 0) return [];
  const appended = [...fresh.values()];
  await inOneGo(tx, [...leavesInserts(next, appended), sql`update audit.log set next_index = ${String(next + BigInt(appended.length))}`]);
  return appended.map((source, place) => ({ source, index: next + BigInt(place) }));
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

const takenIds = (ids: readonly string[]) =>
  sql<{ event_id: string }>`select event_id from audit.leaves where event_id = any(${toTextArray(ids)}::text[])`;

/** Of the first leaf's position and of the leaves in their order. */
function leavesInserts(first: bigint, sources: readonly LeafSource[]) {
  const leaves = sources.map(toLeaf);
  const ids = toTextArray(sources.map(({ id }) => id));
  const types = toTextArray(sources.map(({ type }) => type));
  const times = toTimeArray(sources.map(({ time }) => time));
  const bytes = toBytesArray(leaves.map((leaf) => leaf.bytes));
  const hashes = toBytesArray(leaves.map((leaf) => leaf.hash));
  const salts = toBytesArray(sources.map(({ salt }) => salt));
  const payloads = toTextArray(leaves.map(({ payload }) => payload));
  return [
    sql`insert into audit.leaves (index, event_id, type, time, leaf, leaf_hash)
      select ${String(first)}::bigint + place - 1, event_id, type, time, leaf, leaf_hash
      from unnest(${ids}::text[], ${types}::text[], ${times}::timestamptz[], ${bytes}::bytea[], ${hashes}::bytea[])
        with ordinality as n(event_id, type, time, leaf, leaf_hash, place)`,
    sql`insert into audit.leaf_contents (index, salt, payload)
      select ${String(first)}::bigint + place - 1, salt, payload
      from unnest(${salts}::bytea[], ${payloads}::text[]) with ordinality as n(salt, payload, place)`,
  ];
}
