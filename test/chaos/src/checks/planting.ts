import type { DatabaseEvidence, Evidence, TopicRecord } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import { callLines } from './sound-parts.js';

// How tests of the checks break one thing in the small run in which every promise was kept.

/** Tables that a violation can be planted in. */
type Table = 'consents' | 'redemptions' | 'verifications' | 'leaves' | 'batches';
/** A row of one of them. */
export type Row<K extends Table> = DatabaseEvidence[K][number];

/** Another database. */
export const withDatabase = (evidence: Evidence, change: Partial<DatabaseEvidence>): Evidence => ({
  ...evidence,
  database: { ...evidence.database, ...change },
});
/** Changes a consent. */
export const consent = (id: string, change: Partial<Row<'consents'>>) => (evidence: Evidence) =>
  withDatabase(evidence, { consents: evidence.database.consents.map((row) => (row.id === id ? { ...row, ...change } : row)) });
/** Changes a verification. */
export const verification = (id: string, change: Partial<Row<'verifications'>>) => (evidence: Evidence) =>
  withDatabase(evidence, { verifications: evidence.database.verifications.map((row) => (row.id === id ? { ...row, ...change } : row)) });
/** Changes a redemption. */
export const redemption = (id: string, change: Partial<Row<'redemptions'>>) => (evidence: Evidence) =>
  withDatabase(evidence, {
    redemptions: evidence.database.redemptions.map((row) => (row.verificationId === id ? { ...row, ...change } : row)),
  });
/** Changes a leaf of the audit log. */
export const leaf = (place: number, change: Partial<Row<'leaves'>>) => (evidence: Evidence) =>
  withDatabase(evidence, { leaves: evidence.database.leaves.map((row, at) => (at === place ? { ...row, ...change } : row)) });
/** Rows are gone. */
export const without =
  <K extends Table>(table: K, gone: (row: Row<K>) => boolean) =>
  (evidence: Evidence) =>
    withDatabase(evidence, { [table]: (evidence.database[table] as readonly Row<K>[]).filter((row) => !gone(row)) });
/** Other records on the topics. */
export const records = (change: (topics: readonly TopicRecord[]) => readonly TopicRecord[]) => (evidence: Evidence) => ({
  ...evidence,
  topics: change(evidence.topics),
});
/** One more call. */
export const more = (call: number, second: number, line: Parameters<typeof callLines>[2]) => (evidence: Evidence) => ({
  ...evidence,
  history: [...evidence.history, ...callLines(call, second, line)],
});
/** Changes what came of a call. */
export const entry = (call: number, change: Partial<Entry>) => (evidence: Evidence) => ({
  ...evidence,
  history: evidence.history.map((one) => (one.call === call && one.phase !== 'sent' ? { ...one, ...change } : one)),
});
/** Changes a batch. */
export const batch = (change: (row: Row<'batches'>) => Partial<Row<'batches'>>) => (evidence: Evidence) =>
  withDatabase(evidence, { batches: evidence.database.batches.map((row) => ({ ...row, ...change(row) })) });
