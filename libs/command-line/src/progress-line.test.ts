import type { Batch } from '@vouch/client';
import { expect, it } from 'vitest';
import { toBytes, toDuration, toProgressLine } from './progress-line.js';

const batch: Batch = {
  id: 'b',
  status: 'running',
  rows: { total: 1_000, done: 490, failed: 10, pending: 500, cancelled: 0 },
  ratePerSecond: 50.5,
  remainingSeconds: 75,
};

it('shows bar, rows, rate and time left on one line, however narrow', () => {
  expect(toProgressLine(batch, 120)).toBe(`${'█'.repeat(20)}${'░'.repeat(20)}  50%  500/1000  10 failed  50.5/s  1 min 15 s left`);
  expect(toProgressLine(batch, 70)).toHaveLength(69);
  expect(toProgressLine(batch, 20)).toBe(' 50%  500/1000  10 failed  50.5/s  1 min 15 s left');
  expect(toProgressLine({ ...batch, status: 'paused', remainingSeconds: undefined }, 20)).toContain('paused');
});

it.each([
  [0, '0 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
  [7_260, '2 h 1 min'],
])('says %i seconds as %s', (seconds, text) => expect(toDuration(seconds)).toBe(text));

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 kB'],
  [2_000_000_000, '2.0 GB'],
])('says %i bytes as %s', (bytes, text) => expect(toBytes(bytes)).toBe(text));
