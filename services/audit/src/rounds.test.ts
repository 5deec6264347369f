import { describe, expect, test } from 'vitest';
import { createRounds } from './rounds.js';

const ROUND_MS = 50;
// Timers may be early by the part of a millisecond.
const SLACK_MS = 2;
const OPEN = new AbortController().signal;
const soon = (waiting: Promise<void>) => Promise.race([waiting.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

describe('a round', () => {
  test('lasts its time, and ends for those too that came late', async () => {
    const rounds = createRounds(ROUND_MS);
    const startedAt = performance.now();
    await rounds.begin(0)(OPEN);
    expect(performance.now() - startedAt).toBeGreaterThan(ROUND_MS - SLACK_MS);
    expect(await soon(rounds.begin(1)(OPEN))).toBe(true);
  });

  test('is followed by another when a partition comes again', async () => {
    const rounds = createRounds(ROUND_MS);
    await rounds.begin(0)(OPEN);
    const startedAt = performance.now();
    await Promise.all([rounds.begin(0)(OPEN), rounds.begin(1)(OPEN)]);
    expect(performance.now() - startedAt).toBeGreaterThan(ROUND_MS - SLACK_MS);
  });

  test('keeps nobody who wants to leave', async () => {
    const rounds = createRounds(60_000);
    const leaving = new AbortController();
    const waiting = [rounds.begin(0)(leaving.signal), rounds.begin(1)(leaving.signal)];
    leaving.abort();
    await Promise.all([...waiting, rounds.begin(2)(leaving.signal)]);
  });
});
