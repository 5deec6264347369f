import type { Keyring } from '@vouch/identity';
import { type Kysely, type Store, sql } from '@vouch/store';
import type { TraceContext } from '@vouch/telemetry';
import { type ConsentRow, databaseTime, lockConsent, lockConsents, personsOf, toConsent } from './consent-rows.js';
import type { Consent, Part } from './domain/consent.js';
import type { Decision } from './domain/decision.js';
import { expire } from './domain/expire.js';
import { beginsAt } from './domain/request-consent.js';
import { settle } from './domain/withdraw.js';
import type { SealedPerson } from './identities.js';
import type { ConsentTables } from './tables.js';
import { type ConsentWrite, writeConsents } from './write-consents.js';

/** A new consent, everything about people sealed. */
export interface NewConsent extends Omit<Consent, 'status' | 'persons' | 'uses' | 'createdAt'> {
  readonly fingerprint: string;
  readonly persons: readonly SealedPerson[];
  readonly auditPersons: Buffer;
}

/** One entry of a consent's history. */
export interface HistoryEntry {
  readonly sequence: number;
  readonly at: Date;
  readonly actor: string;
  readonly change: string;
  readonly parts: readonly Part[];
  readonly previous: Consent['status'] | undefined;
  readonly status: Consent['status'];
}

/** A consent as it was read, without its lock. */
export interface ReadConsent {
  readonly consent: Consent;
  readonly fingerprint: string;
  readonly persons: readonly SealedPerson[];
  readonly history: readonly HistoryEntry[];
  /** The database's time of reading. */
  readonly now: Date;
}

/** Who changes a consent, in which trace. */
export interface By {
  readonly actor: string;
  readonly trace?: TraceContext | undefined;
}

/** What became of a command. */
export type Changed = { readonly ok: true; readonly consent: Consent; readonly now: Date } | Exclude<Decision, { ok: true }>;

/** What time does to consents. */
export type Sweep = 'settle' | 'expire';

/** Consents in the database. */
export interface ConsentStore {
  /** Records a request. False when the id is taken: read it, and compare fingerprints. */
  insert(consent: NewConsent, by: By): Promise<boolean>;
  read(id: string): Promise<ReadConsent | undefined>;
  /** Decides under the consent's lock, and writes what was decided with its history and events in the same transaction. */
  change(id: string, by: By, decide: (consent: Consent, now: Date) => Decision): Promise<Changed>;
  /** Does what time has made due, for `limit` consents at most; returns how many changed. */
  sweep(what: Sweep, limit: number): Promise<number>;
}

// By the statement's time: an index cannot be searched by `clock_timestamp()`, which may be another for each row, so all that is not due was read.
const SWEEPS = {
  settle: { decide: settle, due: sql<boolean>`status = 'withdrawing' and settles_at < statement_timestamp()`, first: sql`settles_at` },
  expire: {
    decide: expire,
    due: sql<boolean>`status in ('requested', 'granted') and valid_until < statement_timestamp()`,
    first: sql`valid_until`,
  },
} as const;

/** Consents in the database. `committed` is called after each commit that has events. */
export function createConsentStore(store: Store<ConsentTables>, keyring: Keyring, committed: () => void): ConsentStore {
  return {
    async insert(asked, by) {
      const inserted = await store.transaction(async (tx) => {
        const now = await databaseTime(tx);
        const consent = { ...asked, validFrom: beginsAt(asked.validFrom, now) };
        const row = await tx
          .insertInto('consents')
          .values({
            id: consent.id,
            status: 'requested',
            platform: consent.platform,
            purpose: consent.purpose,
            parts: JSON.stringify(consent.parts),
            valid_from: consent.validFrom,
            valid_until: consent.validUntil,
            max_uses: consent.maxUses,
            retention_days: consent.retentionDays,
            fingerprint: consent.fingerprint,
            created_at: now,
            granted_at: null,
            last_lease_end: null,
            settles_at: null,
            audit_persons: consent.auditPersons,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (!row) return false;
        await tx
          .insertInto('persons')
          .values(consent.persons.map((person) => ({ consent_id: consent.id, ...person })))
          .execute();
        const locked = {
          consent: { ...consent, status: 'requested', uses: 0, createdAt: now } as const,
          sequences: { history: 0, event: 0, audit: 0 },
          fingerprint: consent.fingerprint,
          auditPersons: consent.auditPersons,
        };
        await writeConsents(tx, keyring, [{ locked, changes: [{ change: 'requested' }], ...by }], now);
        return true;
      });
      if (inserted) committed();
      return inserted;
    },

    async read(id) {
      const { rows } = await sql<ConsentRow & { now: Date }>`
        select c.*, ${personsOf} as persons, clock_timestamp() as now from consent.consents c where c.id = ${id}`.execute(store.db);
      const row = rows[0];
      if (!row) return undefined;
      const [persons, history] = await Promise.all([readPersons(store.db, id), readHistory(store.db, id)]);
      return { consent: toConsent(row), fingerprint: row.fingerprint, persons, history, now: row.now };
    },

    async change(id, by, decide) {
      const changed = await store.transaction(async (tx): Promise<Changed> => {
        const found = await lockConsent(tx, id);
        if (!found) return { ok: false, code: 'consent_not_found' };
        const { locked, now } = found;
        const decision = decide(locked.consent, now);
        if (!decision.ok) return decision;
        if (decision.changes.length === 0) return { ok: true, consent: locked.consent, now };
        const [written] = await writeConsents(tx, keyring, [{ locked, changes: decision.changes, ...by }], now);
        return { ok: true, consent: written ?? locked.consent, now };
      });
      if (changed.ok) committed();
      return changed;
    },

    async sweep(what, limit) {
      const { decide, due, first } = SWEEPS[what];
      const count = await store.transaction(async (tx) => {
        // Rows that someone else holds are being changed anyway; the next sweep sees what is left of them.
        const ids = await tx.selectFrom('consents').select('id').where(due).orderBy(first).limit(limit).forUpdate().skipLocked().execute();
        if (ids.length === 0) return 0;
        const locked = await lockConsents(
          tx,
          ids.map((row) => row.id),
        );
        const now = await databaseTime(tx);
        const writes = [...locked.values()].flatMap((one): ConsentWrite[] => {
          const decision = decide(one.consent, now);
          return decision.ok && decision.changes.length > 0 ? [{ locked: one, changes: decision.changes, actor: 'vouch' }] : [];
        });
        return (await writeConsents(tx, keyring, writes, now)).length;
      });
      if (count > 0) committed();
      return count;
    },
  };
}

async function readPersons(db: Kysely<ConsentTables>, id: string): Promise<readonly SealedPerson[]> {
  return await db
    .selectFrom('persons')
    .select(['subject', 'pseudonym', 'identity'])
    .where('consent_id', '=', id)
    .orderBy('subject')
    .execute();
}

async function readHistory(db: Kysely<ConsentTables>, id: string): Promise<readonly HistoryEntry[]> {
  const rows = await db.selectFrom('history').selectAll().where('consent_id', '=', id).orderBy('sequence').execute();
  return rows.map(({ consent_id: _, previous, ...entry }) => ({ ...entry, previous: previous ?? undefined }));
}
