import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import { outboxInsert } from '@vouch/events';
import type { Keyring } from '@vouch/identity';
import { inOneGo } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import type { ClosingCode } from '../verifying/answering.js';
import { eraseVerifications, findUnerased, forgetWithdrawn, lockForErasure } from './erasure-rows.js';
import { unsealIfReadable } from './sealed.js';
import { type LookupStore, type LookupTransaction, SCHEMA } from './store.js';
import type { Verification } from './verification.js';
import { toAuditedPersons, toEvents } from './verification-events.js';

const WITHDRAWN: ClosingCode = 'consent_withdrawn';
const RETENTION_OVER: ClosingCode = 'retention_over';

const MOST_AT_ONCE = 200;
const SWEEP_EVERY_MS = 30_000;
// Far longer than the database lets a transaction stand still.
const WITHDRAWN_KEPT_MS = 30 * 24 * 3_600_000;

/**
 * Erases what was answered on consents: outcomes, disclosures and ciphertext go, tombstones stay. What was still pending is closed with its
 * events first.
 */
export async function eraseByConsent(tx: LookupTransaction, keyring: Keyring, consentIds: readonly string[]): Promise<void> {
  for (;;) {
    const found = await lockForErasure(tx, { consentIds }, MOST_AT_ONCE);
    await erase(tx, keyring, found, WITHDRAWN);
    if (found.length < MOST_AT_ONCE) return;
  }
}

/** Erases one verification whose consent was withdrawn while it was being committed. */
export async function eraseLate(tx: LookupTransaction, keyring: Keyring, id: string): Promise<void> {
  await erase(tx, keyring, await lockForErasure(tx, { id }, 1), WITHDRAWN);
}

async function erase(tx: LookupTransaction, keyring: Keyring, found: readonly Verification[], code: ClosingCode): Promise<void> {
  const at = new Date();
  const tombstones: Verification[] = [];
  const events = [];
  for (const verification of found) {
    if (verification.status !== 'pending') {
      tombstones.push(verification);
      continue;
    }
    // What cannot be read any more is erased all the same.
    const { people, claims } = unsealIfReadable(keyring, verification);
    const persons = toAuditedPersons(keyring, people, claims);
    const closed: Verification = { ...verification, status: 'closed', code, completedAt: at, sequence: verification.sequence + 1 };
    tombstones.push(closed);
    events.push(...toEvents(closed, { action: 'closed', persons }, at, undefined));
  }
  await eraseVerifications(tx, tombstones, at);
  await inOneGo(tx, outboxInsert(SCHEMA, events));
}

/** Starts erasing verifications whose retention is over, and those whose commit a withdrawal has overtaken. */
export function startRetention(options: {
  readonly store: LookupStore;
  readonly keyring: Keyring;
  readonly logger: Logger;
  readonly everyMs?: number;
}): AsyncDisposable {
  const { store, keyring, logger, everyMs = SWEEP_EVERY_MS } = options;
  const stopping = new AbortController();

  const eraseOver = (): Promise<number> =>
    store.transaction(async (tx) => {
      const found = await lockForErasure(tx, { dueBy: new Date() }, MOST_AT_ONCE);
      await erase(tx, keyring, found, RETENTION_OVER);
      return found.length;
    });

  const eraseOvertaken = (): Promise<number> =>
    store.transaction(async (tx) => {
      const consentIds = await findUnerased(tx, MOST_AT_ONCE);
      await eraseByConsent(tx, keyring, consentIds);
      await forgetWithdrawn(tx, new Date(Date.now() - WITHDRAWN_KEPT_MS));
      return consentIds.length;
    });

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      let most = 0;
      for (const pass of [eraseOver, eraseOvertaken]) {
        try {
          most = Math.max(most, await pass());
        } catch (failure) {
          logger.warn({ code: fromUnknown(failure).code, err: failure }, 'verifications whose time is over cannot be erased');
        }
      }
      if (most < MOST_AT_ONCE) await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = loop();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
