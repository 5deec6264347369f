import { expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { type Tally, toBatchAnswer } from './progress.js';

const batch = (status: Batch['status']): Batch => ({ id: 'b', platform: 'p', status, total: 1_000, createdAt: new Date(0) });
const tally: Tally = { done: 300, failed: 50, waiting: 50, recent: 200, recentSeconds: 10, activeSeconds: 100 };

it('counts what has no final result as pending, and tells the rate and the time left', () => {
  expect(toBatchAnswer(batch('running'), tally)).toMatchObject({
    rows: { total: 1_000, done: 300, failed: 50, pending: 650, cancelled: 0 },
    ratePerSecond: 20,
    remainingSeconds: 30,
  });
});

it('takes the mean where nothing is recent, and tells no time left when there is none to tell', () => {
  expect(toBatchAnswer(batch('running'), { ...tally, recent: 0 })).toMatchObject({ ratePerSecond: 4, remainingSeconds: 150 });
  expect(toBatchAnswer(batch('paused'), tally)).toMatchObject({ ratePerSecond: 0 });
  for (const status of ['paused', 'complete', 'queued'] as const) {
    expect(toBatchAnswer(batch(status), tally).remainingSeconds).toBeUndefined();
  }
});

it('given a cancelled batch, counts what was not asked apart from what waits for an agency', () => {
  expect(toBatchAnswer(batch('cancelled'), tally).rows).toEqual({ total: 1_000, done: 300, failed: 50, pending: 50, cancelled: 600 });
});
