import { RetryableError } from '@vouch/errors';
import type { TraceContext } from '@vouch/telemetry';
import { markOf } from '../keeping/read-marks.js';
import type { Lookup, Shown } from '../verifying/lookup.js';
import type { Changes } from './changes.js';

/** One who waits for a verification. */
export interface Watch {
  readonly clientId: string;
  readonly id: string;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  readonly trace?: TraceContext;
}

/** A watch that goes on until the verification ends. */
export interface Following extends Watch {
  /** Sequence that the watcher has seen; 0: none. */
  readonly after: number;
  /** The verification as just read. */
  readonly first: Shown;
  /** Throws when the watcher may no longer watch; asked whenever nothing else was for a while. */
  readonly assertAllowed: () => Promise<unknown>;
}

/** Waiting for verifications, the same for HTTP and gRPC. All of it answers from what is committed, and reads rights anew. */
export interface Watches {
  /** The verification once it has ended, or as it stands after `waitMs`. */
  untilEnded(watch: Watch, first: Shown, waitMs: number): Promise<Shown>;
  /**
   * The verification as it stands, unless that was seen, and each state committed later, until it ends or is gone; `quiet` when nothing
   * changed for a while. Throws `unavailable` when this process stops first.
   */
  follow(following: Following): AsyncGenerator<Shown | 'quiet', void>;
}

/** Whether nothing will come after it. */
export const isLast = ({ kind, verification }: Shown): boolean => kind === 'gone' || verification.status !== 'pending';

/** Watches over what lookups read. `quietMs`: silence after which a watcher hears that it is still watching, milliseconds. */
export function createWatches(options: { readonly read: Lookup['read']; readonly changes: Changes; readonly quietMs: number }): Watches {
  const { read, changes, quietMs } = options;

  /** Whether it changed before the time was over or the watcher went. */
  async function changedWithin(ms: number, { verification }: Shown, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const end = () => over.abort();
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      return await changes.next(verification.id, markOf(verification), over.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  return {
    async untilEnded({ clientId, id, signal, trace }, first, waitMs) {
      const until = Date.now() + waitMs;
      let shown = first;
      for (let more = true; more && !isLast(shown); ) {
        more = (await changedWithin(until - Date.now(), shown, signal)) && Date.now() < until;
        // The right to see it may have ended meanwhile, so it is read anew even when nothing has changed.
        if (!signal.aborted) shown = await read({ clientId, id, trace });
      }
      return shown;
    },
    async *follow({ clientId, id, signal, trace, after, first, assertAllowed }) {
      let seen = after;
      let shown = first;
      while (!signal.aborted) {
        // A sequence to come is none that this verification has had.
        if (shown.kind === 'gone' || shown.verification.sequence !== seen) yield shown;
        seen = shown.verification.sequence;
        if (isLast(shown)) return;
        while (!(await changedWithin(quietMs, shown, signal))) {
          if (signal.aborted) return;
          if (changes.stopped) throw new RetryableError('unavailable', { detail: 'This process of the service stops' });
          await assertAllowed();
          yield 'quiet';
        }
        shown = await read({ clientId, id, trace });
      }
    },
  };
}
