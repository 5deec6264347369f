import type { Summary } from './summary.js';

const MOST_OTHERS = 0.05;
const MOST_SPREAD = 0.2;
const MOST_OF_A_CORE = 0.8;
const GENERATOR = 'load generator';

/** What a reader of the tables must know: whether they can be believed at all. */
export function warningsOf(summaries: readonly Summary[]): string[] {
  const crowded = Math.max(...summaries.map(({ othersShare }) => othersShare));
  const wide = summaries.filter(({ spread }) => spread > MOST_SPREAD);
  // A generator that is busy most of the time measures itself.
  const bound = summaries.filter(
    ({ cpuMicrosPerLookup, lookupsPerSecond }) => ((cpuMicrosPerLookup[GENERATOR] ?? 0) * lookupsPerSecond) / 1e6 > MOST_OF_A_CORE,
  );
  return [
    ...(crowded > MOST_OTHERS
      ? [`Other processes took up to ${Math.round(crowded * 100)} % of the machine: do not believe these numbers`]
      : []),
    ...(wide.length > 0 ? [`Rounds differ by more than ${MOST_SPREAD * 100} %: ${names(wide)}`] : []),
    ...(bound.length > 0 ? [`The load generator was busy more than ${MOST_OF_A_CORE * 100} % of the time: ${names(bound)}`] : []),
  ];
}

const names = (summaries: readonly Summary[]): string =>
  summaries.map(({ row, callers, latencyMs }) => `${row} (${callers}, ${latencyMs} ms)`).join(', ');
