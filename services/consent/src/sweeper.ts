import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@vouch/telemetry';
import type { GuardianshipStore } from './guardianship-store.js';
import type { ConsentStore } from './store.js';

/** What sweeping needs. */
export interface SweeperOptions {
  readonly consents: ConsentStore;
  readonly guardianships: GuardianshipStore;
  readonly logger: Logger;
  /** Pause between two sweeps, milliseconds. */
  readonly everyMs: number;
}

const AT_ONCE = 100;
const FORGET_EVERY_MS = 3_600_000;

/** Does what time has made due: acknowledges withdrawals, ends consents whose time is over. */
export async function sweep(consents: ConsentStore): Promise<void> {
  for (const what of ['settle', 'expire'] as const) {
    while ((await consents.sweep(what, AT_ONCE)) === AT_ONCE);
  }
}

/** Sweeps again and again until it is disposed. Several processes may sweep; each consent changes once. */
export function startSweeper({ consents, guardianships, logger, everyMs }: SweeperOptions): AsyncDisposable {
  const stop = new AbortController();
  let forgotAt = 0;
  const once = async () => {
    await sweep(consents);
    if (Date.now() - forgotAt < FORGET_EVERY_MS) return;
    await guardianships.forgetAttempts();
    forgotAt = Date.now();
  };
  const running = (async () => {
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch (failure) {
        logger.warn({ error: failure instanceof Error ? failure.message : 'unknown' }, 'sweep failed and will be repeated');
      }
      await delay(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
