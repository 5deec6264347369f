import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import { sql } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import type { LookupStore } from './store.js';

/** How many verifications are pending, over all processes. */
export interface Parking extends AsyncDisposable {
  /** Whether no more should be kept pending; as of a moment ago. */
  readonly full: boolean;
}

/**
 * Starts counting what is pending, so that an outage of days cannot fill the store: counting with each lookup would cost too much, so a few
 * more than `most` may get in between two counts.
 */
export function startParking(options: {
  readonly store: LookupStore;
  readonly logger: Logger;
  readonly most: number;
  /** Pause between two counts, milliseconds. */
  readonly everyMs: number;
}): Parking {
  const { store, logger, most, everyMs } = options;
  const stopping = new AbortController();
  let full = false;

  async function count(): Promise<void> {
    const { rows } = await sql<{ count: string }>`select count(*) as count from (
      select 1 from ${sql.id(store.schema, 'verifications')} where status = 'pending' limit ${most}) as pending`.execute(store.db);
    const now = Number(rows[0]?.count ?? 0) >= most;
    if (now !== full) logger[now ? 'error' : 'info']({ most }, now ? 'too many verifications are pending' : 'pending ones are kept again');
    full = now;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await count().catch((failure: unknown) =>
        logger.warn({ code: fromUnknown(failure).code }, 'pending verifications cannot be counted'),
      );
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = loop();
  return {
    get full() {
      return full;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
