import { type RawBuilder, type Store, sql } from '@vouch/store';
import { toBooleanArray, toIntegerArray, toTextArray, toTimeArray, toUuidArray } from './binary-arrays.js';
import type { AuditRecord } from './domain/audit-record.js';
import type { Look } from './domain/looks.js';
import { ANSWER_GRACE_S } from './domain/result.js';
import type { AuditTables } from './tables.js';

/** Where a page of accesses begins: after the entry with this time and id. */
export interface PageStart {
  readonly at: Date;
  readonly verificationId: string;
}

/** One access as it was read. */
export interface AccessRow {
  readonly verification_id: string;
  readonly at: Date;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  readonly legal_basis: string;
  readonly consent_id: string;
  readonly claim_types: readonly string[];
  readonly answered: boolean;
  readonly refusal: string | null;
  readonly overdue: boolean;
}

/** One leaf as it was read. */
export interface LeafRow {
  readonly index: string;
  readonly leaf: Buffer;
  readonly leaf_hash: Buffer;
}

/** Whether an answer should have been recorded by now. */
export const overdue = sql<boolean>`coalesce(lease_end < statement_timestamp() - make_interval(secs => ${ANSWER_GRACE_S}::int), false)`;

/** The statements that write what a batch says about verifications: at most two, however many. */
export function looksWrites(looks: readonly Look[]): RawBuilder<unknown>[] {
  if (looks.length === 0) return [];
  const texts = (name: 'platform' | 'purpose' | 'region' | 'legalBasis' | 'consentId') => toTextArray(looks.map((look) => look[name]));
  const verificationsWrite = sql`insert into audit.verifications as v (verification_id, at, platform, purpose, region, legal_basis,
      consent_id, lease_end, answered, refusal, consent_sequence, lookup_sequence)
    select * from unnest(${toUuidArray(looks.map((look) => look.verificationId))}::uuid[], ${toTimeArray(looks.map((look) => look.at))}::timestamptz[],
      ${texts('platform')}::text[], ${texts('purpose')}::text[], ${texts('region')}::text[], ${texts('legalBasis')}::text[],
      ${texts('consentId')}::text[], ${toTimeArray(looks.map((look) => look.leaseEnd ?? null))}::timestamptz[],
      ${toBooleanArray(looks.map((look) => look.answered))}::boolean[], ${toTextArray(looks.map((look) => look.refusal ?? null))}::text[],
      ${toIntegerArray(looks.map((look) => look.sequences.consent))}::integer[],
      ${toIntegerArray(looks.map((look) => look.sequences.lookup))}::integer[])
    on conflict (verification_id) do update set
      at = least(v.at, excluded.at),
      lease_end = greatest(v.lease_end, excluded.lease_end),
      answered = v.answered or excluded.answered,
      refusal = coalesce(v.refusal, excluded.refusal),
      consent_sequence = greatest(v.consent_sequence, excluded.consent_sequence),
      lookup_sequence = greatest(v.lookup_sequence, excluded.lookup_sequence)`;
  const ids: string[] = [];
  const pseudonyms: string[] = [];
  const claimTypes: string[] = [];
  for (const { verificationId, persons } of looks) {
    for (const [pseudonym, types] of persons) {
      ids.push(verificationId);
      pseudonyms.push(pseudonym);
      claimTypes.push(toArrayText(types));
    }
  }
  if (ids.length === 0) return [verificationsWrite];
  const accessesWrite = sql`insert into audit.accesses as a (verification_id, pseudonym, claim_types)
    select verification_id, pseudonym, claim_types::text[]
    from unnest(${toUuidArray(ids)}::uuid[], ${toTextArray(pseudonyms)}::text[], ${toTextArray(claimTypes)}::text[])
      as n(verification_id, pseudonym, claim_types)
    on conflict (pseudonym, verification_id) do update
      set claim_types = (select array_agg(distinct type order by type) from unnest(a.claim_types || excluded.claim_types) as type)
      where not a.claim_types @> excluded.claim_types`;
  return [verificationsWrite, accessesWrite];
}

/** An array as PostgreSQL writes it. A column of arrays cannot be given as an array: those have one length. */
const toArrayText = (values: readonly string[]): string => `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join()}}`;

/** The statement that erases the accesses that records told of. */
export function accessesDelete(records: readonly Pick<AuditRecord, 'verificationId' | 'persons'>[]): RawBuilder<unknown> {
  const accesses = records.flatMap(({ verificationId, persons }) =>
    verificationId === '' ? [] : persons.map(({ pseudonym }) => ({ verificationId, pseudonym })),
  );
  return sql`delete from audit.accesses a
    using unnest(${toUuidArray(accesses.map((access) => access.verificationId))}::uuid[],
      ${toTextArray(accesses.map((access) => access.pseudonym))}::text[]) as n(verification_id, pseudonym)
    where a.pseudonym = n.pseudonym and a.verification_id = n.verification_id`;
}

/** Where a partition was read last. */
export interface ReadOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** The statement that remembers how far partitions have been read, if any; of one that is named twice, the furthest. */
export const offsetsWrite = (offsets: readonly ReadOffset[]): RawBuilder<unknown>[] =>
  offsets.length === 0
    ? []
    : [
        sql`insert into audit.offsets (topic, partition, next_offset)
    select topic, partition, max(read_offset) + 1
    from json_to_recordset(${JSON.stringify(offsets.map(({ offset, ...place }) => ({ ...place, read_offset: offset })))}::json)
      as n(topic text, partition integer, read_offset bigint)
    group by topic, partition
    on conflict (topic, partition) do update set next_offset = excluded.next_offset`,
      ];

/** Accesses to one person's facts, newest first, `limit` at most. */
export async function readAccesses(
  store: Store<AuditTables>,
  pseudonyms: readonly string[],
  start: PageStart | undefined,
  limit: number,
): Promise<readonly AccessRow[]> {
  const after = start ? sql`and (v.at, v.verification_id) < (${start.at}, ${start.verificationId}::uuid)` : sql``;
  const { rows } = await sql<AccessRow>`
    select v.verification_id, v.at, v.platform, v.purpose, v.region, v.legal_basis, v.consent_id, v.answered, v.refusal,
      ${overdue} as overdue, asked.claim_types
    from (
      select a.verification_id, array_agg(distinct type order by type) as claim_types
      from audit.accesses a left join lateral unnest(a.claim_types) as type on true
      where a.pseudonym = any(${pseudonyms}) group by a.verification_id
    ) asked join audit.verifications v on v.verification_id = asked.verification_id
    where true ${after}
    order by v.at desc, v.verification_id desc limit ${limit}`.execute(store.db);
  return rows;
}

/** One leaf by its event's id. */
export async function readLeaf(store: Store<AuditTables>, eventId: string): Promise<LeafRow | undefined> {
  return await store.db.selectFrom('leaves').select(['index', 'leaf', 'leaf_hash']).where('event_id', '=', eventId).executeTakeFirst();
}
