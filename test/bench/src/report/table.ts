import type { Summary } from './summary.js';

/** The summaries as tables of plain text: one for each setting, then where the CPU time went. */
export function toTables(summaries: readonly Summary[], titles: ReadonlyMap<string, string>): string {
  const settings = new Map<string, Summary[]>();
  for (const summary of summaries) settings.set(headingOf(summary), [...(settings.get(headingOf(summary)) ?? []), summary]);
  const inOrder = (group: readonly Summary[]): Summary[] => [...titles.keys()].flatMap((name) => group.filter(({ row }) => row === name));
  const tables = [...settings].map(([heading, group]) => `${heading}\n${render(inOrder(group).map(toLine))}`);
  const costs = [...settings].slice(0, 1).map(([heading, group]) => `CPU, µs a lookup; ${heading}\n${render(inOrder(group).map(toCost))}`);
  const memory = [...settings].slice(0, 1).map(([heading, group]) => `Memory, MB; ${heading}\n${render(inOrder(group).map(toMemory))}`);
  const legend = [...titles].map(([name, title]) => `  ${name}: ${title}`).join('\n');
  return [...tables, ...costs, ...memory, legend].join('\n\n');
}

const headingOf = ({ callers, latencyMs, openLoopPerSecond }: Summary): string => {
  const load =
    openLoopPerSecond === undefined
      ? `${callers} caller${callers === 1 ? '' : 's'}`
      : `open loop at ${Math.round(openLoopPerSecond)} a second`;
  return `${load}, registries at ${latencyMs} ms`;
};

type Line = Readonly<Record<string, string>>;

const toLine = (summary: Summary): Line => ({
  row: summary.row,
  'lookups/s': String(Math.round(summary.lookupsPerSecond)),
  spread: `${Math.round(summary.spread * 100)} %`,
  ratio: times(summary.ratio),
  'to bare': times(summary.bareRatio),
  'p50 ms': milliseconds(summary.p50Ms),
  'p50 ratio': times(summary.p50Ratio),
  'p99 ms': milliseconds(summary.p99Ms),
  'p99 ratio': times(summary.p99Ratio),
  'spans/lookup': summary.spansPerLookup.toFixed(1),
});

const toCost = ({ row, cpuMicrosPerLookup: costs }: Summary): Line => ({
  row,
  all: whole(Object.values(costs).reduce((sum, cost) => sum + cost, 0)),
  ...Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, whole(cost)])),
});

const toMemory = ({ row, residentMegabytes: sizes }: Summary): Line => ({
  row,
  ...Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, whole(size)])),
});

const whole = (value: number): string => String(Math.round(value));
const times = (value = Number.NaN): string => (Number.isNaN(value) ? '-' : value.toFixed(2));
const milliseconds = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(1));

/** Lines as a table of plain text. */
export function render(lines: readonly Line[]): string {
  const columns = [...new Set(lines.flatMap(Object.keys))];
  const widths = columns.map((column) => Math.max(column.length, ...lines.map((line) => (line[column] ?? '').length)));
  const row = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ');
  return [
    row(columns),
    row(widths.map((width) => '-'.repeat(width))),
    ...lines.map((line) => row(columns.map((column) => line[column] ?? ''))),
  ].join('\n');
}
