import { randomUUID } from 'node:crypto';
import type { Keyring } from '@vouch/identity';
import { type Kysely, type Store, sql } from '@vouch/store';
import type { TraceContext } from '@vouch/telemetry';
import { lockConsent } from './consent-rows.js';
import type { AuditedPerson } from './events.js';
import type { ConsentTables } from './tables.js';
import { writeConsents } from './write-consents.js';

/** How often a person may try to be confirmed as a guardian. */
export interface AttemptLimit {
  readonly perHour: number;
}

/** What the register said about one child and a signed-in person. */
export interface GuardianshipRecord {
  readonly consentId: string;
  /** Consent pseudonyms of the signed-in person, current first. */
  readonly viewer: readonly [string, ...string[]];
  readonly child: { readonly pseudonym: string; readonly auditPseudonyms: readonly string[] };
  readonly finding: 'guardian' | 'not_guardian' | 'unknown';
  /** The child and the person, for the audit. */
  readonly audited: readonly AuditedPerson[];
  readonly actor: string;
  readonly trace?: TraceContext | undefined;
}

/** Whose access log a person may read. */
export interface AccessRow {
  readonly ref: string;
  readonly relation: 'self' | 'child';
}

/** Guardianship checks, and what follows from them, in the database. */
export interface GuardianshipStore {
  /** Counts an attempt. Returns the milliseconds to wait when there were too many within the hour; the attempt is not made then. */
  attempt(consentId: string, viewer: readonly [string, ...string[]]): Promise<{ readonly waitMs: number } | undefined>;
  /** Takes the latest attempt back: the register could not say, so nothing was learned and nothing shall be held against the person. */
  takeBack(consentId: string, viewer: readonly [string, ...string[]]): Promise<void>;
  /** Audits what the register said; a confirmed guardian may read the child's access log from then on, one who is none no more. */
  record(check: GuardianshipRecord): Promise<void>;
  /** The person first, then children. */
  accessSubjects(viewer: readonly [string, ...string[]]): Promise<readonly AccessRow[]>;
  /** Audit pseudonyms behind a reference of this person; `self` for their own. */
  resolve(ref: string, viewer: readonly string[]): Promise<'self' | readonly string[] | undefined>;
  /** Deletes attempts that no limit counts any more. */
  forgetAttempts(): Promise<void>;
}

const CODES = { guardian: '', not_guardian: 'not_guardian', unknown: 'guardianship_unknown' } as const;

/** A confirmation opens the child's access log for this long: guardianship can end without our hearing of it. */
const ACCESS_DAYS = 365;

const placeOf = (ref: string) => ({ table: 'access_subjects', row: ref, column: 'audit_pseudonyms' });

/** Guardianship checks in the database. `committed` is called after each commit that has events. */
export function createGuardianshipStore(
  store: Store<ConsentTables>,
  keyring: Keyring,
  limit: AttemptLimit,
  committed: () => void,
): GuardianshipStore {
  return {
    async attempt(consentId, viewer) {
      return await store.transaction(async (tx) => {
        // Under the consent's lock, so that attempts made at once are counted one after the other.
        await lockConsent(tx, consentId);
        const { rows } = await sql<{ made: number; wait_ms: number | null }>`
          select count(*)::int as made, (extract(epoch from min(at) + interval '1 hour' - clock_timestamp()) * 1000)::float8 as wait_ms
          from consent.guardianship_attempts
          where consent_id = ${consentId} and viewer = any(${[...viewer]}) and at > clock_timestamp() - interval '1 hour'`.execute(tx);
        const { made, wait_ms } = rows[0] as { made: number; wait_ms: number | null };
        if (made >= limit.perHour) return { waitMs: Math.max(1000, Math.ceil(wait_ms ?? 0)) };
        await tx.insertInto('guardianship_attempts').values({ consent_id: consentId, viewer: viewer[0] }).execute();
        return undefined;
      });
    },

    async takeBack(consentId, viewer) {
      await sql`delete from consent.guardianship_attempts where ctid = (
        select ctid from consent.guardianship_attempts
        where consent_id = ${consentId} and viewer = ${viewer[0]} order by at desc limit 1)`.execute(store.db);
    },

    async record(check) {
      await store.transaction(async (tx) => {
        const found = await lockConsent(tx, check.consentId);
        if (!found) return;
        const audit = { action: 'guardianship_checked', code: CODES[check.finding], persons: check.audited };
        const write = { locked: found.locked, changes: [], actor: check.actor, trace: check.trace, audit };
        await writeConsents(tx, keyring, [write], found.now);
        if (check.finding === 'guardian') await openAccess(tx, keyring, check);
        if (check.finding === 'not_guardian') await closeAccess(tx, check);
      });
      committed();
    },

    async accessSubjects(viewer) {
      await store.db
        .insertInto('access_subjects')
        .columns(['ref', 'viewer', 'relation'])
        .expression(
          sql`select ${randomUUID()}::uuid, ${viewer[0]}, 'self'
            where not exists (select from consent.access_subjects where viewer = any(${[...viewer]}) and relation = 'self')`,
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const { rows } = await sql<AccessRow>`
        select ref, relation from consent.access_subjects
        where viewer = any(${[...viewer]}) and ${stillOpen} order by relation = 'self' desc, verified_at, ref`.execute(store.db);
      return rows;
    },

    async resolve(ref, viewer) {
      const { rows } = await sql<{ relation: 'self' | 'child'; audit_pseudonyms: Buffer | null }>`
        select relation, audit_pseudonyms from consent.access_subjects
        where ref = ${ref} and viewer = any(${[...viewer]}) and ${stillOpen}`.execute(store.db);
      const row = rows[0];
      if (!row) return undefined;
      return row.audit_pseudonyms ? (JSON.parse(keyring.open(row.audit_pseudonyms, placeOf(ref))) as string[]) : 'self';
    },

    async forgetAttempts() {
      await store.db.deleteFrom('guardianship_attempts').where(sql<boolean>`at < statement_timestamp() - interval '1 day'`).execute();
    },
  };
}

const stillOpen = sql<boolean>`(relation = 'self' or verified_at > clock_timestamp() - make_interval(days => ${ACCESS_DAYS}::int))`;

async function openAccess(tx: Kysely<ConsentTables>, keyring: Keyring, { viewer, child }: GuardianshipRecord): Promise<void> {
  // A reference that was given out stays; its row, and so the place that its value is sealed for, too.
  const kept = await tx
    .selectFrom('access_subjects')
    .select('ref')
    .where('viewer', 'in', [...viewer])
    .where('child', '=', child.pseudonym)
    .forUpdate()
    .executeTakeFirst();
  const ref = kept?.ref ?? randomUUID();
  const audit_pseudonyms = keyring.seal(JSON.stringify(child.auditPseudonyms), placeOf(ref));
  if (kept) {
    const again = { audit_pseudonyms, verified_at: sql<Date>`clock_timestamp()` };
    await tx.updateTable('access_subjects').set(again).where('ref', '=', ref).execute();
    return;
  }
  await tx
    .insertInto('access_subjects')
    .values({ ref, viewer: viewer[0], relation: 'child', child: child.pseudonym, audit_pseudonyms })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function closeAccess(tx: Kysely<ConsentTables>, { viewer, child }: GuardianshipRecord): Promise<void> {
  await tx
    .deleteFrom('access_subjects')
    .where('viewer', 'in', [...viewer])
    .where('child', '=', child.pseudonym)
    .execute();
}
