import { type Consent, ConsentStatus, type Part, PartState } from '@vouch/proto/consent/v1/consent';

const STATUS: Partial<Record<ConsentStatus, string>> = {
  [ConsentStatus.REQUESTED]: 'requested',
  [ConsentStatus.GRANTED]: 'granted',
  [ConsentStatus.REFUSED]: 'refused',
  [ConsentStatus.EXPIRED]: 'expired',
  [ConsentStatus.WITHDRAWING]: 'withdrawing',
  [ConsentStatus.WITHDRAWN]: 'withdrawn',
  [ConsentStatus.SPENT]: 'spent',
};

const STATE: Partial<Record<PartState, string>> = {
  [PartState.REQUESTED]: 'requested',
  [PartState.GRANTED]: 'granted',
  [PartState.REFUSED]: 'refused',
};

const toPart = ({ subject, claimType, claimVersion }: Part) => ({ subject, claimType, version: claimVersion });

/** A consent as the JSON of the HTTP API. */
export function toConsentAnswer(consent: Consent) {
  return {
    id: consent.id,
    status: STATUS[consent.status],
    platform: consent.platform,
    purpose: consent.purpose,
    parts: consent.parts.flatMap(({ part, state, decidedAt }) =>
      part ? [{ ...toPart(part), state: STATE[state], ...(decidedAt ? { decidedAt: decidedAt.toISOString() } : {}) }] : [],
    ),
    validFrom: consent.validFrom?.toISOString(),
    validUntil: consent.validUntil?.toISOString(),
    maxUses: consent.maxUses,
    uses: consent.uses,
    retentionDays: consent.retentionDays,
    createdAt: consent.createdAt?.toISOString(),
    history: consent.history.map(({ sequence, at, actor, change, parts, previous, status }) => ({
      sequence,
      at: at?.toISOString(),
      actor,
      change,
      parts: parts.map(toPart),
      ...(STATUS[previous] ? { previous: STATUS[previous] } : {}),
      status: STATUS[status],
    })),
  };
}
