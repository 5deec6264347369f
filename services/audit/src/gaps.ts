import { CONSUMERS, dropStale, type ReceivedEvent, type SequenceGap } from '@vouch/events';
import { sql, type Transaction } from '@vouch/store';
import { toBooleanArray, toTextArray, toUuidArray } from './binary-arrays.js';
import type { Decoded } from './decode.js';
import { writerOf } from './domain/writer.js';
import type { AuditTables } from './tables.js';

type AuditEvent = ReceivedEvent<Decoded>;

/**
 * Events that never came: holes in the sequence numbers of a key. Call it under the log's lock, before what the events say is written. What is about a verification is numbered in its row, which is written anyway, so that of a key whose events come
 * as 1, 2, 3 … nothing needs to be looked up and nothing more remembered: that is nearly every key.
 */
export async function findGaps(tx: Transaction<AuditTables>, events: readonly AuditEvent[]): Promise<readonly SequenceGap[]> {
  const others: AuditEvent[] = [];
  const counts = new Map<string, number>();
  const unclear = new Map<string, AuditEvent>();
  for (const event of events) {
    const { key, sequence } = event;
    if (writerOf(key, event.payload.record.verificationId) === undefined) {
      others.push(event);
      continue;
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (sequence !== count) unclear.set(key, event);
  }
  const gaps = [...(await dropStale(tx, CONSUMERS.audit, others)).gaps];
  if (unclear.size === 0) return gaps;
  const last = await readLast(tx, [...unclear.values()]);
  for (const { topic, key, sequence } of events) {
    const before = last.get(key);
    if (before === undefined || sequence <= before) continue;
    if (sequence > before + 1) gaps.push({ topic, key, from: before + 1, to: sequence - 1 });
    last.set(key, sequence);
  }
  return gaps;
}

/** Last number taken of the keys of events about verifications. What was taken long ago is known to `consumed` alone. */
async function readLast(tx: Transaction<AuditTables>, events: readonly AuditEvent[]): Promise<Map<string, number>> {
  const ids = events.map(({ payload }) => payload.record.verificationId);
  const topics = toTextArray(events.map(({ topic }) => topic));
  const keys = toTextArray(events.map(({ key }) => key));
  const byConsent = toBooleanArray(events.map(({ key }, place) => writerOf(key, ids[place] as string) === 'consent'));
  const { rows } = await sql<{ key: string; last: number }>`
    select n.key, coalesce(greatest(case when by_consent then v.consent_sequence else v.lookup_sequence end, c.sequence), 0) as last
    from unnest(${toUuidArray(ids)}::uuid[], ${topics}::text[], ${keys}::text[], ${byConsent}::boolean[])
      as n(verification_id, topic, key, by_consent)
    left join audit.verifications v on v.verification_id = n.verification_id
    left join audit.consumed c on c.consumer = ${CONSUMERS.audit} and c.topic = n.topic and c.key = n.key`.execute(tx);
  return new Map(rows.map((row) => [row.key, row.last]));
}
