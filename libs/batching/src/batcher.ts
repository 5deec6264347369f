import { RetryableError } from '@vouch/errors';

/** What a batcher needs to know. */
export interface BatcherOptions<Item, Result> {
  /**
   * Does one batch; returns a result per item, in the items' order. A throw fails every item of the batch.
   */
  readonly flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Most items in one batch. */
  readonly maxBatch: number;
  /** Most items that wait; one more is refused with `overloaded`. */
  readonly maxQueue: number;
  /** Batches under way at once; 1 unless said. */
  readonly concurrency?: number;
  /**
   * How long a batch counts as under way, milliseconds; until it is done unless said. Behind one that is not answered others are then sent
   * all the same.
   */
  readonly slotMs?: number;
}

/** Collects what concurrent callers want done, so that they share the cost. */
export interface Batcher<Item, Result> {
  /** Does one item, in a batch with whatever else is waiting. Rejects with `overloaded` when the queue is full. */
  add(item: Item): Promise<Result>;
  /** Items that wait for a batch. */
  readonly waiting: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A batcher that sends when the previous batch is out and never waits on a timer: a lone caller pays nothing,
 * a crowd shares. It sends at the end of the turn of the event loop, when all that had arrived by then has been read, and shares the batch.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const { flush, maxBatch, maxQueue, concurrency = 1, slotMs } = options;
  let queue: Waiting<Item, Result>[] = [];
  let underWay = 0;

  async function send(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await flush(batch.map((waiting) => waiting.item));
      if (results.length !== batch.length) throw new Error(`A batch of ${batch.length} came back with ${results.length} results`);
      for (const [index, waiting] of batch.entries()) waiting.resolve(results[index] as Result);
    } catch (failure) {
      for (const waiting of batch) waiting.reject(failure);
    }
  }

  function pump(): void {
    while (underWay < concurrency && queue.length > 0) {
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(maxBatch);
      const leave = enter();
      void send(batch).finally(leave);
    }
  }

  /** Takes a place; returns what gives it back, once. */
  function enter(): () => void {
    underWay += 1;
    let held = true;
    const leave = (): void => {
      clearTimeout(timer);
      if (!held) return;
      held = false;
      underWay -= 1;
      if (queue.length > 0) setImmediate(pump);
    };
    const timer = slotMs === undefined ? undefined : setTimeout(leave, slotMs);
    return leave;
  }

  return {
    add(item) {
      if (queue.length >= maxQueue) return Promise.reject(new RetryableError('overloaded'));
      return new Promise<Result>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        if (underWay < concurrency && queue.length === 1) setImmediate(pump);
      });
    },
    get waiting() {
      return queue.length;
    },
  };
}
