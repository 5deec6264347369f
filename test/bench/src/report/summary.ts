import type { Result } from '../run.js';
import { median, spreadOf } from './statistics.js';

/** What all rounds of one row in one setting come to: medians, and ratios to the reference in the same rounds. */
export interface Summary {
  readonly row: string;
  readonly callers: number;
  readonly latencyMs: number;
  readonly openLoopPerSecond?: number;
  readonly lookupsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Lookups a second over the reference's; absent without a reference. */
  readonly ratio?: number;
  /** Lookups a second over those of the row without any hub; absent without one. */
  readonly bareRatio?: number;
  /** Latencies over the reference's: less is better. */
  readonly p50Ratio?: number;
  readonly p99Ratio?: number;
  readonly cpuMicrosPerLookup: Readonly<Record<string, number>>;
  readonly residentMegabytes: Readonly<Record<string, number>>;
  readonly spansPerLookup: number;
  /** From the slowest to the fastest round, as a share of the median. */
  readonly spread: number;
  readonly rounds: number;
  /** Share of the machine that others took, in the worst round. */
  readonly othersShare: number;
}

const MEGABYTE = 1_048_576;

/** Summarises results, in the order in which they first appear. */
export function summarise(results: readonly Result[], reference: string, bare: string): Summary[] {
  const groups = new Map<string, Result[]>();
  for (const result of results) groups.set(keyOf(result, result.row), [...(groups.get(keyOf(result, result.row)) ?? []), result]);
  return [...groups.values()].map((group) => {
    const first = group[0] as Result;
    const { row, callers, latencyMs, openLoopPerSecond } = first;
    const beside = groups.get(keyOf(first, reference)) ?? [];
    const { ratio: bareRatio } = ratios(group, groups.get(keyOf(first, bare)) ?? []);
    return {
      row,
      callers,
      latencyMs,
      ...(openLoopPerSecond !== undefined && { openLoopPerSecond }),
      lookupsPerSecond: median(group.map(({ perSecond }) => perSecond)),
      p50Ms: median(group.map(({ p50Ms }) => p50Ms)),
      p99Ms: median(group.map(({ p99Ms }) => p99Ms)),
      ...ratios(group, beside),
      ...(bareRatio !== undefined && { bareRatio }),
      cpuMicrosPerLookup: mediansOf(group.map(({ cpuMicros }) => cpuMicros)),
      residentMegabytes: mediansOf(
        group.map(({ residentBytes }) => residentBytes),
        MEGABYTE,
      ),
      spansPerLookup: median(group.map(({ spansPerLookup }) => spansPerLookup)),
      spread: spreadOf(group.map(({ perSecond }) => perSecond)),
      rounds: group.length,
      othersShare: Math.max(...group.map(({ othersShare }) => othersShare)),
    };
  });
}

const keyOf = ({ latencyMs, callers, openLoopPerSecond }: Result, row: string): string =>
  JSON.stringify([row, latencyMs, callers, openLoopPerSecond]);

/** Medians of the ratios in each round, so that a machine that is slower for a while is slower for both. */
function ratios(group: readonly Result[], beside: readonly Result[]): Pick<Summary, 'ratio' | 'p50Ratio' | 'p99Ratio'> {
  const pairs = group.flatMap((result) => beside.filter(({ round }) => round === result.round).map((other) => [result, other] as const));
  if (pairs.length === 0) return {};
  const over = (of: (result: Result) => number): number => median(pairs.map(([result, other]) => of(result) / of(other)));
  return { ratio: over(({ perSecond }) => perSecond), p50Ratio: over(({ p50Ms }) => p50Ms), p99Ratio: over(({ p99Ms }) => p99Ms) };
}

function mediansOf(records: readonly Readonly<Record<string, number>>[], unit = 1): Record<string, number> {
  const names = [...new Set(records.flatMap(Object.keys))];
  return Object.fromEntries(names.map((name) => [name, median(records.map((record) => (record[name] ?? 0) / unit))]));
}
