import type { Answer } from '../answer.js';
import type { Evidence, LeafRow, TopicRecord } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import { canonical, leafHash, saltedDigest } from './canonical.js';

// A small run in which every promise was kept, for tests of the checks: each test breaks one thing in it.

export const START = Date.parse('2026-06-01T08:00:00.000Z');
const time = (second: number): Date => new Date(START + second * 1000);
const SALT = Buffer.alloc(16, 7);

/** A consent that stands, one that is withdrawn. */
export const CONSENT = 'c0000000-0000-7000-8000-000000000001';
export const WITHDRAWN = 'c0000000-0000-7000-8000-000000000002';
/** Answered on the one that stands; pending first and answered later; erased with the other; refused; redeemed and never answered. */
export const COMPLETE = 'f0000000-0000-8000-8000-000000000001';
export const LATER = 'f0000000-0000-8000-8000-000000000002';
export const ERASED = 'f0000000-0000-8000-8000-000000000003';
export const REFUSED = 'f0000000-0000-7000-8000-000000000004';
export const LOST = 'f0000000-0000-8000-8000-000000000005';

const claim = (type: string, outcome: string) => ({
  type,
  version: 1,
  subject: 'guardian',
  outcome,
  agency: type.split('.')[0],
  disclosures: {},
});
const answerOf = (id: string, consentId: string, status: string, createdAt: Date, home: string): Answer => ({
  id,
  status,
  verdict: status === 'pending' ? 'undetermined' : 'met',
  purpose: 'school-enrolment',
  region: '370102',
  legalBasis: { type: 'consent', consentId },
  createdAt: createdAt.toISOString(),
  ...(status === 'pending' ? {} : { completedAt: new Date(createdAt.getTime() + 500).toISOString() }),
  claims: [claim('police.guardian-of', 'confirmed'), claim('housing.owns-home', home)],
  alternatives: [],
});

const complete = answerOf(COMPLETE, CONSENT, 'complete', time(3), 'confirmed');
const pending = answerOf(LATER, CONSENT, 'pending', time(5), 'unavailable');
const later = answerOf(LATER, CONSENT, 'complete', time(5), 'confirmed');
const gone = answerOf(ERASED, WITHDRAWN, 'complete', time(4), 'confirmed');

/** A run in which every promise was kept; made anew each time. */
export function soundEvidence(): Evidence {
  const topics = soundTopics();
  return {
    history: soundHistory(),
    database: {
      consents: [
        { id: CONSENT, status: 'granted', maxUses: 3, uses: 3, grantedAt: time(2), eventSequence: 2, auditSequence: 2 },
        { id: WITHDRAWN, status: 'withdrawn', maxUses: 2, uses: 1, grantedAt: time(2), eventSequence: 4, auditSequence: 4 },
      ],
      redemptions: [
        [COMPLETE, CONSENT, 3],
        [LATER, CONSENT, 5],
        [LOST, CONSENT, 6],
        [ERASED, WITHDRAWN, 4],
      ].map(([verificationId, consentId, second]) => ({
        verificationId: String(verificationId),
        consentId: String(consentId),
        redeemedAt: time(Number(second)),
        leaseEnd: time(Number(second) + 1),
        auditSequence: 1,
      })),
      verifications: [
        { id: COMPLETE, status: 'complete', consentId: CONSENT, sequence: 1, createdAt: time(3), sealed: false, answer: complete },
        { id: LATER, status: 'complete', consentId: CONSENT, sequence: 2, createdAt: time(5), sealed: false, answer: later },
        {
          id: ERASED,
          status: 'complete',
          consentId: WITHDRAWN,
          sequence: 1,
          createdAt: time(4),
          erasedAt: time(12),
          sealed: false,
          answer: { id: ERASED, status: 'complete', claims: [] },
        },
        {
          id: REFUSED,
          status: 'refused',
          code: 'consent_withdrawn',
          consentId: WITHDRAWN,
          sequence: 1,
          createdAt: time(20),
          sealed: false,
          answer: { id: REFUSED, status: 'refused', claims: [] },
        },
      ],
      leaves: soundLeaves(topics),
      answerUnknown: new Set([LOST]),
      waiting: { lookup: 0, consent: 0 },
    },
    topics,
    queries: [{ registry: 'registry-police', trace: 'trace-3', at: time(3).getTime() }],
    truth: new Map([
      [
        0,
        {
          verdict: 'met',
          outcomes: new Map([
            ['police.guardian-of of guardian', 'confirmed'],
            ['housing.owns-home of guardian', 'confirmed'],
          ]),
        },
      ],
    ]),
    unrest: [],
  };
}

type Line = Partial<Entry> & Pick<Entry, 'operation' | 'phase'>;

/** The lines of one call: sent at a second, and what came of it half a second later. */
export function callLines(call: number, second: number, line: Line): Entry[] {
  const { answer: _answer, seen: _seen, verification: _verification, code: _code, ...asked } = line;
  const common = { client: 'client-1', edge: 'lookup-1', call, trace: `trace-${call}`, platform: 'platform', family: 0 };
  return [
    { n: call * 2, at: START + second * 1000, ...common, ...asked, phase: 'sent' },
    { n: call * 2 + 1, at: START + second * 1000 + 500, ...common, ...line },
  ];
}

function soundHistory(): Entry[] {
  const consent = (id: string, status: string) => ({ consent: id, seen: { id, status } });
  return [
    ...callLines(0, 0, { operation: 'request-consent', phase: 'answered', key: 'consent-a', seen: { id: CONSENT, status: 'requested' } }),
    ...callLines(1, 1, { operation: 'grant', phase: 'answered', ...consent(CONSENT, 'granted') }),
    ...callLines(2, 1, { operation: 'grant', phase: 'answered', ...consent(WITHDRAWN, 'granted') }),
    ...callLines(3, 3, { operation: 'verify', phase: 'answered', key: 'a', consent: CONSENT, verification: COMPLETE, answer: complete }),
    ...callLines(4, 4, { operation: 'verify', phase: 'answered', key: 'b', consent: WITHDRAWN, verification: ERASED, answer: gone }),
    ...callLines(5, 5, { operation: 'verify', phase: 'answered', key: 'c', consent: CONSENT, verification: LATER, answer: pending }),
    ...callLines(6, 6, { operation: 'verify', phase: 'unknown', key: 'd', consent: CONSENT, code: 'ECONNRESET' }),
    ...callLines(7, 7, { operation: 'verify', phase: 'answered', key: 'a', consent: CONSENT, verification: COMPLETE, answer: complete }),
    ...callLines(8, 8, { operation: 'withdraw', phase: 'answered', ...consent(WITHDRAWN, 'withdrawn') }),
    ...callLines(9, 20, {
      operation: 'verify',
      phase: 'refused',
      key: 'e',
      consent: WITHDRAWN,
      verification: REFUSED,
      code: 'consent_withdrawn',
    }),
    ...callLines(10, 21, {
      operation: 'read-verification',
      phase: 'refused',
      consent: WITHDRAWN,
      verification: ERASED,
      code: 'verification_gone',
    }),
    ...callLines(12, 59, {
      operation: 'verify',
      phase: 'answered',
      key: 'a',
      consent: CONSENT,
      verification: COMPLETE,
      answer: complete,
      final: true,
    }),
    ...callLines(11, 60, {
      operation: 'read-verification',
      phase: 'answered',
      consent: CONSENT,
      verification: LATER,
      answer: later,
      final: true,
    }),
  ];
}

let eventNumber = 0;

/** A record; its place in the partition is given later. */
export function recordOf(topic: string, key: string, sequence: number, second: number, payload: Record<string, unknown>): TopicRecord {
  eventNumber += 1;
  return { topic, partition: 0, offset: 0n, key, id: `event-${eventNumber}`, sequence, type: `${topic}.some`, time: time(second), payload };
}

function soundTopics(): TopicRecord[] {
  const changed = (topic: string, key: string, statuses: readonly (readonly [string, number])[]) =>
    statuses.map(([status, second], index) => recordOf(topic, key, index + 1, second, { status }));
  const audit = (key: string, sequence: number, second: number, payload: Record<string, unknown>) =>
    recordOf('vouch.audit.v1', key, sequence, second, { ...payload, salt: SALT.toString('base64') });
  const redeemed = (verificationId: string, consentId: string, second: number) =>
    audit(`c:${verificationId}`, 1, second, { action: 'redeemed', verificationId, consentId });
  const answered = (answer: Answer, consentId: string, sequence: number, second: number, action: string) =>
    audit(`l:${answer.id}`, sequence, second, {
      action,
      verificationId: answer.id,
      consentId,
      answerDigest: saltedDigest(SALT, answer).toString('base64'),
    });
  const consents = (id: string, changes: number) =>
    Array.from({ length: changes }, (_, index) => audit(`c:${id}`, index + 1, index, { action: 'consent', consentId: id }));
  const records = [
    ...changed('vouch.consent.v1', CONSENT, [
      ['requested', 0],
      ['granted', 1],
    ]),
    ...changed('vouch.consent.v1', WITHDRAWN, [
      ['requested', 0],
      ['granted', 1],
      ['withdrawing', 7],
      ['withdrawn', 8],
    ]),
    ...changed('vouch.verification.v1', COMPLETE, [['complete', 3]]),
    ...changed('vouch.verification.v1', LATER, [
      ['pending', 5],
      ['complete', 9],
    ]),
    ...changed('vouch.verification.v1', ERASED, [['complete', 4]]),
    ...changed('vouch.verification.v1', REFUSED, [['refused', 20]]),
    ...consents(CONSENT, 2),
    ...consents(WITHDRAWN, 4),
    redeemed(COMPLETE, CONSENT, 3),
    redeemed(LATER, CONSENT, 5),
    redeemed(LOST, CONSENT, 6),
    redeemed(ERASED, WITHDRAWN, 4),
    answered(complete, CONSENT, 1, 3, 'answered'),
    answered(pending, CONSENT, 1, 5, 'answered'),
    answered(later, CONSENT, 2, 9, 'completed'),
    answered(gone, WITHDRAWN, 1, 4, 'answered'),
    audit(`l:${REFUSED}`, 1, 20, { action: 'refused', verificationId: REFUSED, consentId: WITHDRAWN }),
  ];
  return records.map((record, index) => ({ ...record, offset: BigInt(index) }));
}

/** The log that an honest audit keeps of audit events. */
export function soundLeaves(topics: readonly TopicRecord[]): LeafRow[] {
  const events = topics.filter(({ topic }) => topic === 'vouch.audit.v1');
  return events.map(({ id, type, time: at, payload }, index) => {
    const digest = saltedDigest(SALT, payload).toString('base64');
    const leaf = Buffer.from(canonical({ id, type, time: at.toISOString(), digest }));
    return { index: BigInt(index), eventId: id, type, leaf, leafHash: leafHash(leaf), salt: SALT, payload };
  });
}
