import type { ErrorCode } from '@vouch/errors';
import type { Consent, Part } from './consent.js';
import { refusalOf } from './redemption-rules.js';
import { hasStatutoryBasis, type StatutoryRights } from './statutory-basis.js';

/** What a lookup asks before any agency is asked. */
export interface Redeem {
  readonly verificationId: string;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  /** Consent relied on; absent: statutory duty. */
  readonly consentId?: string;
  readonly parts: readonly Part[];
  /** Consent pseudonyms of the lookup's persons, by subject key. */
  readonly persons: Readonly<Record<string, readonly string[]>>;
  /** How long the lease is to last, milliseconds. */
  readonly leaseMs: number;
  /** Keyed digest of the parsed request. */
  readonly fingerprint: string;
}

/** The durable record of one verification's right to ask; one per verification id. */
export interface Redemption {
  readonly verificationId: string;
  readonly consentId?: string;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  readonly claimTypes: readonly string[];
  readonly fingerprint: string;
  /** Opaque reference for the agencies' records. */
  readonly basisRef: string;
  readonly retentionDays: number;
  readonly redeemedAt: Date;
  readonly leaseEnd: Date;
}

/** What a redemption is weighed against. All of it was read under the consent's lock, `now` after it. */
export interface Circumstances {
  readonly consent?: Consent;
  readonly existing?: Redemption;
  readonly rights?: StatutoryRights;
  /** Days that answers on a statutory duty are kept. */
  readonly statutoryRetentionDays: number;
  readonly now: Date;
}

/** What a redemption comes to. */
export type RedemptionVerdict =
  | { readonly kind: 'refused'; readonly code: ErrorCode }
  /** Never redeemed before: write it down and count the use. */
  | { readonly kind: 'new'; readonly leaseEnd: Date; readonly retentionDays: number; readonly spends: boolean }
  /** Redeemed before, lease still running: nothing changes. */
  | { readonly kind: 'same'; readonly redemption: Redemption }
  /** Redeemed before, lease ended: a new end, not counted. */
  | { readonly kind: 'renewed'; readonly redemption: Redemption };

/** Decides a redemption. The same verification id again is the same redemption, counted once; its rules are checked anew. */
export function redeem(ask: Redeem, circumstances: Circumstances): RedemptionVerdict {
  const { existing, consent, rights, now } = circumstances;
  if (existing && !isSameRequest(existing, ask)) return { kind: 'refused', code: 'idempotency_mismatch' };
  if (existing && leaseRuns(existing, now)) {
    return isWithdrawn(consent) ? { kind: 'refused', code: 'consent_withdrawn' } : { kind: 'same', redemption: existing };
  }
  const code =
    ask.consentId === undefined
      ? refusalOfStatutory(
          rights,
          ask.purpose,
          ask.region,
          ask.parts.map((part) => part.claimType),
        )
      : refusalOf(consent, { ...ask, counts: !existing }, now);
  if (code) return { kind: 'refused', code };
  const leaseEnd = new Date(now.getTime() + ask.leaseMs);
  if (existing) return { kind: 'renewed', redemption: { ...existing, leaseEnd } };
  return {
    kind: 'new',
    leaseEnd,
    retentionDays: consent?.retentionDays ?? circumstances.statutoryRetentionDays,
    spends: consent !== undefined && consent.uses + 1 >= consent.maxUses,
  };
}

/** Decides a renewal, for a later retry. The parts were covered when it was redeemed, and a granted part never changes. */
export function renew(leaseMs: number, circumstances: Circumstances): RedemptionVerdict {
  const { existing, consent, rights, now } = circumstances;
  if (!existing) return { kind: 'refused', code: 'verification_not_found' };
  const { consentId, platform, purpose, region, claimTypes } = existing;
  const code =
    consentId === undefined
      ? refusalOfStatutory(rights, purpose, region, claimTypes)
      : refusalOf(consent, { platform, purpose, parts: [], persons: {}, counts: false }, now);
  if (code) return { kind: 'refused', code };
  const leaseEnd = new Date(Math.max(existing.leaseEnd.getTime(), now.getTime() + leaseMs));
  return { kind: 'renewed', redemption: { ...existing, leaseEnd } };
}

/** Whether what was disclosed may still be shown: it was redeemed, and its consent is not being withdrawn. */
export const disclosureAllowed = (basis: { readonly status: Consent['status'] | undefined } | undefined): boolean =>
  basis !== undefined && basis.status !== 'withdrawing' && basis.status !== 'withdrawn';

const leaseRuns = (redemption: Redemption, now: Date): boolean => now < redemption.leaseEnd;

const isWithdrawn = (consent: Consent | undefined): boolean => consent?.status === 'withdrawing' || consent?.status === 'withdrawn';

const isSameRequest = (existing: Redemption, ask: Redeem): boolean =>
  existing.fingerprint === ask.fingerprint && existing.platform === ask.platform && existing.consentId === ask.consentId;

function refusalOfStatutory(
  rights: StatutoryRights | undefined,
  purpose: string,
  region: string,
  claimTypes: readonly string[],
): ErrorCode | undefined {
  return hasStatutoryBasis(rights, { purpose, region, claimTypes }) ? undefined : 'statutory_basis_not_granted';
}
