import { setTimeout as delay } from 'node:timers/promises';

/** Does the lookup with a number; resolves with its id, if it has one. Rejects when it was not answered in full. */
export type Ask = (index: number) => Promise<string>;

/** The hub is too busy and said so in time: no answer, and no failure. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** After which it may be asked again. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** How long and how hard to drive. */
export interface Drive {
  /** Lookups that may be used, from the first up to before the last; each once. */
  readonly from: number;
  readonly to: number;
  /** How long new lookups are begun, milliseconds. */
  readonly ms: number;
  /** Lookups under way at once; in an open loop at most. */
  readonly callers: number;
  /** Lookups a second, at random distances, whether or not earlier ones are answered (open loop); without it each caller waits for its answer. */
  readonly perSecond?: number;
  /**
   * What becomes of a lookup that is refused: it is asked again after the time that the hub said, as a client does, until it is answered, and
   * takes as long as from the first time; or it is counted and let go. The former unless said.
   */
  readonly refusals?: 'repeated' | 'let go';
}

/** What came of it. */
export interface Driven {
  /** Ids of the lookups that were answered, where lookups have ids. */
  readonly ids: string[];
  /** Milliseconds of each answered lookup. Of an open loop: from when it was due. */
  readonly latencies: Float64Array;
  /** Lookups begun. */
  readonly begun: number;
  /** How often the hub refused one because it had too many. */
  readonly refused: number;
  readonly failed: number;
  readonly firstFailure?: string;
  /** All lookups were used up before the time was over. */
  readonly exhausted: boolean;
  /** When the first was begun and when the last was answered, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Drives; resolves when everything that was begun is answered. */
export async function drive(ask: Ask, plan: Drive): Promise<Driven> {
  const ids: string[] = [];
  const latencies: number[] = [];
  let next = plan.from;
  let refused = 0;
  let failed = 0;
  let firstFailure: string | undefined;

  async function one(since: number): Promise<void> {
    const index = next++;
    for (;;) {
      try {
        const id = await ask(index);
        latencies.push(performance.now() - since);
        if (id !== '') ids.push(id);
        return;
      } catch (failure) {
        if (!(failure instanceof RefusedError)) {
          failed += 1;
          firstFailure ??= failure instanceof Error ? failure.message : String(failure);
          return;
        }
        refused += 1;
        if (plan.refusals === 'let go') return;
        // Not all at once.
        await delay(failure.retryAfterMs * (1 + Math.random() / 2));
      }
    }
  }

  const startedAt = Date.now();
  const end = performance.now() + plan.ms;
  const more = (): boolean => next < plan.to && performance.now() < end;
  await (plan.perSecond === undefined ? closedLoop() : openLoop(plan.perSecond));
  return {
    ids,
    latencies: Float64Array.from(latencies),
    begun: next - plan.from,
    refused,
    failed,
    ...(firstFailure !== undefined && { firstFailure }),
    exhausted: next >= plan.to,
    startedAt,
    endedAt: Date.now(),
  };

  async function closedLoop(): Promise<void> {
    const caller = async (): Promise<void> => {
      while (more()) await one(performance.now());
    };
    await Promise.all(Array.from({ length: plan.callers }, caller));
  }

  // A caller who comes when all connections are taken waits, and that counts: no measuring pause hides behind a slow answer.
  async function openLoop(perSecond: number): Promise<void> {
    const waiting: number[] = [];
    const underWay = new Set<Promise<void>>();
    let due = performance.now();
    while (more() || waiting.length > 0) {
      const now = performance.now();
      for (; due <= now && due < end; due += (-Math.log(1 - Math.random()) * 1_000) / perSecond) waiting.push(due);
      while (waiting.length > 0 && underWay.size < plan.callers && next < plan.to) {
        const doing = one(waiting.shift() as number).finally(() => underWay.delete(doing));
        underWay.add(doing);
      }
      if (next >= plan.to) break;
      await delay(1);
    }
    await Promise.all(underWay);
  }
}
