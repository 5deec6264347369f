import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: 1_000,
  min: 60_000,
  days: 1,
  kB: 1024,
  MB: 1024 ** 2,
  characters: 1,
};

/** Rows of `docs/limits.md`: its bound as a number, the constant that holds it and its file. */
const rows = read('docs/limits.md')
  .split('\n')
  .flatMap((line) => {
    const row = /^\| (?<what>.+?) \| (?<number>[\d.]+) ?(?<unit>\w*) \| `(?<name>\w+)` in `(?<file>[^`]+)` \|/.exec(line)?.groups;
    return row ? [row as Record<'what' | 'number' | 'unit' | 'name' | 'file', string>] : [];
  });

/** The number that a constant, a default or a field has in a source text. */
function boundIn(name: string, source: string): number {
  const chained = `(?:\\s*z)?[\\w.()]*?\\.default\\(`;
  const text = new RegExp(`\\b${name}\\b\\s*(?:=|:|\\?\\?|:${chained})\\s*([\\d_.]+(?:\\s*\\*{1,2}\\s*[\\d_.]+)*)\\s*[;,)\\s}]`).exec(
    source,
  )?.[1];
  if (text === undefined) return Number.NaN;
  return text
    .replaceAll('_', '')
    .split('*')
    .map(Number)
    .reduce((product, factor) => product * factor, 1);
}

it.each(rows.map((row) => [row.name, row.file, row] as const))('the bound of %s in %s is as told', (name, file, { number, unit }) => {
  expect(UNITS).toHaveProperty([unit]);
  expect(boundIn(name, read(file))).toBe(Number(number) * (UNITS[unit] ?? Number.NaN));
});

/** Constants that are named like bounds and are none of a queue, a cache, a stream or a body. */
const OTHERS = new Set([
  'MOST_DRIFT_MS in libs/telemetry/src/clock.ts',
  'MOST_REPLICAS in libs/events/src/kafka/topics.ts',
  'LARGEST_CUT in libs/provider-client/src/knee.ts',
  'MOST_TABLES_AT_ONCE in libs/store/src/embedded-upkeep.ts',
  // Of opening, and of a pause.
  'MOST_ATTEMPTS in libs/store/src/new-database.ts',
  'MOST_ATTEMPTS in libs/store/src/data-dir-lock.ts',
  'LONGEST_PAUSE_MS in libs/store/src/kysely-store.ts',
  // The same in each: one row tells of them.
  'LONGEST_BACK_OFF_MS in libs/events/src/kafka/subscription.ts',
  'LONGEST_BACK_OFF_MS in libs/events/src/embedded/subscription.ts',
  // The width of what is drawn.
  'LONGEST_BAR in libs/command-line/src/progress-line.ts',
  // Samples of a measurement.
  'FEWEST_SAMPLES in libs/provider-client/src/knee.ts',
  // The range of a timer.
  'LONGEST_TIMER_MS in libs/rpc/src/in-process.ts',
  'LONGEST_TIMER_MS in libs/provider-client/src/pending-query.ts',
]);

it('every bound in the code has a row', () => {
  const files = execFileSync('git', ['ls-files', 'libs/*/src/**.ts', 'services/*/src/**.ts'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && !file.endsWith('.test.ts') && !/population|showcase|generated|\/conformance\//.test(file));
  const told = new Set(rows.map(({ name, file }) => `${name} in ${file}`));
  const found = files.flatMap((file) =>
    [...read(file).matchAll(/^(?:export )?const ((?:MOST|LARGEST|LONGEST|MAX|FEWEST)_\w+) = [\d(]/gm)].map(
      ([, name]) => `${name} in ${file}`,
    ),
  );
  expect(found.length).toBeGreaterThan(40);
  expect(found.filter((bound) => !told.has(bound) && !OTHERS.has(bound))).toEqual([]);
});

it('finds a number that is not as told', () => {
  expect(boundIn('MOST', 'const MOST = 4 * 1_024;')).toBe(4096);
  expect(boundIn('most', 'f({ most: 7 })')).toBe(7);
  expect(boundIn('most', 'options.most ?? 8)')).toBe(8);
  expect(boundIn('most', 'most: z.int().min(1).default(9),')).toBe(9);
  expect(boundIn('most', 'const least = 7;')).toBeNaN();
});
