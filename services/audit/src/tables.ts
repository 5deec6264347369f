import type { ConsumedTables } from '@vouch/events';
import type { Generated } from '@vouch/store';

/** The counter that gives leaves their positions; one row, whose lock orders all appending. */
export interface LogTable {
  singleton: Generated<boolean>;
  next_index: string;
}

/** Leaves; a trigger refuses to change them. */
export interface LeavesTable {
  index: string;
  event_id: string;
  type: string;
  time: Date;
  leaf: Buffer;
  leaf_hash: Buffer;
  appended_at: Generated<Date>;
}

/** What leaves stand for; a row goes when it is to be forgotten, and its leaf stays. */
export interface LeafContentsTable {
  index: string;
  salt: Buffer;
  /** What the leaf's digest is over after the salt, as canonical JSON; as PostgreSQL prints JSON where it was written before it was kept as text. */
  payload: string;
  stored_at: Generated<Date>;
}

/** Verifications as far as their people may know of them. */
export interface VerificationsTable {
  verification_id: string;
  at: Date;
  platform: string;
  purpose: string;
  region: string;
  legal_basis: string;
  consent_id: string;
  lease_end: Date | null;
  answered: boolean;
  refusal: string | null;
  /** Position of the leaf that says that no answer was recorded. */
  unknown_leaf: string | null;
  /** Last sequence number taken of what the consent service wrote about it; 0 before the first. */
  consent_sequence: Generated<number>;
  /** The same of the lookup. */
  lookup_sequence: Generated<number>;
}

/** Whom a verification was about, by audit pseudonym. */
export interface AccessesTable {
  verification_id: string;
  pseudonym: string;
  claim_types: readonly string[];
}

/** How far the log has read, by partition. */
export interface OffsetsTable {
  topic: string;
  partition: number;
  next_offset: string;
}

/** The tables of schema `audit`. */
export interface AuditTables extends ConsumedTables {
  log: LogTable;
  leaves: LeavesTable;
  leaf_contents: LeafContentsTable;
  verifications: VerificationsTable;
  accesses: AccessesTable;
  offsets: OffsetsTable;
}
