import { describe, expect, it } from 'vitest';
import type { Evidence, TopicRecord } from '../evidence/evidence.js';
import { PLANTED_IN_ROWS, told } from './planted-rows.js';
import { consent, entry, leaf, more, type Row, records, redemption, verification, withDatabase, without } from './planting.js';
import { PROMISES } from './promises.js';
import { toSmallest } from './smallest.js';
import { BATCH, ROW_CLOSED } from './sound-batch.js';
import { COMPLETE, CONSENT, ERASED, LATER, LOST, REFUSED, soundEvidence, WITHDRAWN } from './sound-evidence.js';
import { recordOf, START } from './sound-parts.js';

const answerOf = (id: string) => soundEvidence().history.find(({ verification: of, answer }) => of === id && answer)?.answer;
const swapped = (topics: readonly TopicRecord[], key: string): TopicRecord[] => {
  const [first, second] = topics.filter((record) => record.key === key);
  return topics.map((record) => (record === first ? second : record === second ? first : record) as TopicRecord);
};

const PLANTED: Readonly<Record<string, Readonly<Record<string, (evidence: Evidence) => Evidence>>>> = {
  'an acknowledged verification is there, with the answer that was given': {
    'the row is lost': without('verifications', ({ id }) => id === COMPLETE),
    'another answer is kept': (evidence) => {
      const row = evidence.database.verifications.find(({ id }) => id === COMPLETE);
      return verification(COMPLETE, { answer: { ...row?.answer, id: COMPLETE, status: 'complete', claims: [], verdict: 'not_met' } })(
        evidence,
      );
    },
    'the audit has the digest of another answer': entry(3, {
      answer: { ...answerOf(COMPLETE), id: COMPLETE, status: 'complete', claims: [] },
    }),
    'what was known has changed': entry(5, {
      answer: {
        ...answerOf(LATER),
        id: LATER,
        status: 'pending',
        claims: [{ type: 'police.guardian-of', subject: 'guardian', outcome: 'refuted' }],
      },
    }),
    'it is erased and its consent stands': verification(COMPLETE, { erasedAt: new Date(START) }),
    'it is said to be gone and its consent stands': more(20, 30, {
      operation: 'read-verification',
      phase: 'refused',
      code: 'verification_gone',
      consent: CONSENT,
      verification: COMPLETE,
    }),
    'a refusal is kept with another code': verification(REFUSED, { code: 'consent_spent' }),
  },
  'an acknowledged verification can be read': {
    'it is not found': more(20, 30, {
      operation: 'read-verification',
      phase: 'refused',
      code: 'verification_not_found',
      verification: COMPLETE,
    }),
    'a batch is not found': more(20, 40, { operation: 'read-results', phase: 'refused', code: 'batch_not_found', batch: BATCH }),
  },
  'an acknowledged consent or decision stands': {
    'the consent is lost': without('consents', ({ id }) => id === CONSENT),
    'a grant is undone': consent(CONSENT, { status: 'requested' }),
    'a withdrawal is undone': consent(WITHDRAWN, { status: 'granted' }),
  },
  'an acknowledged or committed change has its event': {
    'a verification was never published': records((topics) => topics.filter(({ key }) => key !== COMPLETE)),
    'the last change of a consent was never published': records((topics) =>
      topics.filter(({ key, payload }) => key !== WITHDRAWN || payload.status !== 'withdrawn'),
    ),
    'a redemption was never audited': records((topics) => topics.filter(({ key }) => key !== `c:${LOST}`)),
    'an event tells of what was never committed': without('verifications', ({ id }) => id === REFUSED),
    'more was published than was committed': verification(LATER, { sequence: 1 }),
    'a change of the catalogue was never published': (evidence) =>
      withDatabase(evidence, { catalogueChanges: [{ service: 'lookup', sequence: 1 }] }),
  },
  'per key, events are in order, without gaps': {
    'two events changed places': records((topics) => swapped(topics, LATER)),
    'one is missing in the middle': records((topics) => topics.filter(({ key, sequence }) => key !== WITHDRAWN || sequence !== 2)),
    'a number was given twice': records((topics) => [...topics, recordOf('vouch.consent.v1', CONSENT, 2, 3, { status: 'refused' })]),
  },
  'each event has one audit record': {
    'one has none': without('leaves', ({ index }) => index === 3n),
    'one has two': (evidence) => leaf(3, { eventId: evidence.database.leaves[2]?.eventId ?? '' })(evidence),
    'a leaf stands for no event': leaf(3, { eventId: 'nobody' }),
    'a place is left out': leaf(10, { index: 11n }),
    'a leaf was changed': leaf(3, { leaf: Buffer.from('{"digest":""}') }),
    'the payload beside a leaf was changed': leaf(3, { payload: { action: 'nothing' } }),
  },
  'no consent is used more often than allowed': {
    'more uses are counted': consent(CONSENT, { uses: 4 }),
    'it was redeemed more often': (evidence) =>
      withDatabase(evidence, {
        redemptions: [
          ...evidence.database.redemptions,
          { ...(evidence.database.redemptions[0] as Row<'redemptions'>), verificationId: 'one-more' },
        ],
      }),
    'more lookups were answered': consent(WITHDRAWN, { maxUses: 0, uses: 0 }),
    'a repeat was counted twice': (evidence) =>
      redemption(ERASED, { consentId: CONSENT })(consent(CONSENT, { maxUses: 9, uses: 4 })(evidence)),
    'a use is lost': consent(CONSENT, { uses: 2 }),
    'a verification has no redemption': without('redemptions', ({ verificationId }) => verificationId === COMPLETE),
  },
  'no disclosure after an acknowledged withdrawal': {
    'a lookup is answered': more(20, 9, {
      operation: 'verify',
      phase: 'answered',
      consent: WITHDRAWN,
      verification: ERASED,
      answer: answerOf(ERASED),
    }),
    'an old answer is shown': more(20, 9, {
      operation: 'read-verification',
      phase: 'answered',
      consent: WITHDRAWN,
      verification: ERASED,
      answer: answerOf(ERASED),
    }),
    'it was redeemed after the withdrawal had begun': redemption(ERASED, { redeemedAt: new Date(START + 7_500) }),
    'it was acknowledged while a lease ran': redemption(ERASED, { leaseEnd: new Date(START + 7_500) }),
    'an outcome was committed later': records((topics) =>
      topics.map((record) => (record.key === `l:${ERASED}` ? { ...record, time: new Date(START + 9_500) } : record)),
    ),
    'a lease was renewed later': records((topics) =>
      topics.map((record) => (record.key === `c:${ERASED}` ? { ...record, time: new Date(START + 7_500) } : record)),
    ),
    'a registry took a query': (evidence) => ({
      ...evidence,
      queries: [{ registry: 'registry-tax', trace: 'trace-4', at: START + 10_000 }],
    }),
    'a registry answered a retry': (evidence) => ({
      ...evidence,
      queries: [{ registry: 'registry-tax', trace: 'unknown', verification: ERASED, at: START + 10_000 }],
    }),
  },
  'what was answered on a withdrawn consent is erased': {
    'it is all there': verification(ERASED, { erasedAt: undefined }),
    'outcomes are left': verification(ERASED, { answer: { id: ERASED, status: 'complete', claims: answerOf(ERASED)?.claims ?? [] } }),
    'identities are left': verification(ERASED, { sealed: true }),
  },
  'one verification per idempotency key': {
    'a key made two': entry(7, { verification: LATER, answer: { ...answerOf(LATER), id: LATER, status: 'pending', claims: [] } }),
    'two keys made one': entry(5, {
      verification: COMPLETE,
      answer: { ...answerOf(COMPLETE), id: COMPLETE, status: 'complete', claims: [] },
    }),
    'a key was answered differently': entry(7, {
      answer: { ...answerOf(COMPLETE), id: COMPLETE, status: 'complete', claims: [], verdict: 'not_met' },
    }),
    'a key made two batches': entry(34, { operation: 'submit-batch', key: 'batch-a', batch: 'another' }),
    'a key made two consents': more(20, 30, {
      operation: 'request-consent',
      phase: 'answered',
      key: 'consent-a',
      seen: { id: WITHDRAWN, status: 'requested' },
    }),
  },
  'one result per batch row': PLANTED_IN_ROWS.results,
  'no batch row is asked again beyond what was in flight': PLANTED_IN_ROWS.askedAgain,
  'in the quiet every call is answered, every repeat ends': {
    'a verification cannot be read': more(20, 90, {
      operation: 'read-verification',
      phase: 'unknown',
      verification: COMPLETE,
      final: true,
    }),
    'nobody can decide': more(20, 90, { operation: 'withdraw', phase: 'unknown', code: 'unavailable', consent: CONSENT, final: true }),
    'it is under way for ever': more(20, 70, {
      operation: 'verify',
      phase: 'unknown',
      key: 'd',
      consent: CONSENT,
      code: 'idempotency_in_progress',
      final: true,
    }),
  },
  'no call is refused without a cause': {
    'a use is left': more(20, 30, {
      operation: 'verify',
      phase: 'refused',
      code: 'consent_spent',
      consent: WITHDRAWN,
      verification: REFUSED,
    }),
    'nobody has withdrawn': more(20, 30, { operation: 'verify', phase: 'refused', code: 'consent_withdrawn', consent: CONSENT }),
    'it was granted before': more(20, 30, { operation: 'verify', phase: 'refused', code: 'consent_not_granted', consent: CONSENT }),
    'the token was good': more(20, 30, { operation: 'read-consent', phase: 'refused', code: 'token_expired', consent: CONSENT }),
    'a row had a use left': told(33, (results) => [
      ...results.slice(0, 2),
      { row: 3, status: 'refused', verificationId: ROW_CLOSED, code: 'consent_spent' },
    ]),
    'the consent was valid': more(20, 30, { operation: 'verify', phase: 'refused', code: 'consent_not_yet_valid', consent: CONSENT }),
  },
  'every pending claim ended': PLANTED_IN_ROWS.endings,
  'every answer is the right one': {
    'another verdict': entry(3, { answer: { ...answerOf(COMPLETE), id: COMPLETE, status: 'complete', claims: [], verdict: 'not_met' } }),
    'another outcome': entry(5, {
      answer: {
        ...answerOf(LATER),
        id: LATER,
        status: 'pending',
        claims: [{ type: 'housing.owns-home', subject: 'guardian', outcome: 'refuted' }],
      },
    }),
  },
  'it comes to rest by itself': {
    'an event was put aside': records((topics) => [...topics, recordOf('vouch.audit.dead-letter.v1', 'x', 1, 3, {})]),
    'events wait': (evidence) => withDatabase(evidence, { waiting: { lookup: 0, consent: 2 } }),
    'something went on and on': (evidence) => ({ ...evidence, unrest: ['1 withdrawals under way'] }),
  },
};

describe('the checks', () => {
  it.each(PROMISES.map((promised) => [promised.name, promised] as const))('find nothing where nothing is: %s', (_name, promised) => {
    const { checked, violations } = promised.check(soundEvidence());
    expect(violations).toEqual([]);
    expect(checked).toBeGreaterThan(0);
  });

  it('have a planted violation for each promise', () => {
    expect(Object.keys(PLANTED)).toEqual(PROMISES.map(({ name }) => name));
  });

  const planted = PROMISES.flatMap((promised) =>
    Object.entries(PLANTED[promised.name] ?? {}).map(([what, plant]) => [promised.name, what, promised, plant] as const),
  );
  it.each(planted)('%s: find that %s', (_name, _what, promised, plant) => {
    const evidence = plant(soundEvidence());
    const { violations } = promised.check(evidence);
    expect(violations.length).toBeGreaterThan(0);
    for (const violation of violations) {
      // What is printed must show it, or the violation is in rows and records alone.
      const { entries, needed } = toSmallest(promised, violation, evidence);
      const shown = promised.check({ ...evidence, history: entries }).violations.map(({ text }) => text);
      expect(shown).toContain(violation.text);
      expect(needed.size).toBeLessThanOrEqual(entries.length);
    }
  });
});

describe('the smallest history', () => {
  it('marks the lines that it takes, among those of the keys concerned', () => {
    const promised = PROMISES.find(({ name }) => name === 'no disclosure after an acknowledged withdrawal');
    if (!promised) throw new Error('No such promise');
    const line = { operation: 'verify', phase: 'answered', consent: WITHDRAWN, verification: ERASED, answer: answerOf(ERASED) } as const;
    const evidence = more(20, 9, line)(soundEvidence());
    const [violation] = promised.check(evidence).violations;
    if (!violation) throw new Error('Nothing was found');
    const { entries, needed } = toSmallest(promised, violation, evidence);
    // The withdrawal's acknowledgement, the later call and its answer.
    expect([...needed]).toEqual([17, 40, 41]);
    expect(entries.some(({ verification: id }) => id === COMPLETE)).toBe(false);
  });
});
