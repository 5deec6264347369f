import { CONSUMERS, deadLetterTopic, dropStale, type EventBus, TOPICS } from '@vouch/events';
import type { Keyring } from '@vouch/identity';
import { ConsentChanged } from '@vouch/proto/event/v1/event';
import type { Logger } from '@vouch/telemetry';
import { eraseByConsent } from './erase.js';
import { markWithdrawn } from './erasure-rows.js';
import type { LookupStore } from './store.js';

/** Starts reading what became of consents: once one is withdrawn, the answers given on it are erased. */
export function startConsentConsumer(options: {
  readonly bus: EventBus;
  readonly store: LookupStore;
  readonly keyring: Keyring;
  readonly logger: Logger;
}): Promise<AsyncDisposable> {
  const { bus, store, keyring, logger } = options;
  return bus.subscribe<ConsentChanged>({
    group: CONSUMERS.lookup,
    topics: [TOPICS.consent],
    decode: (payload) => ConsentChanged.fromJSON(payload),
    handle: (events) =>
      store.transaction(async (tx) => {
        const { fresh } = await dropStale(tx, CONSUMERS.lookup, events, logger);
        const withdrawn = fresh.filter(({ payload }) => payload.status === 'withdrawn').map(({ payload }) => payload.consentId);
        if (withdrawn.length === 0) return;
        // An answer that is being committed cannot be seen yet; the mark stays for it.
        await markWithdrawn(tx, withdrawn);
        await eraseByConsent(tx, keyring, withdrawn);
      }),
    deadLetter: { topic: deadLetterTopic(CONSUMERS.lookup) },
  });
}
