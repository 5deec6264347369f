import { EVENT_TYPES, type EventDraft, SOURCES, TOPICS } from '@vouch/events';
import { createRandomBytes } from '@vouch/identity';
import { AuditRecorded, ConsentChanged } from '@vouch/proto/event/v1/event';
import type { TraceContext } from '@vouch/telemetry';
import type { Consent, ConsentStatus } from './domain/consent.js';
import type { Redemption } from './domain/redemption.js';

/** A person in an audit record, by audit pseudonym. */
export interface AuditedPerson {
  readonly pseudonym: string;
  readonly subject: string;
  readonly claimTypes: readonly string[];
}

/** When something happened, in which trace, and its place in the order of its key. */
export interface Occurrence {
  readonly at: Date;
  readonly sequence: number;
  readonly trace?: TraceContext | undefined;
}

/** `vouch.consent.<status>`: a consent's status changed. Names no person. */
export function consentChanged(consent: Consent, status: ConsentStatus, { at, sequence, trace }: Occurrence): EventDraft {
  return {
    topic: TOPICS.consent,
    key: consent.id,
    sequence,
    type: EVENT_TYPES.consent[status],
    source: SOURCES.consent,
    time: at,
    payload: ConsentChanged.toJSON({ consentId: consent.id, platform: consent.platform, purpose: consent.purpose, status, sequence }),
    trace,
  };
}

/** What is audited about a consent beside its platform and purpose. */
export interface ConsentAudit {
  /** `consent_` and the change, or `guardianship_checked`. */
  readonly action: string;
  readonly code?: string;
  readonly persons: readonly AuditedPerson[];
}

/** An audit record about a consent. */
export function consentAudited(consent: Consent, audit: ConsentAudit, { at, sequence, trace }: Occurrence): EventDraft {
  return audited(
    `c:${consent.id}`,
    { at, sequence, trace },
    {
      verificationId: '',
      consentId: consent.id,
      action: audit.action,
      platform: consent.platform,
      purpose: consent.purpose,
      region: '',
      legalBasis: 'consent',
      code: audit.code ?? '',
      persons: audit.persons.map(toMessage),
      salt: newSalt(),
      answerDigest: '',
      leaseEnd: undefined,
      sequence,
      catalogue: undefined,
    },
  );
}

/** An audit record of a redemption or of its renewal; a renewal names no person, the first record does. */
export function redeemed(redemption: Redemption, persons: readonly AuditedPerson[], { at, sequence, trace }: Occurrence): EventDraft {
  return audited(
    `c:${redemption.verificationId}`,
    { at, sequence, trace },
    {
      verificationId: redemption.verificationId,
      consentId: redemption.consentId ?? '',
      action: 'redeemed',
      platform: redemption.platform,
      purpose: redemption.purpose,
      region: redemption.region,
      legalBasis: redemption.consentId === undefined ? 'statutory_duty' : 'consent',
      code: '',
      persons: persons.map(toMessage),
      salt: newSalt(),
      answerDigest: '',
      leaseEnd: redemption.leaseEnd,
      sequence,
      catalogue: undefined,
    },
  );
}

// Records are spelled out: V8 takes ten times as long over a literal with a spread in it.
function audited(key: string, { at, sequence, trace }: Occurrence, record: AuditRecorded): EventDraft {
  return {
    topic: TOPICS.audit,
    key,
    sequence,
    type: EVENT_TYPES.audit.recorded,
    source: SOURCES.consent,
    time: at,
    payload: AuditRecorded.toJSON(record),
    trace,
  };
}

const toMessage = ({ pseudonym, subject, claimTypes }: AuditedPerson) => ({ pseudonym, subject, claimTypes: [...claimTypes] });

const newSalt = (): string => createRandomBytes(16).toString('base64');
