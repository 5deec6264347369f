import type { CatalogueTables } from '@vouch/catalogue-versions';
import type { OutboxTables } from '@vouch/events';
import type { QuotaDayTables } from '@vouch/quota-days';
import type { ColumnType, Generated } from '@vouch/store';
import type { ConsentStatus, Part } from './domain/consent.js';

/** A part as its row keeps it: dates as ISO texts. */
export interface PartJson {
  readonly subject: string;
  readonly claimType: string;
  readonly claimVersion: number;
  readonly standing: 'requested' | 'granted' | 'refused';
  readonly decidedAt?: string;
  readonly decidedBy?: string;
}

/** One consent; its lock orders everything that happens to it. */
export interface ConsentsTable {
  id: string;
  status: ConsentStatus;
  platform: string;
  purpose: string;
  parts: ColumnType<readonly PartJson[], string, string>;
  valid_from: Date;
  valid_until: Date;
  max_uses: number;
  uses: Generated<number>;
  retention_days: number;
  fingerprint: string;
  created_at: Date;
  granted_at: Date | null;
  last_lease_end: Date | null;
  settles_at: Date | null;
  /** Last sequence numbers given: in the history, on the consent topic, on the audit topic. */
  history_sequence: Generated<number>;
  event_sequence: Generated<number>;
  audit_sequence: Generated<number>;
  /** Audit pseudonyms by subject key, sealed: this store must not be joinable with the audit's. */
  audit_persons: Buffer;
}

/** People named in a consent. */
export interface PersonsTable {
  consent_id: string;
  subject: string;
  pseudonym: string;
  /** ID number and name, sealed; null once the consent has ended. */
  identity: Buffer | null;
}

/** Every change of every consent; rows are never changed. */
export interface HistoryTable {
  consent_id: string;
  sequence: number;
  at: Date;
  actor: string;
  change: string;
  parts: ColumnType<readonly Part[], string, never>;
  previous: ConsentStatus | null;
  status: ConsentStatus;
}

/** One right to ask per verification. */
export interface RedemptionsTable {
  verification_id: string;
  consent_id: string | null;
  platform: string;
  purpose: string;
  region: string;
  claim_types: readonly string[];
  fingerprint: string;
  basis_ref: string;
  retention_days: number;
  redeemed_at: Date;
  lease_end: Date;
  audit_sequence: number;
}

/** Attempts to be confirmed as a guardian, for the rate limit. */
export interface GuardianshipAttemptsTable {
  consent_id: string;
  viewer: string;
  at: Generated<Date>;
}

/** Whose access log a person may read, by references that mean nothing to anyone else. */
export interface AccessSubjectsTable {
  ref: string;
  viewer: string;
  relation: 'self' | 'child';
  /** Consent pseudonym of the child; null for oneself. */
  child: string | null;
  /** The child's audit pseudonyms, sealed; null for oneself. */
  audit_pseudonyms: Buffer | null;
  verified_at: Generated<Date>;
}

/** The tables of schema `consent`. */
export interface ConsentTables extends OutboxTables, CatalogueTables, QuotaDayTables {
  consents: ConsentsTable;
  persons: PersonsTable;
  history: HistoryTable;
  redemptions: RedemptionsTable;
  guardianship_attempts: GuardianshipAttemptsTable;
  access_subjects: AccessSubjectsTable;
}
