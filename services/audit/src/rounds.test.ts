import { expect, test } from 'vitest';
import { createRounds } from './rounds.js';

const ROUND_MS = 50;
// Timers may be early by the part of a millisecond.
const SLACK_MS = 2;
const OPEN = new AbortController().signal;

test('a round ends for all its partitions at once, those that came late too; one that comes again begins the next', async () => {
  const rounds = createRounds(ROUND_MS);
  const startedAt = performance.now();
  const passed = () => performance.now() - startedAt;
  await rounds.begin(0)(OPEN);
  expect(passed()).toBeGreaterThan(ROUND_MS - SLACK_MS);

  // Still of the first round, which is over: nothing to wait for, though the round is a long one.
  const late = createRounds(60_000);
  const first = new AbortController();
  const waiting = late.begin(0)(first.signal);
  const second = late.begin(1)(first.signal);
  first.abort();
  await Promise.all([waiting, second]);

  const before = passed();
  await rounds.begin(1)(OPEN);
  expect(passed() - before).toBeLessThan(ROUND_MS);
  const again = passed();
  await rounds.begin(0)(OPEN);
  expect(passed() - again).toBeGreaterThan(ROUND_MS - SLACK_MS);
});
