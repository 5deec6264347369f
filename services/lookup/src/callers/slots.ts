import type { ClientRights } from '@vouch/catalogue';
import { RetryableError } from '@vouch/errors';

/** Places for what holds a connection for long (waiting, watching, uploading), and so is counted apart from requests. */
export interface Slots {
  /** Takes a place until it is released. Throws `rate_limited` when the client has all of its own, `overloaded` when there is none left. */
  enter(rights: Pick<ClientRights, 'id' | 'limits'>): () => void;
}

const COME_AGAIN_MS = 5_000;

/** Free places: `most` in all, `mostPerClient` for one client (and never more than it may have requests under way). */
export function createSlots({ most, mostPerClient }: { readonly most: number; readonly mostPerClient: number }): Slots {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    enter({ id, limits: { concurrent } }) {
      const mine = taken.get(id) ?? 0;
      if (mine >= Math.min(mostPerClient, concurrent)) throw new RetryableError('rate_limited', { retryAfterMs: COME_AGAIN_MS });
      if (all >= most) throw new RetryableError('overloaded', { retryAfterMs: COME_AGAIN_MS });
      all += 1;
      taken.set(id, mine + 1);
      let inside = true;
      return () => {
        if (!inside) return;
        inside = false;
        all -= 1;
        const left = (taken.get(id) ?? 1) - 1;
        if (left > 0) taken.set(id, left);
        else taken.delete(id);
      };
    },
  };
}
