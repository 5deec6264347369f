import { sql } from '@vouch/store';
import type { LookupTransaction } from './store.js';
import type { StoredClaim, Verification } from './verification.js';

/** A verification to be committed, with the end of the lease that it may be committed under; none when it discloses nothing new. */
export interface Write {
  readonly verification: Verification;
  readonly leaseEnd?: Date;
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
