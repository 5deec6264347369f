import { createBatcher } from '@vouch/batching';
import { RetryableError } from '@vouch/errors';
import type { ConsumedTables, OutboxTables } from '@vouch/events';
import { type ColumnType, type Generated, type Selectable, type Store, sql, type Transaction } from '@vouch/store';
import type { EvaluatedAlternative, VerdictResult } from './domain/verdict.js';
import type { StoredClaim, Verification, VerificationStatus } from './verification.js';

type Json<T> = ColumnType<T, string, string>;

/** The table of verifications. */
export interface VerificationTable {
  id: string;
  platform: string;
  purpose: string;
  region: string;
  legal_basis: string;
  consent_id: string | null;
  requirement_set: string | null;
  status: VerificationStatus;
  verdict: VerdictResult | null;
  code: string | null;
  claims: Json<StoredClaim[]>;
  alternatives: Json<EvaluatedAlternative[]>;
  sealed: Buffer | null;
  fingerprint: string | null;
  sequence: number;
  attempts: number;
  created_at: Date;
  completed_at: Date | null;
  erase_at: Date | null;
  erased_at: Date | null;
  retry_at: Date | null;
  retry_lease_end: Date | null;
  give_up_at: Date | null;
  waiting_for: ColumnType<string[] | null, string | null, string | null>;
  traceparent: string | null;
}

/** The table of consents known to be withdrawn. */
interface WithdrawnConsentTable {
  consent_id: string;
  at: Generated<Date>;
}

/** Everything in the schema `lookup`. */
export interface LookupTables extends OutboxTables, ConsumedTables {
  verifications: VerificationTable;
  withdrawn_consents: WithdrawnConsentTable;
}

/** The lookup's store. */
export type LookupStore = Store<LookupTables>;
/** A transaction of the lookup's. */
export type LookupTransaction = Transaction<LookupTables>;

/** A verification to be committed, with the end of the lease that it may be committed under; none when it discloses nothing new. */
export interface Write {
  readonly verification: Verification;
  readonly leaseEnd?: Date;
}

/** A row as a verification. */
export function fromRow(row: Selectable<VerificationTable>): Verification {
  const optional = <K extends string, V>(key: K, value: V | null): Partial<Record<K, V>> =>
    value === null ? {} : ({ [key]: value } as Record<K, V>);
  return {
    id: row.id,
    platform: row.platform,
    purpose: row.purpose,
    region: row.region,
    legalBasis: row.consent_id === null ? { type: 'statutory_duty' } : { type: 'consent', consentId: row.consent_id },
    ...optional('requirementSet', row.requirement_set),
    status: row.status,
    ...optional('verdict', row.verdict),
    ...optional('code', row.code),
    claims: row.claims,
    alternatives: row.alternatives,
    ...optional('sealed', row.sealed),
    ...optional('fingerprint', row.fingerprint),
    sequence: row.sequence,
    attempts: row.attempts,
    createdAt: row.created_at,
    ...optional('completedAt', row.completed_at),
    ...optional('eraseAt', row.erase_at),
    ...optional('erasedAt', row.erased_at),
    ...optional('retryAt', row.retry_at),
    ...optional('giveUpAt', row.give_up_at),
    ...optional('traceparent', row.traceparent),
  };
}

function toJsonRow({ verification: made, leaseEnd }: Write) {
  return {
    id: made.id,
    platform: made.platform,
    purpose: made.purpose,
    region: made.region,
    legal_basis: made.legalBasis.type,
    consent_id: made.legalBasis.type === 'consent' ? made.legalBasis.consentId : null,
    requirement_set: made.requirementSet,
    status: made.status,
    verdict: made.verdict,
    code: made.code,
    claims: made.claims,
    alternatives: made.alternatives,
    sealed: made.sealed?.toString('base64'),
    fingerprint: made.fingerprint,
    sequence: made.sequence,
    attempts: made.attempts,
    created_at: made.createdAt,
    completed_at: made.completedAt,
    erase_at: made.eraseAt,
    retry_at: made.retryAt,
    give_up_at: made.giveUpAt,
    waiting_for: made.status === 'pending' ? waitingFor(made.claims) : null,
    traceparent: made.traceparent,
    lease_end: leaseEnd,
  };
}

const waitingFor = (claims: readonly StoredClaim[]): string[] => [
  ...new Set(claims.filter(({ outcome, retryable }) => outcome === 'unavailable' && retryable).map(({ agency }) => agency)),
];

// One parameter however many rows: a list of values costs a parameter per column, and a new plan per length.
const recordset = (writes: readonly Write[]) =>
  sql`json_to_recordset(${JSON.stringify(writes.map(toJsonRow))}::json) as made(
    id uuid, platform text, purpose text, region text, legal_basis text, consent_id uuid, requirement_set text, status text, verdict text,
    code text, claims jsonb, alternatives jsonb, sealed text, fingerprint text, sequence integer, attempts integer,
    created_at timestamptz, completed_at timestamptz, erase_at timestamptz, retry_at timestamptz, give_up_at timestamptz,
    waiting_for jsonb, traceparent text, lease_end timestamptz)`;

// The database's clock decides, and looks at the lease once more before the commit: see commit.ts.
const LEASE_HOLDS = sql`(made.lease_end is null or made.lease_end > clock_timestamp())`;

/**
 * Inserts new verifications; returns the ids that were. One is left out when its id is taken, or its lease has ended.
 */
export async function insertVerifications(tx: LookupTransaction, schema: string, writes: readonly Write[]): Promise<Set<string>> {
  if (writes.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    insert into ${sql.id(schema, 'verifications')} (id, platform, purpose, region, legal_basis, consent_id, requirement_set, status, verdict,
      code, claims, alternatives, sealed, fingerprint, sequence, attempts, created_at, completed_at, erase_at, retry_at, give_up_at,
      waiting_for, traceparent)
    select id, platform, purpose, region, legal_basis, consent_id, requirement_set, status, verdict, code, claims, alternatives,
      decode(sealed, 'base64'), fingerprint, sequence, attempts, created_at, completed_at, erase_at, retry_at, give_up_at,
      waiting_for, traceparent
    from ${recordset(writes)} where ${LEASE_HOLDS}
    on conflict (id) do nothing returning id`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Writes later states of verifications; returns the ids that were. One is left out when it is no longer pending at the sequence
 * before (somebody else was faster, or it was erased), or its lease has ended.
 */
export async function updateVerifications(tx: LookupTransaction, schema: string, writes: readonly Write[]): Promise<Set<string>> {
  if (writes.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    update ${sql.id(schema, 'verifications')} as kept
    set status = made.status, verdict = made.verdict, code = made.code, claims = made.claims, alternatives = made.alternatives,
      sealed = decode(made.sealed, 'base64'), sequence = made.sequence, attempts = made.attempts, completed_at = made.completed_at,
      retry_at = made.retry_at, retry_lease_end = null, waiting_for = made.waiting_for
    from ${recordset(writes)}
    where kept.id = made.id and kept.sequence = made.sequence - 1 and kept.status = 'pending' and kept.erased_at is null and ${LEASE_HOLDS}
    returning kept.id`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** Finds verifications by id. Concurrent callers share queries. */
export type FindVerification = (id: string) => Promise<Verification | undefined>;

const MOST_IN_ONE_QUERY = 256;
const MOST_WAITING = 10_000;
const QUERIES_AT_ONCE = 2;

/** A finder over the store. It rejects with `overloaded` when too many wait, `unavailable` when the store is away. */
export function createFinder(store: LookupStore): FindVerification {
  const batcher = createBatcher<string, Verification | undefined>({
    maxBatch: MOST_IN_ONE_QUERY,
    maxQueue: MOST_WAITING,
    concurrency: QUERIES_AT_ONCE,
    flush: async (ids) => {
      const rows = await store.db
        .selectFrom('verifications')
        .selectAll()
        .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
        .execute();
      const byId = new Map(rows.map((row) => [row.id, fromRow(row)]));
      return ids.map((id) => byId.get(id));
    },
  });
  return (id) => batcher.add(id);
}

/** Throws `unavailable` when events have waited to be published for longer than `seconds`. */
export async function assertPublishing(store: LookupStore, seconds: number): Promise<void> {
  const { rows } = await sql`select 1 from ${sql.id(store.schema, 'outbox')}
    where created < clock_timestamp() - make_interval(secs => ${seconds}) limit 1`.execute(store.db);
  if (rows.length > 0) throw new RetryableError('unavailable', { cause: new Error('events wait to be published') });
}

/**
 * Takes pending verifications whose time has come, for `leaseMs`: no other process takes them until then, unless this one dies. What should
 * have been erased by now is left to the erasing.
 */
export async function takeDue(store: LookupStore, options: { readonly now: Date; readonly leaseMs: number; readonly limit: number }) {
  const { now, leaseMs, limit } = options;
  const leaseEnd = new Date(now.getTime() + leaseMs);
  const rows = await store.db
    .updateTable('verifications')
    .set((eb) => ({ retry_lease_end: leaseEnd, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('verifications')
        .select('id')
        .where('status', '=', 'pending')
        .where('retry_at', '<=', now)
        .where('erase_at', '>', now)
        .where((or) => or.or([or('retry_lease_end', 'is', null), or('retry_lease_end', '<', now)]))
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

/** Puts a pending verification off, when nothing about it has changed. */
export async function putOff(store: LookupStore, id: string, sequence: number, retryAt: Date): Promise<void> {
  await store.db
    .updateTable('verifications')
    .set({ retry_at: retryAt, retry_lease_end: null })
    .where('id', '=', id)
    .where('sequence', '=', sequence)
    .where('status', '=', 'pending')
    .execute();
}

/** Brings forward what waits for an agency. */
export async function wakeWaitingFor(store: LookupStore, agency: string, now: Date): Promise<void> {
  await store.db
    .updateTable('verifications')
    .set({ retry_at: now })
    .where('status', '=', 'pending')
    .where('retry_at', '>', now)
    .where(sql<boolean>`waiting_for @> ${JSON.stringify([agency])}::jsonb`)
    .execute();
}

/** Locks what is to be erased: one verification, those on consents, or those whose retention is over. At most `limit`. */
export async function lockForErasure(
  tx: LookupTransaction,
  which: { readonly id: string } | { readonly consentIds: readonly string[] } | { readonly dueBy: Date },
  limit: number,
): Promise<Verification[]> {
  let query = tx.selectFrom('verifications').selectAll().where('erased_at', 'is', null).where('status', '!=', 'refused');
  if ('id' in which) query = query.where('id', '=', which.id);
  else if ('dueBy' in which) query = query.where('erase_at', '<=', which.dueBy);
  else if (which.consentIds.length > 0) query = query.where('consent_id', 'in', which.consentIds);
  else return [];
  const rows = await query.orderBy('id').limit(limit).forUpdate().execute();
  return rows.map(fromRow);
}

/** Leaves a tombstone of each: id, platform, times, basis and status. What was pending is given as it was closed. */
export async function eraseVerifications(tx: LookupTransaction, made: readonly Verification[], at: Date): Promise<void> {
  if (made.length === 0) return;
  const ids = made.map(({ id }) => id);
  await tx
    .updateTable('verifications')
    .set({
      erased_at: at,
      verdict: null,
      claims: '[]',
      alternatives: '[]',
      sealed: null,
      fingerprint: null,
      retry_at: null,
      retry_lease_end: null,
      waiting_for: null,
      requirement_set: null,
    })
    .where('id', 'in', ids)
    .execute();
  for (const { id, status, sequence, completedAt, code } of made.filter(({ status }) => status === 'closed')) {
    await tx
      .updateTable('verifications')
      .set({ status, sequence, code: code ?? null, completed_at: completedAt ?? null })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .execute();
  }
}

/** Remembers that consents are withdrawn: a commit that was under way becomes visible later, and is then found by it. */
export async function markWithdrawn(tx: LookupTransaction, consentIds: readonly string[]): Promise<void> {
  await tx
    .insertInto('withdrawn_consents')
    .values(consentIds.map((consent_id) => ({ consent_id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Consents marked as withdrawn on which there is still something to erase. */
export async function findUnerased(tx: LookupTransaction, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('withdrawn_consents')
    .select('consent_id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('verifications')
          .select('id')
          .whereRef('verifications.consent_id', '=', 'withdrawn_consents.consent_id')
          .where('erased_at', 'is', null)
          .where('status', '!=', 'refused'),
      ),
    )
    .limit(limit)
    .execute();
  return rows.map(({ consent_id: consentId }) => consentId);
}

/** Forgets the marks made before. */
export async function forgetWithdrawn(tx: LookupTransaction, before: Date): Promise<void> {
  await tx.deleteFrom('withdrawn_consents').where('at', '<', before).execute();
}
