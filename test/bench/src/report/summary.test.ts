import { expect, it } from 'vitest';
import type { Result } from '../run.js';
import { summarise } from './summary.js';

const result = (row: string, round: number, perSecond: number, p99Ms: number, callers = 64): Result => ({
  row,
  round,
  callers,
  latencyMs: 0,
  count: 1,
  leadIn: 0,
  refused: 0,
  perSecond,
  p50Ms: p99Ms / 2,
  p99Ms,
  cpuMicros: { hub: perSecond },
  residentBytes: { hub: 1_048_576 * round },
  othersShare: round / 100,
  spansPerLookup: 9,
});

it('takes ratios within a round, and medians over the rounds', () => {
  // The machine is half as fast in the second round: the ratio stays.
  const results = [
    ...[result('reference', 1, 1_000, 10), result('hub', 1, 4_000, 5)],
    ...[result('hub', 2, 2_000, 10), result('reference', 2, 500, 20)],
    ...[result('reference', 3, 1_000, 10), result('hub', 3, 4_200, 4)],
  ];
  const [reference, hub] = summarise(results, 'reference', 'bare');
  expect(reference).toMatchObject({ row: 'reference', ratio: 1, p99Ratio: 1, lookupsPerSecond: 1_000 });
  expect(hub).toMatchObject({ row: 'hub', ratio: 4, p99Ratio: 0.5, lookupsPerSecond: 4_000, p99Ms: 5, rounds: 3, othersShare: 0.03 });
  expect(hub?.spread).toBeCloseTo(0.55);
  expect(hub?.residentMegabytes).toEqual({ hub: 2 });
});

it('also compares with the row without any hub, whose results may have no latencies', () => {
  const results = [result('bare', 1, 500, 10), result('reference', 1, 1_000, 10), result('batch', 1, 2_000, Number.NaN)];
  expect(summarise(results, 'reference', 'bare').at(-1)).toMatchObject({ ratio: 2, bareRatio: 4, p99Ratio: Number.NaN });
});

it('keeps settings apart, and gives no ratio without a reference in the same setting', () => {
  const summaries = summarise(
    [result('hub', 1, 4_000, 5, 64), result('hub', 1, 5_000, 9, 256), result('reference', 1, 1_000, 1, 64)],
    'reference',
    'bare',
  );
  expect(summaries.map(({ callers, ratio }) => [callers, ratio])).toEqual([
    [64, 4],
    [256, undefined],
    [64, 1],
  ]);
});
