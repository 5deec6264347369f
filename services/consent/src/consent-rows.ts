import type { Selectable } from '@vouch/store';
import { sql, type Transaction } from '@vouch/store';
import type { Consent, DecidedPart, NamedPerson } from './domain/consent.js';
import type { ConsentsTable, ConsentTables, PartJson } from './tables.js';

/** A consent read under its lock, with the sequence numbers given so far. */
export interface LockedConsent {
  readonly consent: Consent;
  readonly sequences: Sequences;
  readonly fingerprint: string;
  /** See audit-persons.ts. */
  readonly auditPersons: Buffer;
}

/** Last sequence numbers given. */
export interface Sequences {
  readonly history: number;
  readonly event: number;
  readonly audit: number;
}

/** Columns of a consent with its people, as `lockConsents` and `readConsent` select them. */
export type ConsentRow = Selectable<ConsentsTable> & { persons: readonly NamedPerson[] };

/** The people of the consent `c`, as one value. */
export const personsOf = sql<readonly NamedPerson[]>`(
  select coalesce(json_agg(json_build_object('subject', p.subject, 'pseudonym', p.pseudonym) order by p.subject), '[]')
  from consent.persons p where p.consent_id = c.id)`;

/** Locks consents until the transaction ends, in the order of their ids so that overlapping batches don't deadlock. */
export async function lockConsents(tx: Transaction<ConsentTables>, ids: readonly string[]): Promise<Map<string, LockedConsent>> {
  if (ids.length === 0) return new Map();
  return toLockedConsents((await consentsLock(ids).execute(tx)).rows);
}

/** The statement that locks consents. */
export const consentsLock = (ids: readonly string[]) => sql<ConsentRow>`
    select c.*, ${personsOf} as persons from consent.consents c
    where c.id = any(${ids}::uuid[]) order by c.id for update of c`;

/** What it brings, by id. */
export const toLockedConsents = (rows: readonly ConsentRow[]): Map<string, LockedConsent> =>
  new Map(rows.map((row) => [row.id, toLocked(row)]));

/** The database's time. Ask after the locks are held: what was committed while waiting is then in the past. */
export async function databaseTime(tx: Transaction<ConsentTables>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx);
  return (rows[0] as { now: Date }).now;
}

/** Locks one consent. */
export async function lockConsent(tx: Transaction<ConsentTables>, id: string): Promise<{ locked: LockedConsent; now: Date } | undefined> {
  const locked = (await lockConsents(tx, [id])).get(id);
  return locked && { locked, now: await databaseTime(tx) };
}

const toLocked = (row: ConsentRow): LockedConsent => ({
  consent: toConsent(row),
  sequences: { history: row.history_sequence, event: row.event_sequence, audit: row.audit_sequence },
  fingerprint: row.fingerprint,
  auditPersons: row.audit_persons,
});

/** A row as the domain sees it. */
export const toConsent = (row: ConsentRow): Consent => ({
  id: row.id,
  status: row.status,
  platform: row.platform,
  purpose: row.purpose,
  parts: row.parts.map(toPart),
  persons: row.persons,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  maxUses: row.max_uses,
  uses: row.uses,
  retentionDays: row.retention_days,
  createdAt: row.created_at,
  grantedAt: row.granted_at ?? undefined,
  lastLeaseEnd: row.last_lease_end ?? undefined,
  settlesAt: row.settles_at ?? undefined,
});

const toPart = ({ decidedAt, ...part }: PartJson): DecidedPart => (decidedAt ? { ...part, decidedAt: new Date(decidedAt) } : part);
