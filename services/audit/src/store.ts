import { type RawBuilder, type Store, sql } from '@vouch/store';
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
export const overdue = sql<boolean>`coalesce(lease_end < clock_timestamp() - make_interval(secs => ${ANSWER_GRACE_S}::int), false)`;

/** The statements that write what a batch says about verifications: at most two, however many. */
export function looksWrites(looks: readonly Look[]): RawBuilder<unknown>[] {
  if (looks.length === 0) return [];
  const verifications = looks.map((look) => ({
    verification_id: look.verificationId,
    at: look.at,
    platform: look.platform,
    purpose: look.purpose,
    region: look.region,
    legal_basis: look.legalBasis,
    consent_id: look.consentId,
    lease_end: look.leaseEnd ?? null,
    answered: look.answered,
    refusal: look.refusal ?? null,
  }));
  const verificationsWrite = sql`insert into audit.verifications as v
      (verification_id, at, platform, purpose, region, legal_basis, consent_id, lease_end, answered, refusal)
    select verification_id, at, platform, purpose, region, legal_basis, consent_id, lease_end, answered, refusal
    from json_to_recordset(${JSON.stringify(verifications)}::json) as n(verification_id uuid, at timestamptz, platform text, purpose text,
      region text, legal_basis text, consent_id text, lease_end timestamptz, answered boolean, refusal text)
    on conflict (verification_id) do update set
      at = least(v.at, excluded.at),
      lease_end = greatest(v.lease_end, excluded.lease_end),
      answered = v.answered or excluded.answered,
      refusal = coalesce(v.refusal, excluded.refusal)`;
  const accesses = looks.flatMap((look) =>
    [...look.persons].map(([pseudonym, claim_types]) => ({ verification_id: look.verificationId, pseudonym, claim_types })),
  );
  if (accesses.length === 0) return [verificationsWrite];
  const accessesWrite = sql`insert into audit.accesses as a (verification_id, pseudonym, claim_types)
    select verification_id, pseudonym, claim_types
    from json_to_recordset(${JSON.stringify(accesses)}::json) as n(verification_id uuid, pseudonym text, claim_types text[])
    on conflict (pseudonym, verification_id) do update
      set claim_types = (select array_agg(distinct type order by type) from unnest(a.claim_types || excluded.claim_types) as type)
      where not a.claim_types @> excluded.claim_types`;
  return [verificationsWrite, accessesWrite];
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
