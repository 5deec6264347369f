import { type Batcher, createBatcher } from '@vouch/batching';
import type { Keyring } from '@vouch/identity';
import { createGroupCommit, inOneGo, type Store, sql, type Transaction } from '@vouch/store';
import { consentsLock, toLockedConsents } from './consent-rows.js';
import type { ConsentStatus } from './domain/consent.js';
import { disclosureAllowed } from './domain/redemption.js';
import { idOf, RedemptionBatch, type RedemptionItem, type RedemptionResult, type StatutoryBasis, TakenError } from './redemption-batch.js';
import { consentsOf, redemptionsLock, toLockedRedemptions } from './redemption-rows.js';
import type { ConsentTables } from './tables.js';

/** Redemptions in the database. */
export interface RedemptionStore {
  /** Resolves after the commit. Concurrent calls share transactions. */
  redeem(item: RedemptionItem): Promise<RedemptionResult>;
  /** Whether what a verification disclosed may still be shown. Concurrent calls share a query. */
  disclosureAllowed(verificationId: string): Promise<boolean>;
}

/** What a redemption store needs. */
export interface RedemptionStoreOptions {
  readonly store: Store<ConsentTables>;
  readonly keyring: Keyring;
  readonly statutory: StatutoryBasis;
  /** Called after each commit that has events. */
  readonly committed: () => void;
}

const MOST_ATTEMPTS = 3;
const MOST_REDEEMED_AT_ONCE = 128;
const MOST_WAITING = 4096;
const MOST_READ_AT_ONCE = 256;
const MOST_READS_WAITING = 8192;

/** Redemptions in the database. */
export function createRedemptionStore({ store, keyring, statutory, committed }: RedemptionStoreOptions): RedemptionStore {
  const commits = createGroupCommit<ConsentTables, RedemptionItem, RedemptionResult>({
    store,
    commit: (tx, items) => commitBatch(tx, items, keyring, statutory),
    maxBatch: MOST_REDEEMED_AT_ONCE,
    maxQueue: MOST_WAITING,
  });
  const readings: Batcher<string, boolean> = createBatcher({
    flush: (ids) => readDisclosure(store, ids),
    maxBatch: MOST_READ_AT_ONCE,
    maxQueue: MOST_READS_WAITING,
    concurrency: 2,
  });
  return {
    async redeem(item) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const result = await commits.add(item);
          if (result.kind === 'lease') committed();
          return result;
        } catch (failure) {
          if (!(failure instanceof TakenError) || attempt === MOST_ATTEMPTS) throw failure;
        }
      }
    },
    disclosureAllowed: (verificationId) => readings.add(verificationId),
  };
}

/**
 * Decides and writes a batch. Order matters: first the consents' locks, then what they guard and the time, then the rules, so that of two
 * redemptions of a last use, and of a redemption and a withdrawal, one sees the other.
 */
async function commitBatch(
  tx: Transaction<ConsentTables>,
  items: readonly RedemptionItem[],
  keyring: Keyring,
  statutory: StatutoryBasis,
): Promise<readonly RedemptionResult[]> {
  const consentIds = items.flatMap((item) => (item.kind === 'redeem' && item.ask.consentId ? [item.ask.consentId] : []));
  const renewed = items.flatMap((item) => (item.kind === 'renew' ? [item.verificationId] : []));
  const toLock = [...new Set([...consentIds, ...(await consentsOf(tx, renewed))])];
  const [consents, redemptions] = await inOneGo(tx, [consentsLock(toLock), redemptionsLock([...new Set(items.map(idOf))])]);
  const { now, states } = toLockedRedemptions(redemptions);
  const batch = new RedemptionBatch(toLockedConsents(consents), states, statutory, now);
  const results = items.map((item) => batch.decide(item));
  await batch.commit(tx, keyring);
  return results;
}

async function readDisclosure(store: Store<ConsentTables>, ids: readonly string[]): Promise<boolean[]> {
  const { rows } = await sql<{ verification_id: string; status: ConsentStatus | null }>`
    select r.verification_id, c.status from consent.redemptions r left join consent.consents c on c.id = r.consent_id
    where r.verification_id = any(${ids}::uuid[])`.execute(store.db);
  const bases = new Map(rows.map((row) => [row.verification_id, { status: row.status ?? undefined }]));
  return ids.map((id) => disclosureAllowed(bases.get(id)));
}
