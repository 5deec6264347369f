import { toTable, toViolations } from './checks/report.js';
import { readOptions, USAGE } from './options.js';
import { runChaos } from './run-chaos.js';

const print = (line: string) => process.stdout.write(`${line}\n`);
const inWords = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    print(USAGE);
    return 0;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  let broken = 0;
  for (let seed = options.seed; seed < options.seed + options.runs; seed += 1) {
    const { minutes, instances, clients, keep } = options;
    const result = await runChaos({ seed, faultsMs: minutes * 60_000, instances, clients, keep, print, signal: stop.signal });
    print(`\nSeed ${seed}, ${minutes} min of faults: ${inWords(result.faults)}`);
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    print(
      `Calls: ${inWords(result.calls)}; longest time without an answer ${seconds(result.silence.ms)}, from ${seconds(result.silence.fromMs)}; quiet after ${seconds(result.quietMs)}\n`,
    );
    print(`${toTable(result.kept)}\n`);
    if (result.violations > 0) {
      print(`${toViolations(result.kept, result.evidence, seed)}\n`);
      print(`Again: npm run chaos -- --seed ${seed} --minutes ${minutes} --instances ${instances} --clients ${clients}\n`);
    }
    broken += result.violations;
  }
  return broken === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (failure) {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  // What was cut short may still wait for something.
  process.exit(1);
}
