import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createBatcher } from './batcher.js';

/** A flush that can be watched and let go by hand. */
function heldFlush() {
  const batches: number[][] = [];
  const releases: (() => void)[] = [];
  const flush = async (items: readonly number[]) => {
    batches.push([...items]);
    await new Promise<void>((resolve) => releases.push(resolve));
    return items.map((item) => item * 10);
  };
  return { batches, flush, release: () => releases.shift()?.() };
}

describe('createBatcher', () => {
  it('sends a lone item at once, without a timer', async () => {
    const { batches, flush, release } = heldFlush();
    const batcher = createBatcher({ flush, maxBatch: 10, maxQueue: 10 });
    const result = batcher.add(1);
    await endOfTurn();
    expect(batches).toEqual([[1]]);
    release();
    expect(await result).toBe(10);
  });

  it('shares a batch among all that comes in one turn of the event loop, also by way of promises', async () => {
    const { batches, flush } = heldFlush();
    const batcher = createBatcher({ flush, maxBatch: 10, maxQueue: 10 });
    void batcher.add(1);
    await Promise.resolve();
    void batcher.add(2);
    process.nextTick(() => void batcher.add(3));
    await endOfTurn();
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('collects what comes while a batch is out', async () => {
    const { batches, flush, release } = heldFlush();
    const batcher = createBatcher({ flush, maxBatch: 2, maxQueue: 10 });
    const first = batcher.add(1);
    await endOfTurn();
    const rest = [2, 3, 4].map((item) => batcher.add(item));
    release();
    await first;
    await vi.waitFor(() => expect(batches).toEqual([[1], [2, 3]]));
    release();
    await vi.waitFor(() => expect(batches).toEqual([[1], [2, 3], [4]]));
    release();
    expect(await Promise.all(rest)).toEqual([20, 30, 40]);
  });

  it('sends others behind a batch that is not answered, once its place is over', async () => {
    const { batches, flush, release } = heldFlush();
    const batcher = createBatcher({ flush, maxBatch: 10, maxQueue: 10, slotMs: 5 });
    const first = batcher.add(1);
    await vi.waitFor(() => expect(batches).toEqual([[1]]));
    const second = batcher.add(2);
    await vi.waitFor(() => expect(batches).toEqual([[1], [2]]));
    release();
    expect(await first).toBe(10);
    release();
    expect(await second).toBe(20);
    // The place that was given back early is not given back twice.
    const rest = [3, 4].map((item) => batcher.add(item));
    await vi.waitFor(() => expect(batches.at(-1)).toEqual([3, 4]));
    release();
    expect(await Promise.all(rest)).toEqual([30, 40]);
  });

  it('refuses what does not fit into the queue', async () => {
    const { flush } = heldFlush();
    const batcher = createBatcher({ flush, maxBatch: 1, maxQueue: 1 });
    void batcher.add(1);
    await endOfTurn();
    void batcher.add(2);
    await expect(batcher.add(3)).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    expect(batcher.waiting).toBe(1);
  });

  it('fails the items of a failed batch and goes on', async () => {
    let calls = 0;
    const flush = async (items: readonly number[]) => {
      calls += 1;
      if (calls === 1) throw new Error('broken');
      return items;
    };
    const batcher = createBatcher({ flush, maxBatch: 1, maxQueue: 10 });
    const [first, second] = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toEqual({ status: 'fulfilled', value: 2 });
  });

  it('fails a batch whose results are not one per item', async () => {
    const batcher = createBatcher<number, number>({ flush: async () => [], maxBatch: 1, maxQueue: 1 });
    await expect(batcher.add(1)).rejects.toThrow('came back with 0 results');
  });

  it('never has more batches out than it may', async () => {
    let out = 0;
    let most = 0;
    const flush = async (items: readonly number[]) => {
      out += 1;
      most = Math.max(most, out);
      await new Promise(setImmediate);
      out -= 1;
      return items;
    };
    const batcher = createBatcher({ flush, maxBatch: 3, maxQueue: 1000, concurrency: 2 });
    const items = Array.from({ length: 100 }, (_, index) => index);
    expect(await Promise.all(items.map((item) => batcher.add(item)))).toEqual(items);
    expect(most).toBe(2);
  });
});
