import type { AnsweredQuery, BatchRow, ConsentRow, Evidence, VerificationRow } from '../evidence/evidence.js';
import { answerOf, audited, auditedConsents, callLines, changes, redeemed, time } from './sound-parts.js';

// The batch of the small run in which every promise was kept: a row that was asked again since what was in flight was lost, a row with a
// fault, and a row that waited for an agency until its time was over.

/** The batch, its consent, and the verifications of its first and its third row. */
export const BATCH = 'b0000000-0000-7000-8000-000000000001';
export const BATCH_CONSENT = 'c0000000-0000-7000-8000-000000000003';
export const ROW_DONE = 'f0000000-0000-8000-8000-000000000011';
export const ROW_CLOSED = 'f0000000-0000-8000-8000-000000000013';

const platform = 'platform';
const done = answerOf(ROW_DONE, BATCH_CONSENT, 'complete', time(34), 'confirmed');
const pending = answerOf(ROW_CLOSED, BATCH_CONSENT, 'pending', time(34), 'unavailable');
const closed = {
  ...pending,
  status: 'closed',
  code: 'retry_time_over',
  completedAt: time(37).toISOString(),
};

const consent: ConsentRow = {
  id: BATCH_CONSENT,
  status: 'granted',
  maxUses: 1_000,
  uses: 2,
  grantedAt: time(26),
  eventSequence: 2,
  auditSequence: 2,
};
const verifications: readonly VerificationRow[] = [
  { id: ROW_DONE, platform, status: 'complete', consentId: BATCH_CONSENT, sequence: 1, createdAt: time(34), sealed: false, answer: done },
  {
    id: ROW_CLOSED,
    platform,
    status: 'closed',
    code: 'retry_time_over',
    consentId: BATCH_CONSENT,
    sequence: 2,
    createdAt: time(34),
    giveUpAt: time(36),
    sealed: false,
    answer: closed,
  },
];
const batch: BatchRow = {
  id: BATCH,
  platform,
  status: 'complete',
  total: 3,
  chunks: [
    {
      firstRow: 1,
      rowCount: 2,
      outcomes: [
        { kind: 'verification', id: ROW_DONE, state: 'done' },
        { kind: 'fault', code: 'row_malformed' },
      ],
      pending: 0,
      leased: false,
      sealed: false,
    },
    {
      firstRow: 3,
      rowCount: 1,
      outcomes: [{ kind: 'verification', id: ROW_CLOSED, state: 'failed' }],
      pending: 0,
      leased: false,
      sealed: false,
    },
  ],
};
const query = (trace: string, claimType: string, at: Date): AnsweredQuery => ({
  registry: `registry-${claimType.split('.')[0]}`,
  trace,
  claimType,
  at: at.getTime(),
});
const row = { family: 0, consent: BATCH_CONSENT, timeBudgetMs: 1_500 };
const rows = [row, { ...row, malformed: true as const }, { ...row, retryForSeconds: 2 }];
const seen = (status: string, failed: number, waiting: number) => ({
  id: BATCH,
  status,
  rows: { total: 3, done: 1, failed, pending: waiting, cancelled: 0 },
});
const [first, second] = [
  { row: 1, status: 'complete', verificationId: ROW_DONE, verification: done },
  { row: 2, status: 'failed', code: 'row_malformed' },
];
const asked = { batch: BATCH, platform };

const rowClosed = changes('vouch.verification.v1', ROW_CLOSED, [
  ['pending', 34],
  ['closed', 37],
]);

/** What the batch adds to the small run; the first row was asked at second 29, and again when what had been killed was back. */
export const BATCHED = {
  consent,
  verifications,
  batch,
  redemptions: [
    [ROW_DONE, 29],
    [ROW_CLOSED, 33],
  ].map(([verificationId, second_]) => ({
    verificationId: String(verificationId),
    consentId: BATCH_CONSENT,
    redeemedAt: time(Number(second_)),
    leaseEnd: time(Number(second_) + 5),
    auditSequence: 1,
  })),
  topics: [
    ...changes('vouch.consent.v1', BATCH_CONSENT, [
      ['requested', 25],
      ['granted', 26],
    ]),
    ...changes('vouch.verification.v1', ROW_DONE, [['complete', 34]]),
    ...rowClosed,
    // Published once more by a relay that was held up.
    ...rowClosed.slice(0, 1),
    ...auditedConsents(BATCH_CONSENT, 2),
    redeemed(ROW_DONE, BATCH_CONSENT, 29, 'row-1'),
    redeemed(ROW_CLOSED, BATCH_CONSENT, 33, 'row-3'),
    audited(done, BATCH_CONSENT, 1, 34, 'answered'),
    audited(pending, BATCH_CONSENT, 1, 34, 'answered'),
    audited(closed, BATCH_CONSENT, 2, 37, 'closed'),
  ],
  queries: [
    query('row-1', 'police.guardian-of', time(29)),
    { ...query('row-1-again', 'police.guardian-of', time(34)), row: { batch: BATCH, row: 1 } },
    query('row-3', 'police.guardian-of', time(34)),
    // Came when nobody waited for it any more.
    { ...query('row-3', 'housing.owns-home', time(34.2)), unused: true as const },
    { ...query('row-3-retried', 'housing.owns-home', time(35)), verification: ROW_CLOSED },
  ],
  interruptions: [{ from: time(30).getTime(), until: time(30).getTime(), part: 'lookup-1', what: 'kill -9 lookup-1' }],
  history: [
    ...callLines(30, 25, {
      operation: 'request-consent',
      phase: 'answered',
      key: 'consent-b',
      seen: { id: BATCH_CONSENT, status: 'requested' },
    }),
    ...callLines(31, 26, {
      operation: 'grant',
      phase: 'answered',
      consent: BATCH_CONSENT,
      seen: { id: BATCH_CONSENT, status: 'granted' },
    }),
    ...callLines(32, 28, {
      operation: 'submit-batch',
      phase: 'answered',
      platform,
      key: 'batch-a',
      rows,
      batch: BATCH,
      batchSeen: seen('queued', 0, 2),
    }),
    ...callLines(33, 35, {
      operation: 'read-results',
      phase: 'answered',
      ...asked,
      after: 0,
      results: [first, second, { row: 3, status: 'pending', verificationId: ROW_CLOSED, verification: pending }],
    }),
    ...callLines(34, 61, { operation: 'read-batch', phase: 'answered', ...asked, batchSeen: seen('complete', 2, 0), final: true }),
    ...callLines(35, 62, {
      operation: 'read-results',
      phase: 'answered',
      ...asked,
      after: 0,
      results: [first, second, { row: 3, status: 'closed', verificationId: ROW_CLOSED, verification: closed }],
      final: true,
    }),
  ],
} satisfies Partial<Record<keyof Evidence, unknown>> & Record<string, unknown>;
