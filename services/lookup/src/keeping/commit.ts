import type { Relay } from '@vouch/events';
import type { Keyring } from '@vouch/identity';
import { commitInOneGo, createGroupCommit } from '@vouch/store';
import { type TraceContext, type Tracer, toTraceparent } from '@vouch/telemetry';
import type { Basis } from '../verifying/basis.js';
import { NEVER } from '../verifying/never.js';
import { eraseLate } from './erase.js';
import type { LookupStore } from './store.js';
import { hasLapsed, leasesCheck, verificationsWrite, type Write } from './write-verifications.js';

/** A verification to commit. */
export interface Commit extends Write {
  /** Span that waits for it. */
  readonly trace?: TraceContext;
}

/** Commits verifications together with their events. */
export interface Committer {
  /** True once committed; false when somebody else was faster, or the lease has ended. Rejects with `unavailable` or `overloaded`. */
  commit(item: Commit): Promise<boolean>;
  /** Erases what was committed, because its consent was withdrawn meanwhile. */
  retract(keyring: Keyring, id: string): Promise<void>;
}

/** A lease ended between writing and committing. */
class LapsedError extends Error {
  override readonly name = 'LapsedError';
}

const MOST_IN_ONE = 256;
const MOST_WAITING = 10_000;
const MOST_LINKS = 64;
const ASK_MS = 3_000;

/** A committer that lets concurrent lookups share transactions. The group is a trace of its own, linked to the lookups in it. */
export function createCommitter(options: {
  readonly store: LookupStore;
  readonly relay: Pick<Relay, 'wake'>;
  readonly tracer: Tracer;
  /** Told of each verification that was committed. */
  readonly onCommitted: (id: string) => void;
}): Committer {
  const { store, relay, tracer, onCommitted } = options;
  const group = createGroupCommit({
    store,
    maxBatch: MOST_IN_ONE,
    maxQueue: MOST_WAITING,
    commit: async (tx, items: readonly Commit[]) => {
      const links = items.flatMap(({ trace }) => (trace?.sampled ? [trace] : [])).slice(0, MOST_LINKS);
      const span =
        links.length > 0 ? tracer.startSpan('group commit', { links, attributes: { 'vouch.verifications': items.length } }) : undefined;
      try {
        // Of two items with one id only the first can be written.
        const first = new Map(items.map((item) => [item.verification.id, item] as const).reverse());
        const writes = [...first.values()];
        const [rows] = await commitInOneGo(tx, [verificationsWrite(writes), ...leasesCheck(writes)]);
        const ids = new Set(rows.map(({ id }) => id));
        return items.map((item) => ids.has(item.verification.id) && first.get(item.verification.id) === item);
      } catch (failure) {
        // All of it is rolled back and the group commit runs again, which leaves the lapsed one out.
        throw hasLapsed(failure) ? new LapsedError() : failure;
      } finally {
        span?.end();
      }
    },
  });

  return {
    async commit(item) {
      const span = tracer.startSpan('commit', { parent: item.trace });
      try {
        const committed = await group.add({ ...item, trace: span.context });
        if (committed) {
          relay.wake();
          onCommitted(item.verification.id);
        }
        return committed;
      } catch (failure) {
        if (failure instanceof LapsedError) return false;
        throw failure;
      } finally {
        span.end();
      }
    },
    async retract(keyring, id) {
      await store.transaction((tx) => eraseLate(tx, keyring, id));
      relay.wake();
      onCommitted(id);
    },
  };
}

/**
 * Whether what was just committed may be answered. Before the lease's end it may: no withdrawal is acknowledged until then. When the commit
 * itself took longer, the basis is asked once more, and what it covers no longer is erased.
 */
export async function mayAnswer(
  { basis, committer, keyring }: { readonly basis: Basis; readonly committer: Committer; readonly keyring: Keyring },
  { verification: { id }, leaseEnd }: Pick<Write, 'verification' | 'leaseEnd'>,
  trace: TraceContext | undefined,
): Promise<boolean> {
  if (!leaseEnd || Date.now() < leaseEnd.getTime()) return true;
  if (await basis.mayDisclose(id, { signal: NEVER, deadline: new Date(Date.now() + ASK_MS), trace })) return true;
  await committer.retract(keyring, id);
  return false;
}

/** The trace of a request, as it is kept with a row. */
export const keepTrace = (trace: TraceContext | undefined): { traceparent?: string } =>
  trace ? { traceparent: toTraceparent(trace) } : {};
