import type { Keyring } from '@vouch/identity';
import {
  type Consent as ConsentMessage,
  type PartDecision,
  PartState,
  ConsentStatus as StatusMessage,
} from '@vouch/proto/consent/v1/consent';
import type { Consent, ConsentStatus, DecidedPart, PartStanding } from './domain/consent.js';
import { isSeenByPlatform, partsForPlatform } from './domain/platform-view.js';
import type { HistoryEntry } from './store.js';

const STATUSES: Readonly<Record<ConsentStatus, StatusMessage>> = {
  requested: StatusMessage.REQUESTED,
  granted: StatusMessage.GRANTED,
  refused: StatusMessage.REFUSED,
  expired: StatusMessage.EXPIRED,
  withdrawing: StatusMessage.WITHDRAWING,
  withdrawn: StatusMessage.WITHDRAWN,
  spent: StatusMessage.SPENT,
};

const STANDINGS: Readonly<Record<PartStanding, PartState>> = {
  requested: PartState.REQUESTED,
  granted: PartState.GRANTED,
  refused: PartState.REFUSED,
};

/** A consent as a person named in it sees it. */
export function viewForPerson(keyring: Keyring, consent: Consent, history: readonly HistoryEntry[]): ConsentMessage {
  return toMessage(keyring, consent, consent.parts, history);
}

/** A consent as its platform sees it: nothing about single parts and who decided them. */
export function viewForPlatform(keyring: Keyring, consent: Consent, history: readonly HistoryEntry[]): ConsentMessage {
  const known = history.filter((entry) => isSeenByPlatform(entry.change as Parameters<typeof isSeenByPlatform>[0]));
  const decidedAt = consent.grantedAt ?? known.find((entry) => entry.change === 'refused')?.at;
  const renumbered = known.map((entry, index) => ({ ...entry, sequence: index + 1, parts: [] }));
  return toMessage(keyring, consent, partsForPlatform(consent, decidedAt), renumbered);
}

function toMessage(keyring: Keyring, consent: Consent, parts: readonly DecidedPart[], history: readonly HistoryEntry[]): ConsentMessage {
  return {
    id: consent.id,
    status: STATUSES[consent.status],
    platform: consent.platform,
    purpose: consent.purpose,
    parts: parts.map(toDecision),
    validFrom: consent.validFrom,
    validUntil: consent.validUntil,
    maxUses: consent.maxUses,
    uses: consent.uses,
    retentionDays: consent.retentionDays,
    createdAt: consent.createdAt,
    history: history.map((entry) => ({
      sequence: entry.sequence,
      at: entry.at,
      actor: actorFor(keyring, consent.id, entry.actor),
      change: entry.change,
      parts: [...entry.parts],
      previous: entry.previous ? STATUSES[entry.previous] : StatusMessage.UNSPECIFIED,
      status: STATUSES[entry.status],
    })),
  };
}

const PERSON = 'person:';

/** A person's own reference would tell readers which consents are one family's, so each consent has its own for them. */
function actorFor(keyring: Keyring, consentId: string, actor: string): string {
  return actor.startsWith(PERSON) ? PERSON + keyring.deriveUuid('consent-actor', consentId, actor.slice(PERSON.length)) : actor;
}

/** The history's name for a signed-in person. */
export const toActor = (actorRef: string): string => PERSON + actorRef;

const toDecision = ({ standing, decidedAt, subject, claimType, claimVersion }: DecidedPart): PartDecision => ({
  part: { subject, claimType, claimVersion },
  state: STANDINGS[standing],
  decidedAt,
});
