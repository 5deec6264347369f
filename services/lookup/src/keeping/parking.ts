import { setTimeout as pause } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import { sql } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import type { LookupStore } from './store.js';

/** How many verifications are pending, over all processes. */
export interface Parking extends AsyncDisposable {
  /**
   * Whether one more of a platform's may be kept pending, as of a moment ago. A platform may have as many as there are places free: alone
   * half of all, two a third each. So none can fill it, and there is always room for one that comes later.
   */
  hasRoom(platform: string): boolean;
  /** Platforms of whose batches no further rows are begun: those that are under way are all kept, and a fifth of their room is left to people. */
  withoutRoomForRows(): readonly string[];
}

/** Whether a platform that has so many of so many taken places may have one more; `share` is what it may use of what is its own. */
export const mayPark = (mine: number, taken: number, most: number, share = 1): boolean => mine < (share * (most - taken + mine)) / 2;

// What all instances begin between two counts must fit into the rest.
const SHARE_OF_ROWS = 0.8;

/**
 * Starts counting what is pending, so that an outage of days cannot fill the store: counting with each lookup would cost too much, so a few
 * more may get in between two counts.
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
  let counts = new Map<string, number>();
  let taken = 0;
  let full = new Set<string>();

  const hasRoom = (platform: string, share = 1): boolean => mayPark(counts.get(platform) ?? 0, taken, most, share);

  async function count(): Promise<void> {
    const { rows } = await sql<{ platform: string; count: string }>`select platform, count(*) as count
      from ${sql.id(store.schema, 'verifications')} where status = 'pending' group by platform`.execute(store.db);
    counts = new Map(rows.map((row) => [row.platform, Number(row.count)]));
    taken = [...counts.values()].reduce((sum, one) => sum + one, 0);
    const now = new Set([...counts.keys()].filter((platform) => !hasRoom(platform)));
    for (const platform of now) {
      if (!full.has(platform)) logger.error({ platform, most, taken }, 'a platform has too many verifications pending');
    }
    for (const platform of full) if (!now.has(platform)) logger.info({ platform }, 'its pending verifications are kept again');
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
    hasRoom: (platform) => hasRoom(platform),
    withoutRoomForRows: () => [...counts.keys()].filter((platform) => !hasRoom(platform, SHARE_OF_ROWS)),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
