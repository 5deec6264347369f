import { MissingPartError, readLocalConfig } from '@vouch/local';
import { expect, inject, it } from 'vitest';
import { toTable, toViolations } from './src/checks/report.js';
import { type ChaosResult, runChaos } from './src/run-chaos.js';

// Short, and always the same seed, of those whose first half minute breaks the most kinds of things: services, a registry, the broker and the
// database are killed, then everything at once; a lookup and a registry are paused; writes to a disk fail; connections are cut, silent and
// forgotten; clocks step; an agency fails. A longer run with more seeds is `npm run chaos -- --runs 5 --minutes 5`.
const SEED = 1961;
const FAULTS_MS = 30_000;
const WITHIN_MS = 420_000;

const say = (line: string) => process.stderr.write(`${line}\n`);

it.skipIf(!inject('kafkaBrokers') || !inject('databaseUrl'))(
  `keeps every promise while everything breaks (seed ${SEED})`,
  async ({ skip }) => {
    let result: ChaosResult;
    try {
      // It kills its broker and its database, so they are its own.
      result = await runChaos({ seed: SEED, faultsMs: FAULTS_MS, instances: 2, clients: 6, keep: false, print: () => undefined });
    } catch (failure) {
      if (!(failure instanceof MissingPartError) || readLocalConfig().ci) throw failure;
      say(
        `\n*** SKIPPED: chaos, which needs a broker and a database that it may kill. Why: ${failure.message}. What helps: ${failure.remedy}\n`,
      );
      return skip();
    }
    const { kept, evidence, violations } = result;
    say(toTable(kept));
    expect(violations, toViolations(kept, evidence, SEED)).toBe(0);
    // A run in which nothing happened would keep every promise.
    for (const { promised, checked } of kept) expect(checked, promised.name).toBeGreaterThan(0);
    expect(result.calls.answered).toBeGreaterThan(50);
    const overGrpc = evidence.history.filter(({ over, phase }) => over === 'grpc' && phase === 'answered');
    for (const operation of ['verify', 'read-verification']) {
      expect(overGrpc.filter((entry) => entry.operation === operation).length, operation).toBeGreaterThan(5);
    }
  },
  WITHIN_MS,
);
