import { type EventDraft, outboxInsert } from '@vouch/events';
import type { Keyring } from '@vouch/identity';
import { inOneGo, type RawBuilder, sql, type Transaction } from '@vouch/store';
import type { TraceContext } from '@vouch/telemetry';
import { openAuditPersons } from './audit-persons.js';
import type { LockedConsent } from './consent-rows.js';
import { type Consent, type ConsentChange, hasEnded, type Part } from './domain/consent.js';
import { evolve } from './domain/evolve.js';
import { isSeenByPlatform } from './domain/platform-view.js';
import { type AuditedPerson, consentAudited, consentChanged } from './events.js';
import type { ConsentTables } from './tables.js';

/** What redemptions counted on a consent: its uses so far, and the latest end of any lease. */
export type CountedUse = Pick<Consent, 'id' | 'uses' | 'lastLeaseEnd'>;

/** What is to be written about one locked consent. */
export interface ConsentWrite {
  readonly locked: LockedConsent;
  readonly changes: readonly ConsentChange[];
  /** `platform:<id>`, `person:<actor reference>` or `vouch`. */
  readonly actor: string;
  readonly trace?: TraceContext | undefined;
  /** Uses and leases that a redemption counted with it. */
  readonly counted?: Omit<CountedUse, 'id'>;
  /** An audit record that goes with no change. */
  readonly audit?: { readonly action: string; readonly code: string; readonly persons: readonly AuditedPerson[] };
}

interface HistoryRow {
  readonly consent_id: string;
  readonly sequence: number;
  readonly at: Date;
  readonly actor: string;
  readonly change: string;
  readonly parts: readonly Part[];
  readonly previous: string | null;
  readonly status: string;
}

/**
 * The statements that write consents with their histories, erase the identities of those that have ended, and put the events into the outbox,
 * those of `more` first: at most four, however many consents. The caller holds the consents' locks.
 */
export function consentWrites(
  keyring: Keyring,
  writes: readonly ConsentWrite[],
  at: Date,
  more: readonly EventDraft[] = [],
): { readonly consents: readonly Consent[]; readonly statements: readonly RawBuilder<unknown>[] } {
  const told = writes.map((write) => tell(keyring, write, at));
  const history = told.flatMap((one) => one.history);
  const ended = told.filter(({ write, consent }) => hasEnded(consent.status) && !hasEnded(write.locked.consent.status));
  const drafts = [...more, ...told.flatMap((one) => one.drafts)];
  return {
    consents: told.map(({ consent }) => consent),
    statements: [
      ...(told.length > 0 ? [consentsUpdate(told)] : []),
      ...(history.length > 0 ? [historyInsert(history)] : []),
      ...(ended.length > 0 ? [identitiesErasure(ended.map(({ consent }) => consent.id))] : []),
      ...outboxInsert('consent', drafts),
    ],
  };
}

/** Writes consents as `consentWrites` says, and returns them as they are now. */
export async function writeConsents(
  tx: Transaction<ConsentTables>,
  keyring: Keyring,
  writes: readonly ConsentWrite[],
  at: Date,
): Promise<readonly Consent[]> {
  const { consents, statements } = consentWrites(keyring, writes, at);
  await inOneGo(tx, statements);
  return consents;
}

/** Evolves one consent and tells of each change: a history row, an audit record, and an event when the platform may know of it. */
function tell(keyring: Keyring, write: ConsentWrite, at: Date) {
  const { locked, trace } = write;
  const sequences = { ...locked.sequences };
  const history: HistoryRow[] = [];
  const drafts: EventDraft[] = [];
  let consent: Consent = { ...locked.consent, ...write.counted };
  if (write.audit) drafts.push(consentAudited(consent, write.audit, { at, trace, sequence: ++sequences.audit }));
  for (const change of write.changes) {
    const previous = change.change === 'requested' ? null : consent.status;
    consent = evolve(consent, change, at);
    const parts = 'parts' in change ? change.parts : [];
    history.push({
      consent_id: consent.id,
      sequence: ++sequences.history,
      at,
      actor: write.actor,
      change: change.change,
      parts,
      previous,
      status: consent.status,
    });
    const persons = openAuditPersons(keyring, consent.id, locked.auditPersons, parts.length > 0 ? parts : consent.parts);
    const audit = { action: `consent_${change.change}`, persons };
    drafts.push(consentAudited(consent, audit, { at, trace, sequence: ++sequences.audit }));
    if (isSeenByPlatform(change.change)) drafts.push(consentChanged(consent, consent.status, { at, trace, sequence: ++sequences.event }));
  }
  return { write, consent, history, drafts, sequences };
}

function consentsUpdate(told: readonly ReturnType<typeof tell>[]): RawBuilder<unknown> {
  const rows = told.map(({ write, consent, sequences }) => ({
    id: consent.id,
    status: consent.status,
    parts: write.changes.length > 0 ? consent.parts : null,
    uses: consent.uses,
    granted_at: consent.grantedAt ?? null,
    last_lease_end: consent.lastLeaseEnd ?? null,
    settles_at: consent.settlesAt ?? null,
    history_sequence: sequences.history,
    event_sequence: sequences.event,
    audit_sequence: sequences.audit,
  }));
  // One parameter however many rows: the statement is the same each time.
  return sql`update consent.consents c
    set status = n.status, parts = coalesce(n.parts, c.parts), uses = n.uses, granted_at = n.granted_at, last_lease_end = n.last_lease_end,
        settles_at = n.settles_at, history_sequence = n.history_sequence, event_sequence = n.event_sequence,
        audit_sequence = n.audit_sequence
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id uuid, status text, parts jsonb, uses integer, granted_at timestamptz,
      last_lease_end timestamptz, settles_at timestamptz, history_sequence integer, event_sequence integer, audit_sequence integer)
    where c.id = n.id`;
}

/**
 * The statement that writes what redemptions counted on consents, which is no change of theirs; none when there is nothing. It is the frequent
 * write and touches no column that an index looks at.
 */
export const usesUpdate = (counted: readonly CountedUse[]): RawBuilder<unknown>[] =>
  counted.length === 0
    ? []
    : [
        sql`update consent.consents c set uses = n.uses, last_lease_end = n.last_lease_end
    from jsonb_to_recordset(${JSON.stringify(
      counted.map(({ id, uses, lastLeaseEnd }) => ({ id, uses, last_lease_end: lastLeaseEnd })),
    )}::jsonb) as n(id uuid, uses integer, last_lease_end timestamptz)
    where c.id = n.id`,
      ];

const historyInsert = (rows: readonly HistoryRow[]): RawBuilder<unknown> =>
  sql`insert into consent.history (consent_id, sequence, at, actor, change, parts, previous, status)
    select consent_id, sequence, at, actor, change, parts, previous, status
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(consent_id uuid, sequence integer, at timestamptz, actor text, change text,
      parts jsonb, previous text, status text)`;

const identitiesErasure = (ids: readonly string[]): RawBuilder<unknown> =>
  sql`update consent.persons set identity = null where consent_id = any(${ids}::uuid[])`;
