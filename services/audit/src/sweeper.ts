import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CONSUMERS, forgetConsumed, TOPICS } from '@vouch/events';
import { AuditRecorded } from '@vouch/proto/event/v1/event';
import { type RawBuilder, type Store, sql } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import { appendLeaves, lockLog } from './append.js';
import { ANSWER_GRACE_S } from './domain/result.js';
import { accessesDelete } from './store.js';
import type { AuditTables } from './tables.js';

/** Type of the leaf that says that a verification's answer was never recorded. */
export const ANSWER_UNKNOWN = 'vouch.verification.answer_unknown';

/** What sweeping needs. */
export interface SweeperOptions {
  readonly store: Store<AuditTables>;
  readonly logger: Logger;
  /** Days that payloads, pseudonyms and the access log are kept; leaves stay. */
  readonly retentionDays: number;
  /** Pause between two sweeps, milliseconds. */
  readonly everyMs: number;
}

const AT_ONCE = 200;
const ERASED_AT_ONCE = 2000;
/** Longer than the audit topic keeps events. */
const FORGET_KEYS_AFTER_DAYS = 45;
const DAY_MS = 86_400_000;
const ERASE_EVERY_MS = DAY_MS / 24;
// A portion takes some ten milliseconds.
const LEFT_BEHIND_PAUSE_MS = 1_000;

/** Writes down which answers never came, once per verification; returns how many. */
export async function noteUnknownAnswers(store: Store<AuditTables>): Promise<number> {
  return await store.transaction(async (tx) => {
    await lockLog(tx);
    const { rows } = await sql<{ verification_id: string; lease_end: Date; now: Date }>`
      select verification_id, lease_end, clock_timestamp() as now from audit.verifications
      where not answered and refusal is null and unknown_leaf is null
        and lease_end < statement_timestamp() - make_interval(secs => ${ANSWER_GRACE_S}::int)
      order by lease_end, verification_id limit ${AT_ONCE}`.execute(tx);
    const sources = rows.map(({ verification_id, lease_end, now }) => ({
      id: `answer-unknown:${verification_id}`,
      type: ANSWER_UNKNOWN,
      time: now,
      payload: { verificationId: verification_id, leaseEnd: lease_end.toISOString() },
      salt: randomBytes(16),
    }));
    const appended = await appendLeaves(tx, sources);
    const noted = appended.map(({ source, index }) => ({ verification_id: source.payload.verificationId, index: String(index) }));
    await sql`update audit.verifications v set unknown_leaf = n.index
      from json_to_recordset(${JSON.stringify(noted)}::json) as n(verification_id uuid, index bigint)
      where v.verification_id = n.verification_id`.execute(tx);
    return noted.length;
  });
}

/** Erases what is older than it may be kept; the leaves stay, and say nothing about people any more. */
export async function erase(store: Store<AuditTables>, retentionDays: number): Promise<void> {
  const before = sql<Date>`statement_timestamp() - make_interval(days => ${retentionDays}::int)`;
  // In portions, so that no statement takes long and nobody waits for it.
  while ((await eraseContents(store, before)) > 0);
  while ((await eraseVerifications(store, before)) > 0);
  const forgotten = new Date(Date.now() - FORGET_KEYS_AFTER_DAYS * DAY_MS);
  await store.transaction((tx) => forgetConsumed(tx, CONSUMERS.audit, forgotten));
}

/** Contents, from the beginning of the log on, since they are older there; and with a record the accesses that it told of. */
async function eraseContents(store: Store<AuditTables>, before: RawBuilder<Date>): Promise<number> {
  return await store.transaction(async (tx) => {
    const { rows } = await sql<{ payload: string }>`delete from audit.leaf_contents
      where index in (select index from audit.leaf_contents order by index limit ${ERASED_AT_ONCE}) and stored_at < ${before}
      returning payload`.execute(tx);
    await accessesDelete(rows.map(({ payload }) => AuditRecorded.fromJSON(JSON.parse(payload)))).execute(tx);
    return rows.length;
  });
}

/**
 * Verifications. The numbers of one that is not long past are still remembered, so that a late record is not taken for a gap; of one that is kept
 * for years nothing is heard any more.
 */
async function eraseVerifications(store: Store<AuditTables>, before: RawBuilder<Date>): Promise<number> {
  const { rows } = await sql<{ erased: number }>`with gone as (
      delete from audit.verifications where verification_id in
        (select verification_id from audit.verifications where at < ${before} order by at limit ${ERASED_AT_ONCE})
      returning verification_id, at, consent_sequence, lookup_sequence
    ), remembered as (
      insert into audit.consumed as c (consumer, topic, key, sequence)
      select ${CONSUMERS.audit}, ${TOPICS.audit}, writer || verification_id, sequence
      from gone cross join lateral (values ('c:', consent_sequence), ('l:', lookup_sequence)) as n(writer, sequence)
      where sequence > 0 and at > clock_timestamp() - make_interval(days => ${FORGET_KEYS_AFTER_DAYS}::int)
      on conflict (consumer, topic, key) do update set sequence = greatest(c.sequence, excluded.sequence)
    ) select count(*)::int as erased from gone`.execute(store.db);
  return rows[0]?.erased ?? 0;
}

/**
 * Erases accesses of verifications that are no more, in portions: the release that relied on a foreign key erased contents without them, so
 * what it left is looked for once by each process. With a pause after each portion, since it reads all accesses, and nobody waits for it.
 */
export async function eraseLeftBehind(store: Store<AuditTables>, stop?: AbortSignal, pauseMs = 0): Promise<void> {
  for (let last: Place | undefined = { pseudonym: '', verification_id: NOBODY }; last && !stop?.aborted; ) {
    const { rows }: { rows: Place[] } = await sql<Place>`with piece as materialized (
        select pseudonym, verification_id from audit.accesses where (pseudonym, verification_id) > (${last.pseudonym}, ${last.verification_id}::uuid)
        order by pseudonym, verification_id limit ${ERASED_AT_ONCE}
      ), erased as (
        delete from audit.accesses a using piece where a.pseudonym = piece.pseudonym and a.verification_id = piece.verification_id
          and not exists (select from audit.verifications v where v.verification_id = a.verification_id)
      ) select pseudonym, verification_id from piece order by pseudonym desc, verification_id desc limit 1`.execute(store.db);
    last = rows[0];
    if (last && pauseMs > 0) await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

interface Place {
  readonly pseudonym: string;
  readonly verification_id: string;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Sweeps again and again until it is disposed. Several processes may sweep. */
export function startSweeper({ store, logger, retentionDays, everyMs }: SweeperOptions): AsyncDisposable {
  const stop = new AbortController();
  let erasedAt = 0;
  const sweep = async () => {
    while ((await noteUnknownAnswers(store)) === AT_ONCE);
    if (Date.now() - erasedAt < ERASE_EVERY_MS) return;
    await erase(store, retentionDays);
    erasedAt = Date.now();
  };
  const untilDone = async (work: () => Promise<void>, more: () => boolean): Promise<void> => {
    while (!stop.signal.aborted && more()) {
      try {
        await work();
      } catch (failure) {
        logger.warn({ error: failure instanceof Error ? failure.message : 'unknown' }, 'sweep failed and will be repeated');
      }
      await delay(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  let leftBehind = true;
  const lookForLeftBehind = async () => {
    await eraseLeftBehind(store, stop.signal, LEFT_BEHIND_PAUSE_MS);
    leftBehind = false;
  };
  const running = Promise.all([untilDone(sweep, () => true), untilDone(lookForLeftBehind, () => leftBehind)]);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
