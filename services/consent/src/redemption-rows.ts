import { isUniqueViolation, type RawBuilder, sql, type Transaction } from '@vouch/store';
import type { Redemption } from './domain/redemption.js';
import type { ConsentTables } from './tables.js';

/** A redemption with the last sequence number given on its audit key. */
export interface RedemptionState {
  readonly redemption: Redemption;
  readonly auditSequence: number;
}

interface RedemptionJson {
  readonly verification_id: string;
  readonly consent_id: string | null;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  readonly claim_types: readonly string[];
  readonly fingerprint: string;
  readonly basis_ref: string;
  readonly retention_days: number;
  readonly redeemed_at: string;
  readonly lease_end: string;
  readonly audit_sequence: number;
}

/** Consents that verifications were redeemed on. A verification's consent never changes, so no lock is needed. */
export async function consentsOf(tx: Transaction<ConsentTables>, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ consent_id: string }>`
    select distinct consent_id from consent.redemptions
    where verification_id = any(${ids}::uuid[]) and consent_id is not null`.execute(tx);
  return rows.map((row) => row.consent_id);
}

interface LockedRows {
  readonly rows: readonly RedemptionJson[];
  readonly now: Date;
}

/** The statement that locks the redemptions that exist and tells the database's time; the time is taken after the locks. */
export const redemptionsLock = (ids: readonly string[]): RawBuilder<LockedRows> => sql`
    with locked as materialized (
      select * from consent.redemptions where verification_id = any(${ids}::uuid[]) order by verification_id for update
    ), read as materialized (
      select coalesce(jsonb_agg(to_jsonb(locked)), '[]') as rows from locked
    )
    select read.rows, clock_timestamp() as now from read`;

/** What it brings. */
export function toLockedRedemptions([first]: readonly LockedRows[]): { now: Date; states: Map<string, RedemptionState> } {
  const { now, rows } = first as LockedRows;
  return { now, states: new Map(rows.map((row) => [row.verification_id, fromJson(row)])) };
}

/** The statement that writes new redemptions, if there are any; it fails when another process has taken an id meanwhile. */
export const redemptionsInsert = (states: readonly RedemptionState[]): RawBuilder<unknown>[] =>
  states.length === 0
    ? []
    : [
        sql`insert into consent.redemptions (verification_id, consent_id, platform, purpose, region, claim_types, fingerprint, basis_ref,
      retention_days, redeemed_at, lease_end, audit_sequence)
    select verification_id, consent_id, platform, purpose, region, claim_types, fingerprint, basis_ref, retention_days, redeemed_at,
      lease_end, audit_sequence
    from jsonb_to_recordset(${JSON.stringify(states.map(toJson))}::jsonb) as n(verification_id uuid, consent_id uuid, platform text,
      purpose text, region text, claim_types text[], fingerprint text, basis_ref uuid, retention_days integer, redeemed_at timestamptz,
      lease_end timestamptz, audit_sequence integer)
    order by verification_id`,
      ];

/** Whether that is why it failed. */
export const isTaken = (failure: unknown): boolean => isUniqueViolation(failure, 'redemptions_pkey');

/** The statement that writes new lease ends, if there are any. The rows are locked. */
export const redemptionsUpdate = (states: readonly RedemptionState[]): RawBuilder<unknown>[] =>
  states.length === 0
    ? []
    : [
        sql`update consent.redemptions r set lease_end = n.lease_end, audit_sequence = n.audit_sequence
    from jsonb_to_recordset(${JSON.stringify(states.map(toJson))}::jsonb)
      as n(verification_id uuid, lease_end timestamptz, audit_sequence integer)
    where r.verification_id = n.verification_id`,
      ];

function toJson({ redemption, auditSequence }: RedemptionState): RedemptionJson {
  return {
    verification_id: redemption.verificationId,
    consent_id: redemption.consentId ?? null,
    platform: redemption.platform,
    purpose: redemption.purpose,
    region: redemption.region,
    claim_types: redemption.claimTypes,
    fingerprint: redemption.fingerprint,
    basis_ref: redemption.basisRef,
    retention_days: redemption.retentionDays,
    redeemed_at: redemption.redeemedAt.toISOString(),
    lease_end: redemption.leaseEnd.toISOString(),
    audit_sequence: auditSequence,
  };
}

function fromJson(row: RedemptionJson): RedemptionState {
  const redemption: Redemption = {
    verificationId: row.verification_id,
    consentId: row.consent_id ?? undefined,
    platform: row.platform,
    purpose: row.purpose,
    region: row.region,
    claimTypes: row.claim_types,
    fingerprint: row.fingerprint,
    basisRef: row.basis_ref,
    retentionDays: row.retention_days,
    redeemedAt: new Date(row.redeemed_at),
    leaseEnd: new Date(row.lease_end),
  };
  return { redemption, auditSequence: row.audit_sequence };
}
