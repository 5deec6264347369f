import { type ErrorCode, isErrorCode, RetryableError, TerminalError } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import type { Lease as LeaseMessage, RedemptionServiceService, Refusal } from '@vouch/proto/consent/v1/consent';
import type { CallContext, Port } from '@vouch/rpc';
import type { TraceContext, Tracer } from '@vouch/telemetry';
import { touchedParts } from '../domain/plan.js';
import type { VerificationRequest } from '../requests/verification-request.js';
import { redeemTogether } from './redeem-together.js';

/** The right to ask and to answer until its end. */
export interface Lease {
  readonly basisRef: string;
  readonly endsAt: Date;
  readonly retentionDays: number;
  readonly redeemedAt: Date;
  /** The verification had been redeemed before. */
  readonly repeated: boolean;
  /** The lease was running already: another attempt is under way, or died not long ago. */
  readonly heldByAnother: boolean;
}

/** A lease, or the code of the rule that stands against it. */
export type LeaseOrRefusal = { readonly kind: 'lease'; readonly lease: Lease } | { readonly kind: 'refusal'; readonly code: ErrorCode };

/** The legal basis of lookups, kept by the consent service. Every method rejects with `unavailable` when it cannot be reached. */
export interface Basis {
  /** Commits that a verification may ask. Throws `idempotency_mismatch` when its id was redeemed for another request. */
  redeem(options: {
    readonly id: string;
    readonly platform: string;
    readonly request: VerificationRequest;
    readonly fingerprint: string;
    readonly leaseMs: number;
    readonly deadline: Date;
    readonly trace?: TraceContext;
  }): Promise<LeaseOrRefusal>;
  /** Extends the lease of a redeemed verification, uncounted. */
  renew(id: string, leaseMs: number, call: BasisCall): Promise<LeaseOrRefusal>;
  /** Whether what a verification disclosed may still be shown. Asked anew on every read. */
  mayDisclose(id: string, call: BasisCall): Promise<boolean>;
}

/** How long an answer is waited for, and in which trace. */
export type BasisCall = Pick<CallContext, 'signal' | 'deadline' | 'trace'>;

/** Longest lease, milliseconds. */
export const LONGEST_LEASE_MS = 10_000;

/** The basis over the redemption service's port. People leave this process as pseudonyms only. */
export function createBasis(port: Port<RedemptionServiceService>, keyring: Keyring, tracer: Tracer): Basis {
  const redeem = redeemTogether(port, tracer);
  return {
    async redeem({ id, platform, request, fingerprint, leaseMs, deadline, trace }) {
      const parts = touchedParts(request.plan.claims);
      const persons = Object.fromEntries(
        [...new Set(parts.map(({ subject }) => subject))].map((key) => {
          const idNumber = request.people[key]?.idNumber ?? '';
          return [
            key,
            { consentPseudonyms: keyring.pseudonyms('consent', idNumber), auditPseudonym: keyring.pseudonym('audit', idNumber) },
          ];
        }),
      );
      const result = await redeem(
        {
          verificationId: id,
          platform,
          purpose: request.purpose,
          region: request.region,
          consentId: request.legalBasis.type === 'consent' ? request.legalBasis.consentId : '',
          parts,
          persons,
          leaseMs: Math.min(leaseMs, LONGEST_LEASE_MS),
          fingerprint,
        },
        { deadline, trace },
      );
      return read(result);
    },
    async renew(id, leaseMs, call) {
      const { result } = await port.renewLease({ verificationId: id, leaseMs: Math.min(leaseMs, LONGEST_LEASE_MS) }, call);
      return read(result);
    },
    async mayDisclose(id, call) {
      return (await port.getBasis({ verificationId: id }, call)).disclosureAllowed;
    },
  };
}

type Result = { $case: 'lease'; value: LeaseMessage } | { $case: 'refusal'; value: Refusal } | undefined;

function read(result: Result): LeaseOrRefusal {
  if (result?.$case === 'refusal') {
    const { code } = result.value;
    if (code === 'idempotency_mismatch') throw new TerminalError('idempotency_mismatch');
    if (!isErrorCode(code)) throw new TerminalError('internal', { cause: new Error('the consent service refused with an unknown code') });
    return { kind: 'refusal', code };
  }
  const lease = result?.value;
  if (!lease?.endsAt)
    throw new RetryableError('unavailable', { cause: new Error('the consent service gave neither a lease nor a refusal') });
  const { basisRef, endsAt, retentionDays, redeemedAt = new Date(), repeatedRedemption: repeated, heldByAnother } = lease;
  return { kind: 'lease', lease: { basisRef, endsAt, retentionDays, redeemedAt, repeated, heldByAnother } };
}
