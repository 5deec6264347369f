import { randomUUID } from 'node:crypto';
import { fromUnknown, toVouchError } from '@vouch/errors';
import type { RedeemRequest, RedeemResponse, RedeemResult, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import type { Port } from '@vouch/rpc';
import { type Logger, readTraceparent } from '@vouch/telemetry';
import { groupBySubject } from './audit-persons.js';
import type { AuditedPerson } from './events.js';
import { checkRedeem, fault, faultsOfLease, invalid, isUuid, readParts } from './read-requests.js';
import type { RedemptionItem, RedemptionResult } from './redemption-batch.js';
import type { RedemptionStore } from './redemption-store.js';

const MOST_IN_ONE_CALL = 64;

/** The redemption port: the legal basis of lookups. A refusal is an answer, not an error. */
export function createRedemptionApi(redemptions: RedemptionStore, logger: Logger): Port<typeof RedemptionServiceService> {
  async function redeem(request: RedeemRequest, trace: RedemptionItem['trace']): Promise<RedeemResponse> {
    checkRedeem(request);
    // Nobody can have a consent whose id is none.
    if (request.consentId !== '' && !isUuid(request.consentId.toLowerCase())) return refusal('consent_not_found');
    return toResponse(await redemptions.redeem(toItem(request, readTraceparent(request.traceparent || undefined) ?? trace)));
  }

  function toFault(thrown: unknown): RedeemResult {
    const failure = fromUnknown(thrown);
    const { code, retryAfterMs = 0 } = failure;
    // Of a call that fails as a whole the server of calls says so.
    if (code === 'internal') logger.error({ err: failure }, 'a redemption failed');
    return { result: { $case: 'fault', value: { code, retryAfterMs } } };
  }

  return {
    redeem: (request, { trace }) => redeem(request, trace),
    async redeemMany({ requests }, { trace }) {
      if (requests.length > MOST_IN_ONE_CALL) throw invalid([fault('/requests', 'out_of_range', `${MOST_IN_ONE_CALL} at most`)]);
      return { results: await Promise.all(requests.map((request) => redeem(request, trace).catch(toFault))) };
    },
    async renewLease(request, call) {
      const faults = faultsOfLease(request);
      if (faults.length > 0) throw invalid(faults);
      const { verificationId, leaseMs } = request;
      return toResponse(await redemptions.redeem({ kind: 'renew', verificationId, leaseMs, trace: call.trace }));
    },
    async getBasis({ verificationId }) {
      return { disclosureAllowed: isUuid(verificationId) && (await redemptions.disclosureAllowed(verificationId)) };
    },
  };
}

function toItem(request: RedeemRequest, trace: RedemptionItem['trace']): RedemptionItem {
  const { verificationId, platform, purpose, region, consentId, persons, leaseMs, fingerprint } = request;
  const parts = readParts(request.parts);
  const pseudonyms = Object.fromEntries(Object.entries(persons).map(([key, person]) => [key, person.consentPseudonyms]));
  const ask = { verificationId, platform, purpose, region, parts, persons: pseudonyms, leaseMs, fingerprint };
  return {
    kind: 'redeem',
    ask: consentId === '' ? ask : { ...ask, consentId: consentId.toLowerCase() },
    basisRef: randomUUID(),
    audited: groupBySubject(parts).map(
      ([subject, claimTypes]): AuditedPerson => ({ subject, claimTypes, pseudonym: persons[subject]?.auditPseudonym ?? '' }),
    ),
    trace,
  };
}

function toResponse(result: RedemptionResult): RedeemResponse {
  if (result.kind === 'refused') return refusal(result.code);
  const { redemption, repeated, heldByAnother } = result;
  return {
    result: {
      $case: 'lease',
      value: {
        basisRef: redemption.basisRef,
        endsAt: redemption.leaseEnd,
        retentionDays: redemption.retentionDays,
        redeemedAt: redemption.redeemedAt,
        repeatedRedemption: repeated,
        heldByAnother,
      },
    },
  };
}

function refusal(code: Extract<RedemptionResult, { kind: 'refused' }>['code']): RedeemResponse {
  if (code === 'verification_not_found') throw toVouchError(code);
  return { result: { $case: 'refusal', value: { code } } };
}
