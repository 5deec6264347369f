import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layGround } from './ground.js';
import { runGrowth, WORLD_ROWS } from './growth/run-growth.js';
import { BASE_WORLD } from './growth/worlds.js';
import { runGuards } from './guards/run-guards.js';
import { runLargeBatch } from './large-batch/run-large-batch.js';
import { HELP, type Options, readOptions } from './options.js';
import { measureFlush } from './parts/disk-flush.js';
import { toGuardsTable } from './report/guards-table.js';
import { describeMachine } from './report/machine.js';
import { describeProfiles } from './report/profile.js';
import { median } from './report/statistics.js';
import { toStepsTable } from './report/steps-table.js';
import { type Summary, summarise } from './report/summary.js';
import { toTables } from './report/table.js';
import { warningsOf } from './report/warnings.js';
import { BARE, findRows, REFERENCE } from './rows/all.js';
import type { Row } from './rows/row.js';
import { run } from './run.js';

const print = (text: string) => process.stdout.write(`${text}\n`);

/** What a run comes to. */
interface Measured {
  readonly rows: readonly Row[];
  readonly summaries: readonly Summary[];
  /** Milliseconds of a flush to the disk, several times. */
  readonly flushes: readonly number[];
}

async function compare(options: Options, folder: string): Promise<Measured> {
  const rows = findRows(options.rows);
  await using laid = await layGround({ folder, profileDir: options.profileDir, log: print });
  const { results, flushes } = await run(rows, options, laid);
  return { rows, summaries: summarise(results, REFERENCE, BARE), flushes };
}

async function growth(options: Options, folder: string): Promise<Measured> {
  const flushes = [await measureFlush(folder)];
  const results = await runGrowth(options, folder, print);
  return { rows: WORLD_ROWS, summaries: summarise(results, BASE_WORLD, BARE), flushes };
}

async function guards(options: Options, folder: string): Promise<void> {
  await using laid = await layGround({ folder, profileDir: options.profileDir, log: print });
  const rounds = await runGuards(options, laid);
  print(`\n${toGuardsTable(rounds)}`);
  if (options.jsonFile) await writeFile(options.jsonFile, `${JSON.stringify({ machine: describeMachine(), rounds }, null, 2)}\n`);
}

async function largeBatch(rows: number, { jsonFile }: Options, folder: string): Promise<void> {
  await using laid = await layGround({ folder, profileDir: undefined, log: print });
  const steps = await runLargeBatch(rows, laid);
  print(`\n${toStepsTable(steps)}`);
  if (jsonFile) await writeFile(jsonFile, `${JSON.stringify({ machine: describeMachine(), rows, steps }, null, 2)}\n`);
}

async function bench(options: Options): Promise<void> {
  const machine = describeMachine();
  const since = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'vouch-bench-'));
  // PostgreSQL does not run as root, and its other user must be able to come in.
  await chmod(folder, 0o755);
  try {
    if (options.guards) return await guards(options, folder);
    if (options.largeBatch !== undefined) return await largeBatch(options.largeBatch, options, folder);
    const { rows, summaries, flushes } = await (options.growth ? growth(options, folder) : compare(options, folder));
    const about = { ...machine, flushMs: median(flushes), minutes: (Date.now() - since) / 60_000 };
    print(
      `\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, Node ${machine.node}; a flush takes ${about.flushMs.toFixed(2)} ms; ${options.rounds} rounds in ${Math.round(about.minutes)} minutes\n`,
    );
    print(toTables(summaries, new Map(rows.map(({ name, title }) => [name, title]))));
    for (const warning of warningsOf(summaries)) print(`\nWARNING: ${warning}`);
    if (options.profileDir) print(`\n${await describeProfiles(options.profileDir)}`);
    if (options.jsonFile) await writeFile(options.jsonFile, `${JSON.stringify({ machine: about, rows: summaries }, null, 2)}\n`);
  } finally {
    if (options.keep) print(`Everything is in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.setMaxListeners(0);

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await bench(options);
  else print(HELP);
} catch (failure) {
  process.stderr.write(`bench: ${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}\n`);
  process.exitCode = 1;
}
