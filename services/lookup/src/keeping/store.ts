import type { CatalogueTables } from '@vouch/catalogue-versions';
import { RetryableError } from '@vouch/errors';
import type { ConsumedTables, OutboxTables } from '@vouch/events';
import type { QuotaDayTables } from '@vouch/quota-days';
import { type ColumnType, type Generated, type Selectable, type Store, sql, type Transaction } from '@vouch/store';
import type { BatchStatus, Outcomes } from '../batches/batch.js';
import type { FurtherRules } from '../domain/plan.js';
import type { EvaluatedAlternative, VerdictResult } from '../domain/verdict.js';
import type { StoredClaim, Verification, VerificationStatus } from './verification.js';

type Json<T> = ColumnType<T, string, string>;

/** The table of verifications. */
export interface VerificationTable {
  id: string;
  platform: string;
  purpose: string;
  region: string;
  legal_basis: string;
  consent_id: string | null;
  requirement_set: string | null;
  catalogue_version: string | null;
  application: ColumnType<NonNullable<Verification['application']> | null, string | null, string | null>;
  personal: Buffer | null;
  status: VerificationStatus;
  verdict: VerdictResult | null;
  code: string | null;
  claims: Json<StoredClaim[]>;
  alternatives: Json<EvaluatedAlternative[]>;
  further: ColumnType<FurtherRules | null, string | null, string | null>;
  sealed: Buffer | null;
  fingerprint: string | null;
  sequence: number;
  attempts: number;
  created_at: Date;
  completed_at: Date | null;
  erase_at: Date | null;
  erased_at: Date | null;
  retry_at: Date | null;
  retry_lease_end: Date | null;
  /** When it was last put off, all agencies that it waits for were away. */
  away: Generated<boolean>;
  give_up_at: Date | null;
  waiting_for: ColumnType<string[] | null, string | null, string | null>;
  traceparent: string | null;
}

/** The table of consents known to be withdrawn. */
interface WithdrawnConsentTable {
  consent_id: string;
  at: Generated<Date>;
}

/** The table of batches. */
export interface BatchTable {
  id: string;
  /** Turn within the platform. */
  ordinal: Generated<string>;
  platform: string;
  status: BatchStatus;
  code: string | null;
  /** Token of the upload that may write it. */
  upload: string;
  heard_at: Generated<Date>;
  fingerprint: string | null;
  total: Generated<number>;
  created_at: Generated<Date>;
  started_at: Date | null;
  running_since: Date | null;
  /** Milliseconds that it ran before it was last paused. */
  active_ms: Generated<string>;
  /** When its last row had been asked. */
  asked_at: Date | null;
  ended_at: Date | null;
  served_at: Date | null;
}

/** The table of batches' rows, in chunks. */
interface BatchChunkTable {
  batch_id: string;
  /** Place within the batch, from 0. */
  number: number;
  /** Number of the first row in it, from 1. */
  first_row: number;
  row_count: number;
  sealed: Buffer | null;
  outcomes: ColumnType<Outcomes | null, string | null, string | null>;
  done: Generated<number>;
  failed: Generated<number>;
  pending: Generated<number>;
  lease: string | null;
  lease_end: Date | null;
  finished_at: Date | null;
  looked_at: Date | null;
}

/** The lookup's schema. */
export const SCHEMA = 'lookup';

/** Everything in it. */
export interface LookupTables extends OutboxTables, ConsumedTables, CatalogueTables, QuotaDayTables {
  verifications: VerificationTable;
  withdrawn_consents: WithdrawnConsentTable;
  batches: BatchTable;
  batch_chunks: BatchChunkTable;
}

/** The lookup's store. */
export type LookupStore = Store<LookupTables>;
/** A transaction of the lookup's. */
export type LookupTransaction = Transaction<LookupTables>;

/** A row as a verification. */
export function fromRow(row: Selectable<VerificationTable>): Verification {
  const optional = <K extends string, V>(key: K, value: V | null): Partial<Record<K, V>> =>
    value === null ? {} : ({ [key]: value } as Record<K, V>);
  return {
    id: row.id,
    platform: row.platform,
    purpose: row.purpose,
    region: row.region,
    legalBasis: row.consent_id === null ? { type: 'statutory_duty' } : { type: 'consent', consentId: row.consent_id },
    ...optional('requirementSet', row.requirement_set),
    ...optional('catalogueVersion', row.catalogue_version),
    ...optional('application', row.application),
    ...optional('personal', row.personal),
    status: row.status,
    ...optional('verdict', row.verdict),
    ...optional('code', row.code),
    claims: row.claims,
    alternatives: row.alternatives,
    ...optional('further', row.further),
    ...optional('sealed', row.sealed),
    ...optional('fingerprint', row.fingerprint),
    sequence: row.sequence,
    attempts: row.attempts,
    createdAt: row.created_at,
    ...optional('completedAt', row.completed_at),
    ...optional('eraseAt', row.erase_at),
    ...optional('erasedAt', row.erased_at),
    ...optional('retryAt', row.retry_at),
    ...optional('giveUpAt', row.give_up_at),
    ...optional('traceparent', row.traceparent),
  };
}

/** Throws `unavailable` when events have waited to be published for longer than `seconds`. */
export async function assertPublishing(store: LookupStore, seconds: number): Promise<void> {
  const { rows } = await sql`select 1 from ${sql.id(store.schema, 'outbox')}
    where created < statement_timestamp() - make_interval(secs => ${seconds}) limit 1`.execute(store.db);
  if (rows.length > 0) throw new RetryableError('unavailable', { cause: new Error('events wait to be published') });
}
