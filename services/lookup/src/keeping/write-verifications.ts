import { type EventDraft, outboxInsertWhere } from '@vouch/events';
import { type RawBuilder, sql, sqlStateOf } from '@vouch/store';
import { SCHEMA } from './store.js';
import type { StoredClaim, Verification } from './verification.js';

/** A verification to be committed, with its events. */
export interface Write {
  /** Whether it is the first state of its verification. */
  readonly kind: 'insert' | 'update';
  readonly verification: Verification;
  readonly events: readonly EventDraft[];
  /** End of the lease that it may be committed under; none when it discloses nothing new. */
  readonly leaseEnd?: Date;
}

function toJsonRow({ kind, verification: made, leaseEnd }: Write) {
  return {
    id: made.id,
    platform: made.platform,
    purpose: made.purpose,
    region: made.region,
    legal_basis: made.legalBasis.type,
    consent_id: made.legalBasis.type === 'consent' ? made.legalBasis.consentId : null,
    requirement_set: made.requirementSet,
    catalogue_version: made.catalogueVersion,
    application: made.application,
    personal: made.personal?.toString('base64'),
    status: made.status,
    verdict: made.verdict,
    code: made.code,
    claims: made.claims,
    alternatives: made.alternatives,
    further: made.further,
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
    is_new: kind === 'insert',
  };
}

const waitingFor = (claims: readonly StoredClaim[]): string[] => [
  ...new Set(claims.filter(({ outcome, retryable }) => outcome === 'unavailable' && retryable).map(({ agency }) => agency)),
];

// One parameter however many rows: a list of values costs a parameter per column, and a new plan per length. As `jsonb`, since of `json` a table
// of its members is built for each row, which takes three times as long.
const recordset = (writes: readonly Write[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(writes.map(toJsonRow))}::jsonb) as made(
    id uuid, platform text, purpose text, region text, legal_basis text, consent_id uuid, requirement_set text, catalogue_version text,
    application jsonb, personal text, status text, verdict text, code text, claims jsonb, alternatives jsonb, further jsonb, sealed text, fingerprint text, sequence integer, attempts integer,
    created_at timestamptz, completed_at timestamptz, erase_at timestamptz, retry_at timestamptz, give_up_at timestamptz,
    waiting_for jsonb, traceparent text, lease_end timestamptz, is_new boolean)`;

// The database's clock decides, and looks at the lease once more before the commit: see `leasesCheck`.
const LEASE_HOLDS = sql`(made.lease_end is null or made.lease_end > clock_timestamp())`;

/**
 * The statement that writes verifications, each id once, and the events of those that were written; it returns their ids. A new one is left
 * out when its id is taken, a later state when it is no longer pending at the sequence before (somebody else was faster, or it was erased),
 * and any when its lease has ended.
 */
export function verificationsWrite(writes: readonly Write[]): RawBuilder<{ id: string }> {
  const drafts = writes.flatMap(({ events }) => events);
  const owners = writes.flatMap(({ verification: { id }, events }) => events.map(() => id));
  const table = sql.id(SCHEMA, 'verifications');
  return sql`with made as materialized (
      select * from ${recordset(writes)} where ${LEASE_HOLDS}
    ), inserted as (
      insert into ${table} (id, platform, purpose, region, legal_basis, consent_id, requirement_set, catalogue_version,
        application, personal, status, verdict, code, claims, alternatives, further, sealed, fingerprint, sequence, attempts, created_at, completed_at, erase_at, retry_at, give_up_at, waiting_for,
        traceparent)
      select id, platform, purpose, region, legal_basis, consent_id, requirement_set, catalogue_version,
        application, decode(personal, 'base64'), status, verdict, code, claims, alternatives, further, decode(sealed, 'base64'), fingerprint, sequence, attempts, created_at, completed_at, erase_at, retry_at, give_up_at,
        waiting_for, traceparent
      from made where is_new
      on conflict (id) do nothing returning id
    ), updated as (
      update ${table} as kept
      set status = made.status, verdict = made.verdict, code = made.code, claims = made.claims, alternatives = made.alternatives,
        sealed = decode(made.sealed, 'base64'), sequence = made.sequence, attempts = made.attempts, completed_at = made.completed_at,
        retry_at = made.retry_at, retry_lease_end = null, waiting_for = made.waiting_for
      from made
      where not made.is_new and kept.id = made.id and kept.sequence = made.sequence - 1 and kept.status = 'pending'
        and kept.erased_at is null
      returning kept.id
    ), written as materialized (
      select id from inserted union all select id from updated
    ), told as (
      ${outboxInsertWhere(SCHEMA, drafts, sql`(${owners}::uuid[])[place] in (select id from written)`)}
    )
    select id from written`;
}

/**
 * The statement that looks at the leases once more, just before the commit: what was written has waited for locks and disks. It fails when one
 * has ended since the transaction began. None when nothing rests on a lease.
 */
export function leasesCheck(writes: readonly Write[]): RawBuilder<unknown>[] {
  const ends = writes.flatMap(({ leaseEnd }) => (leaseEnd ? [leaseEnd.toISOString()] : []));
  return ends.length === 0 ? [] : [sql`select ${sql.id(SCHEMA, 'refuse_lapsed')}(${ends}::timestamptz[])`];
}

/** Whether that is why a commit failed. */
export const hasLapsed = (failure: unknown): boolean => sqlStateOf(failure) === 'VL001';
