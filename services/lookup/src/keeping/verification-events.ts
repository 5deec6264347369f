import { createHash } from 'node:crypto';
import { EVENT_TYPES, type EventDraft, SOURCES, TOPICS } from '@vouch/events';
import { createRandomBytes, type Keyring } from '@vouch/identity';
import { type AuditedPerson, AuditRecorded, VerificationChanged } from '@vouch/proto/event/v1/event';
import type { TraceContext } from '@vouch/telemetry';
import { toCanonicalJson } from '../domain/canonical-json.js';
import type { Claim } from '../domain/claim.js';
import { touchedParts } from '../domain/plan.js';
import type { Person } from '../requests/people.js';
import { toAnswer } from '../verifying/answer.js';
import type { Verification } from './verification.js';

/** What an audit record says happened. */
export type AuditAction = 'answered' | 'refused' | 'completed' | 'closed';

const TYPE_BY_STATUS = {
  pending: EVENT_TYPES.verification.pending,
  complete: EVENT_TYPES.verification.completed,
  closed: EVENT_TYPES.verification.closed,
  refused: EVENT_TYPES.verification.refused,
} as const;

/** Persons concerned, by pseudonym in context `audit`. */
export function toAuditedPersons(keyring: Keyring, people: Readonly<Record<string, Person>>, claims: readonly Claim[]): AuditedPerson[] {
  const typesBySubject = new Map<string, Set<string>>();
  for (const { subject, claimType } of touchedParts(claims)) {
    typesBySubject.set(subject, (typesBySubject.get(subject) ?? new Set()).add(claimType));
  }
  return [...typesBySubject].flatMap(([subject, claimTypes]) => {
    const person = people[subject];
    return person ? [{ pseudonym: keyring.pseudonym('audit', person.idNumber), subject, claimTypes: [...claimTypes] }] : [];
  });
}

/**
 * The two events of one commit: for everyone, without persons, outcomes and disclosures (a topic cannot be erased), and for the audit.
 * Both carry the verification's sequence.
 */
export function toEvents(
  made: Verification,
  audit: { readonly action: AuditAction; readonly persons: readonly AuditedPerson[] },
  at: Date,
  trace: TraceContext | undefined,
): EventDraft[] {
  const { id: verificationId, platform, purpose, region, sequence } = made;
  const legalBasis = made.legalBasis.type;
  const code = made.code ?? '';
  const salt = createRandomBytes(16);
  const changed = {
    verificationId,
    platform,
    region,
    status: made.status,
    verdict: made.verdict ?? '',
    code,
    sequence,
    legalBasis,
    purpose,
  };
  const recorded: AuditRecorded = {
    verificationId,
    consentId: made.legalBasis.type === 'consent' ? made.legalBasis.consentId : '',
    action: audit.action,
    platform,
    purpose,
    region,
    legalBasis,
    code,
    persons: [...audit.persons],
    salt: salt.toString('base64'),
    answerDigest: createHash('sha256')
      .update(salt)
      .update(toCanonicalJson(toAnswer(made)))
      .digest('base64'),
    leaseEnd: undefined,
    catalogue: undefined,
    sequence,
  };
  const draft = (topic: string, key: string, type: string, payload: unknown): EventDraft => {
    return { topic, key, sequence, type, source: SOURCES.lookup, time: at, payload, trace };
  };
  return [
    draft(TOPICS.verification, verificationId, TYPE_BY_STATUS[made.status], VerificationChanged.toJSON(changed)),
    draft(TOPICS.audit, `l:${verificationId}`, EVENT_TYPES.audit.recorded, AuditRecorded.toJSON(recorded)),
  ];
}
