import { ProblemError } from '@vouch/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { again, FIRST_CONTACT_MS } from './again.js';

// What waits here waits by the clock of the test.
vi.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms)) }));
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const busy = new ProblemError({ title: 'Too many', status: 429, code: 'rate_limited' }, 5);
const away = new TypeError('fetch failed');

/** A call that fails so often with this, and what came of calling it again. */
async function called(failure: Error, times: number) {
  const call = vi.fn<() => Promise<string>>().mockResolvedValue('done');
  for (let time = 0; time < times; time += 1) call.mockRejectedValueOnce(failure);
  const outcome = again({ say: () => {} } as never, call, FIRST_CONTACT_MS).catch((thrown: unknown) => thrown);
  await vi.runAllTimersAsync();
  return { outcome: await outcome, calls: call.mock.calls.length };
}

it('waits for a Vouch that says it is busy for longer than for one that never answered', async () => {
  expect(await called(busy, 5)).toEqual({ outcome: 'done', calls: 6 });
  const { outcome, calls } = await called(away, 5);
  expect(outcome).toBe(away);
  expect(calls).toBeLessThan(6);
});

it('gives up one that is busy for ever', async () => {
  expect((await called(busy, 1_000)).outcome).toBe(busy);
});
