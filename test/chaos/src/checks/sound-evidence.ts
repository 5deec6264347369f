import type { Evidence, LeafRow, TopicRecord } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import { canonical, leafHash, saltedDigest } from './canonical.js';
import { BATCHED } from './sound-batch.js';
import { answerOf, audited, auditedConsents, auditedRefusal, callLines, changes, redeemed, SALT, time } from './sound-parts.js';

// A small run in which every promise was kept, for tests of the checks: each test breaks one thing in it.

/** A consent that stands, one that is withdrawn. */
export const CONSENT = 'c0000000-0000-7000-8000-000000000001';
export const WITHDRAWN = 'c0000000-0000-7000-8000-000000000002';
/** Answered on the one that stands; pending first and answered later; erased with the other; refused; redeemed and never answered. */
export const COMPLETE = 'f0000000-0000-8000-8000-000000000001';
export const LATER = 'f0000000-0000-8000-8000-000000000002';
export const ERASED = 'f0000000-0000-8000-8000-000000000003';
export const REFUSED = 'f0000000-0000-7000-8000-000000000004';
export const LOST = 'f0000000-0000-8000-8000-000000000005';

const platform = 'platform';
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
        BATCHED.consent,
      ],
      catalogueChanges: [],
      redemptions: [
        [COMPLETE, CONSENT, 3],
        [LATER, CONSENT, 5],
        [LOST, CONSENT, 6],
        [ERASED, WITHDRAWN, 4],
      ]
        .map(([verificationId, consentId, second]) => ({
          verificationId: String(verificationId),
          consentId: String(consentId),
          redeemedAt: time(Number(second)),
          leaseEnd: time(Number(second) + 1),
          auditSequence: 1,
        }))
        .concat(BATCHED.redemptions),
      verifications: [
        {
          id: COMPLETE,
          platform,
          status: 'complete',
          consentId: CONSENT,
          sequence: 1,
          createdAt: time(3),
          sealed: false,
          answer: complete,
        },
        {
          id: LATER,
          platform,
          status: 'complete',
          consentId: CONSENT,
          sequence: 2,
          giveUpAt: time(65),
          createdAt: time(5),
          sealed: false,
          answer: later,
        },
        {
          id: ERASED,
          platform,
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
          platform,
          status: 'refused',
          code: 'consent_withdrawn',
          consentId: WITHDRAWN,
          sequence: 1,
          createdAt: time(20),
          sealed: false,
          answer: { id: REFUSED, status: 'refused', claims: [] },
        },
        ...BATCHED.verifications,
      ],
      batches: [BATCHED.batch],
      leaves: soundLeaves(topics),
      answerUnknown: new Set([LOST]),
      waiting: { lookup: 0, consent: 0 },
    },
    topics,
    queries: [
      { registry: 'registry-police', trace: 'trace-3', claimType: 'police.guardian-of', at: time(3).getTime() },
      ...BATCHED.queries,
    ],
    interruptions: BATCHED.interruptions,
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
    ...BATCHED.history,
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

function soundTopics(): TopicRecord[] {
  const records = [
    ...changes('vouch.consent.v1', CONSENT, [
      ['requested', 0],
      ['granted', 1],
    ]),
    ...changes('vouch.consent.v1', WITHDRAWN, [
      ['requested', 0],
      ['granted', 1],
      ['withdrawing', 7],
      ['withdrawn', 8],
    ]),
    ...changes('vouch.verification.v1', COMPLETE, [['complete', 3]]),
    ...changes('vouch.verification.v1', LATER, [
      ['pending', 5],
      ['complete', 9],
    ]),
    ...changes('vouch.verification.v1', ERASED, [['complete', 4]]),
    ...changes('vouch.verification.v1', REFUSED, [['refused', 20]]),
    ...auditedConsents(CONSENT, 2),
    ...auditedConsents(WITHDRAWN, 4),
    redeemed(COMPLETE, CONSENT, 3),
    redeemed(LATER, CONSENT, 5),
    redeemed(LOST, CONSENT, 6),
    redeemed(ERASED, WITHDRAWN, 4),
    audited(complete, CONSENT, 1, 3, 'answered'),
    audited(pending, CONSENT, 1, 5, 'answered'),
    audited(later, CONSENT, 2, 9, 'completed'),
    audited(gone, WITHDRAWN, 1, 4, 'answered'),
    auditedRefusal(REFUSED, WITHDRAWN, 20),
    ...BATCHED.topics,
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
