import { toVouchError } from '@vouch/errors';
import { AuditServiceService } from '@vouch/proto/audit/v1/audit';
import {
  type Consent,
  ConsentServiceService,
  ConsentStatus,
  PartState,
  type RedeemRequest,
  RedemptionServiceService,
} from '@vouch/proto/consent/v1/consent';
import { bindInProcess, type Port } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';

/** Consent and audit as the lookup sees them, in memory: their own rules are tested where they are. */
export interface ScriptedPorts {
  readonly consent: Port<typeof ConsentServiceService>;
  readonly redemption: Port<typeof RedemptionServiceService>;
  readonly audit: Port<typeof AuditServiceService>;
  /** Redeemed verifications by id. */
  readonly redeemed: Map<string, { request: RedeemRequest; endsAt: Date; redeemedAt: Date; renewals: number }>;
  readonly consents: Map<string, Consent>;
  /** Code with which redeeming and renewing are refused from now on. */
  refusal: string | undefined;
  /** Code with which only renewing is refused. */
  renewalRefusal: string | undefined;
  /** Whether answers may be shown. */
  disclosureAllowed: boolean;
  /** Verifications whose disclosure was asked about. */
  readonly disclosuresAsked: Set<string>;
  /** Makes every call fail as if the service were away. */
  away: boolean;
  /** Verifications whose renewals are never answered. */
  readonly hanging: Set<string>;
  /** Length of leases in place of the one asked for, milliseconds. */
  leaseMs: number | undefined;
}

/** How the ports answer before anybody says otherwise; assign it to them to make them so again. */
export const AS_USUAL = {
  refusal: undefined,
  renewalRefusal: undefined,
  disclosureAllowed: true,
  away: false,
  leaseMs: undefined,
} as const;

/** Ports that go through the in-process binding, as in one process with the real services. */
export function createScriptedPorts(): ScriptedPorts {
  const redeemed: ScriptedPorts['redeemed'] = new Map();
  const consents = new Map<string, Consent>();
  const fingerprints = new Map<string, string>();
  const lease = (id: string, repeatedRedemption: boolean, heldByAnother = false) => {
    const { endsAt, redeemedAt } = redeemed.get(id) as { endsAt: Date; redeemedAt: Date };
    return {
      $case: 'lease' as const,
      value: { basisRef: `basis-${id}`, endsAt, retentionDays: 180, redeemedAt, repeatedRedemption, heldByAnother },
    };
  };
  const refuse = (code: string) => ({ $case: 'refusal' as const, value: { code } });
  const check = () => {
    if (ports.away) throw toVouchError('unavailable');
  };
  const redemption: Port<typeof RedemptionServiceService> = {
    async redeem(request) {
      check();
      const { verificationId: id } = request;
      const known = redeemed.get(id);
      if (known && known.request.fingerprint !== request.fingerprint) return { result: refuse('idempotency_mismatch') };
      if (known) {
        const held = known.endsAt.getTime() > Date.now();
        if (!held) known.endsAt = new Date(Date.now() + request.leaseMs);
        return { result: lease(id, true, held) };
      }
      if (ports.refusal) return { result: refuse(ports.refusal) };
      const now = Date.now();
      redeemed.set(id, { request, endsAt: new Date(now + (ports.leaseMs ?? request.leaseMs)), redeemedAt: new Date(now), renewals: 0 });
      return { result: lease(id, false) };
    },
    redeemMany: async ({ requests }, call) => ({ results: await Promise.all(requests.map((request) => redemption.redeem(request, call))) }),
    async renewLease({ verificationId: id, leaseMs }) {
      check();
      if (ports.hanging.has(id)) await new Promise(() => {});
      const known = redeemed.get(id);
      const refusal = ports.renewalRefusal ?? ports.refusal;
      if (refusal || !known) return { result: refuse(refusal ?? 'consent_not_found') };
      known.endsAt = new Date(Date.now() + leaseMs);
      known.renewals += 1;
      return { result: lease(id, true) };
    },
    async getBasis({ verificationId }) {
      check();
      ports.disclosuresAsked.add(verificationId);
      return { disclosureAllowed: ports.disclosureAllowed && redeemed.has(verificationId) };
    },
  };
  const find = (id: string): { consent: Consent } => {
    check();
    const consent = consents.get(id);
    if (!consent) throw toVouchError('consent_not_found');
    return { consent };
  };
  const decide = (id: string, status: ConsentStatus) => {
    const { consent } = find(id);
    const decided = { ...consent, status };
    consents.set(id, decided);
    return { consent: decided };
  };
  const consent: Port<typeof ConsentServiceService> = {
    async requestConsent(request) {
      check();
      const { consentId: id, platform, purpose, parts, validFrom, validUntil, maxUses, retentionDays, fingerprint } = request;
      const made: Consent = {
        id,
        status: ConsentStatus.REQUESTED,
        platform,
        purpose,
        parts: parts.map((part) => ({ part, state: PartState.REQUESTED, decidedAt: undefined })),
        validFrom,
        validUntil,
        maxUses,
        uses: 0,
        retentionDays,
        createdAt: new Date(),
        history: [],
      };
      if (!consents.has(id)) {
        consents.set(id, made);
        fingerprints.set(id, fingerprint);
      }
      if (fingerprints.get(id) !== fingerprint) throw toVouchError('idempotency_mismatch');
      return find(id);
    },
    grantConsent: async ({ consentId }) => decide(consentId, ConsentStatus.GRANTED),
    refuseConsent: async ({ consentId }) => decide(consentId, ConsentStatus.REFUSED),
    withdrawConsent: async ({ consentId }) => decide(consentId, ConsentStatus.WITHDRAWN),
    async getConsent({ consentId, reader }) {
      const found = find(consentId);
      if (reader?.$case === 'platform' && reader.value !== found.consent.platform) throw toVouchError('consent_not_found');
      return found;
    },
    listAccessSubjects: async () => ({ subjects: [{ subjectRef: 'ref-self', relation: 'self' }] }),
    async resolveAccessSubject({ subjectRef, viewer }) {
      if (subjectRef !== 'ref-self') throw toVouchError('subject_not_found');
      return { auditPseudonyms: viewer?.auditPseudonyms ?? [] };
    },
  };
  const audit: Port<typeof AuditServiceService> = {
    async listAccesses() {
      return { accesses: [], nextPageToken: '' };
    },
    async getLeaf() {
      check();
      throw toVouchError('verification_not_found');
    },
  };
  const options = { tracer: silentTracer };
  const ports: ScriptedPorts = {
    consent: bindInProcess(ConsentServiceService, consent, options),
    redemption: bindInProcess(RedemptionServiceService, redemption, options),
    audit: bindInProcess(AuditServiceService, audit, options),
    redeemed,
    consents,
    ...AS_USUAL,
    hanging: new Set(),
    disclosuresAsked: new Set(),
  };
  return ports;
}
