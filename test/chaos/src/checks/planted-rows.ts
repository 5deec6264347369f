import type { RowSeen } from '../batch.js';
import type { ChunkRow, Evidence, RowOutcome } from '../evidence/evidence.js';
import { batch, consent, entry, more, records, redemption, verification, withDatabase } from './planting.js';
import { BATCH, BATCH_CONSENT, ROW_CLOSED, ROW_DONE } from './sound-batch.js';
import { COMPLETE, LATER } from './sound-evidence.js';
import { recordOf, START, time } from './sound-parts.js';

type Plant = (evidence: Evidence) => Evidence;

/** Changes a piece of the batch. */
const chunk = (place: number, change: (row: ChunkRow) => Partial<ChunkRow>): Plant =>
  batch(({ chunks }) => ({ chunks: chunks.map((row, at) => (at === place ? { ...row, ...change(row) } : row)) }));
/** Changes what is stored of a row in the first piece. */
const outcome = (row: number, now: RowOutcome | null): Plant =>
  chunk(0, ({ outcomes }) => ({ outcomes: outcomes.map((one, at) => (at === row - 1 ? now : one)) }));
/** Changes what was told of the rows while the batch ran, or at its end. */
export const told =
  (call: 33 | 35, change: (results: readonly RowSeen[]) => readonly RowSeen[]): Plant =>
  (evidence) => ({
    ...evidence,
    history: evidence.history.map((one) => (one.call === call && one.results ? { ...one, results: change(one.results) } : one)),
  });
/** One more query that a registry answered. */
const asked =
  (second: number, verificationId: string, claimType = 'police.guardian-of'): Plant =>
  (evidence) => ({
    ...evidence,
    queries: [...evidence.queries, { registry: 'registry-police', trace: `trace-${second}`, claimType, at: time(second).getTime() }],
    topics: [...evidence.topics, { ...recordOf('vouch.audit.v1', 'x', 1, second, { verificationId }), trace: `trace-${second}` }],
  });
const lost: Plant = (evidence) => ({ ...evidence, interruptions: [] });
const both =
  (...plants: readonly Plant[]): Plant =>
  (evidence) =>
    plants.reduce((planted, plant) => plant(planted), evidence);

/** Violations of what is promised of batch rows and of pending claims. */
export const PLANTED_IN_ROWS: Readonly<Record<'results' | 'askedAgain' | 'endings', Readonly<Record<string, Plant>>>> = {
  results: {
    'the batch is lost': (evidence) => withDatabase(evidence, { batches: [] }),
    'it has fewer rows': both(
      batch(() => ({ total: 2 })),
      batch(({ chunks }) => ({ chunks: chunks.slice(0, 1) })),
    ),
    'a piece of it is lost': batch(({ chunks }) => ({ chunks: chunks.slice(1) })),
    'a piece of it is there twice': batch(({ chunks }) => ({ chunks: [...chunks, ...chunks.slice(1)] })),
    'it runs for ever': batch(() => ({ status: 'running' })),
    'somebody still has a piece': chunk(1, () => ({ leased: true })),
    'rows are kept after its end': chunk(1, () => ({ sealed: true })),
    'a row has no result': outcome(1, null),
    'a row without a fault has one': outcome(1, { kind: 'fault', code: 'internal' }),
    'a row with a fault has a verification': outcome(2, { kind: 'verification', id: COMPLETE, state: 'done' }),
    'two rows have one verification': outcome(1, { kind: 'verification', id: ROW_CLOSED, state: 'failed' }),
    'a row has the verification of a lookup': outcome(1, { kind: 'verification', id: COMPLETE, state: 'done' }),
    'the verification of a row is not there': outcome(1, { kind: 'verification', id: 'lost', state: 'done' }),
    'the verification of a row is on another consent': verification(ROW_DONE, { consentId: 'another' }),
    'the verification of a row is of another platform': verification(ROW_DONE, { platform: 'another' }),
    'a row is said to have failed and is complete': outcome(1, { kind: 'verification', id: ROW_DONE, state: 'failed' }),
    'a row has a second verification': (evidence) =>
      withDatabase(evidence, {
        verifications: evidence.database.verifications.flatMap((row) => (row.id === ROW_DONE ? [row, { ...row, id: 'second' }] : [row])),
      }),
    'a row was told as another verification': told(33, (results) =>
      results.map((one) => (one.row === 1 ? { ...one, verificationId: LATER } : one)),
    ),
    'a row was told as cancelled': told(33, (results) => results.map((one) => (one.row === 1 ? { row: 1, status: 'cancelled' } : one))),
    'a row was told with another fault': told(33, (results) => results.map((one) => (one.row === 2 ? { ...one, code: 'internal' } : one))),
    'a row is withheld': told(35, (results) => results.map((one) => (one.row === 1 ? { ...one, status: 'withheld' } : one))),
    'a row is left out': told(35, (results) => results.filter(({ row }) => row !== 2)),
    'a row is told twice': told(35, (results) => [...results.slice(0, 1), ...results]),
    'the last row is never told': told(35, (results) => results.slice(0, 2)),
    'the count does not add up': entry(34, {
      batchSeen: { id: BATCH, status: 'complete', rows: { total: 3, done: 1, failed: 1, pending: 0, cancelled: 0 } },
    }),
  },
  askedAgain: {
    'a row is asked twice and nothing was broken': lost,
    'what was lost was long before': (evidence) => ({
      ...evidence,
      interruptions: [{ from: START, until: START + 1_000, part: 'lookup-1', what: 'kill -9 lookup-1' }],
    }),
    ...Object.fromEntries(
      ['broker', 'audit-1', 'registry-tax', 'lookup-1->kafka', 'lookup-1->audit-2', 'lookup-1->registry-tax', 'clients->lookup-1'].map(
        (part) => [
          `a row is asked twice while only ${part} was broken`,
          (evidence) => ({ ...evidence, interruptions: evidence.interruptions.map((one) => ({ ...one, part })) }),
        ],
      ),
    ),
    'a row is asked twice, and its first answer was there in time': (evidence) => ({
      ...evidence,
      queries: evidence.queries.map(({ unused: _unused, ...query }) => query),
    }),
    'a row is asked twice for one loss': both(asked(34.1, ROW_DONE), (evidence) => ({
      ...evidence,
      interruptions: evidence.interruptions.map((one) => ({ ...one, from: one.from - 10_000, until: one.from - 10_000 })),
    })),
    'a row is asked after its answer was committed': asked(50, ROW_DONE, 'housing.owns-home'),
    'a row is asked by a retry after it had ended': (evidence) => ({
      ...evidence,
      queries: [
        ...evidence.queries,
        { registry: 'registry-tax', trace: 'unknown', verification: ROW_CLOSED, claimType: 'tax.deed-tax-paid', at: START + 50_000 },
      ],
    }),
  },
  endings: {
    'one is pending': verification(LATER, { status: 'pending' }),
    'one has no end that is known': verification(LATER, { status: 'waiting' }),
    'its end was never published': records((topics) => topics.filter(({ key, sequence }) => key !== ROW_CLOSED || sequence !== 2)),
    'it is published as pending once more': records((topics) => [
      ...topics,
      recordOf('vouch.verification.v1', LATER, 3, 50, { status: 'pending' }),
    ]),
    'it is closed before its time was over': verification(ROW_CLOSED, { giveUpAt: time(60) }),
    'it is closed without a reason': verification(ROW_CLOSED, { code: undefined }),
    'it is closed since its consent was withdrawn, which stands': verification(ROW_CLOSED, { code: 'consent_withdrawn' }),
    'it is closed since nobody would answer, and somebody would': verification(ROW_CLOSED, { code: 'claims_unanswerable' }),
    'whom it was about is kept': verification(ROW_CLOSED, { sealed: true }),
    'it is retried for another time than was asked for': both(
      entry(5, { retryForSeconds: 5 }),
      verification(LATER, { giveUpAt: time(65) }),
    ),
    'somebody was asked beyond its time': (evidence) => ({
      ...evidence,
      queries: [...evidence.queries, { registry: 'registry-tax', trace: 'unknown', verification: ROW_CLOSED, at: START + 39_000 }],
    }),
    'it is told as pending in the quiet': more(20, 90, {
      operation: 'read-verification',
      phase: 'answered',
      verification: LATER,
      answer: { id: LATER, status: 'pending', claims: [] },
      final: true,
    }),
    'a row is told as pending in the quiet': told(35, (results) =>
      results.map((one) => (one.row === 3 ? { ...one, verification: { id: ROW_CLOSED, status: 'pending', claims: [] } } : one)),
    ),
    'nobody knows what became of a redemption': (evidence) => withDatabase(evidence, { answerUnknown: new Set() }),
    'nobody knows what became of a row': both(consent(BATCH_CONSENT, { uses: 3 }), redemption(ROW_CLOSED, { verificationId: 'nobody' })),
  },
};
