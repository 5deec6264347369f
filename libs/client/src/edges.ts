/** Base address of a Vouch, or those of several instances of its edge. */
export type EdgeAddress = string | readonly string[];

/** The edge of a Vouch, however many instances it has. */
export interface Edges {
  /** Where to send the next request: the instances in turn, leaving out those that could not be reached just now. */
  next(): string;
  /**
   * Runs work against one instance after the other until one can be reached, the first one once more at the end: a connection that is kept
   * may be closed at the moment in which something is sent on it. Only for what may be sent twice. Rejects with what went wrong last.
   */
  reach<T>(work: (base: string) => Promise<T>): Promise<T>;
}

// An instance that is started anew needs about that long.
const LEFT_OUT_MS = 1_000;

/** Instances by their addresses. Throws RangeError when there is none. */
export function createEdges(address: EdgeAddress, now: () => number = Date.now): Edges {
  const bases = typeof address === 'string' ? [address] : [...address];
  if (bases.length === 0) throw new RangeError('A Vouch has at least one address');
  const leftOutUntil = new Map<string, number>();
  let turn = 0;

  function next(): string {
    const time = now();
    let best: { base: string; until: number } | undefined;
    for (let step = 0; step < bases.length; step += 1) {
      const base = bases[(turn + step) % bases.length] as string;
      const until = leftOutUntil.get(base) ?? 0;
      if (!best || (best.until > time && until < best.until)) best = { base, until };
    }
    turn = (turn + 1) % bases.length;
    return best?.base as string;
  }

  return {
    next,
    async reach(work) {
      for (let left = bases.length; ; left -= 1) {
        const base = next();
        try {
          const done = await work(base);
          leftOutUntil.delete(base);
          return done;
        } catch (failure) {
          if (!isLost(failure)) throw failure;
          leftOutUntil.set(base, now() + LEFT_OUT_MS);
          if (left === 0) throw failure;
        }
      }
    },
  };
}

/** Whether a failure is what fetch throws when there is no answer, or one that is cut. */
export const isLost = (failure: unknown): boolean =>
  failure instanceof TypeError && ['fetch failed', 'terminated'].includes(failure.message);
