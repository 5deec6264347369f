import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimKey } from './answer.js';
import { checkAll, type Kept } from './checks/report.js';
import { createApi } from './clients/api.js';
import { createFinalCalls } from './clients/final-calls.js';
import { createTokens, type Tokens } from './clients/tokens.js';
import { startWorkload } from './clients/workload.js';
import type { Evidence } from './evidence/evidence.js';
import { keepSpans } from './evidence/keep-spans.js';
import { readDatabase } from './evidence/read-database.js';
import { readAnsweredQueries } from './evidence/read-spans.js';
import { readTopics } from './evidence/read-topics.js';
import { createInjector } from './faults/inject.js';
import { planFaults } from './faults/plan.js';
import { type Entry, type History, startHistory } from './history.js';
import { untilQuiet } from './system/quiet.js';
import { type System, startSystem } from './system/start-system.js';

/** One run. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long things are broken, milliseconds. */
  readonly faultsMs: number;
  /** How many of each of lookup, consent and audit. */
  readonly instances: number;
  readonly clients: number;
  /** Keeps the run's folder even when every promise was kept. */
  readonly keep: boolean;
  readonly print: (line: string) => void;
  /** Ends the run early; everything that it has started is stopped. */
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface ChaosResult {
  readonly kept: readonly Kept[];
  readonly evidence: Evidence;
  readonly violations: number;
  /** Calls by what came of them. */
  readonly calls: Readonly<Record<string, number>>;
  /** Faults carried out, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Longest time without an answer for any client, and when it began after the first call; milliseconds. */
  readonly silence: { readonly ms: number; readonly fromMs: number };
  /** How long it took to come to rest, milliseconds. */
  readonly quietMs: number;
  /** Folder with histories, logs and data; absent when it was removed. */
  readonly folder?: string;
}

const QUIET_WITHIN_MS = 150_000;
const TRUTH_BUDGET_MS = 10_000;

/** Runs Vouch under faults, waits until it has come to rest, and checks every promise. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, print } = options;
  const folder = await mkdtemp(join(tmpdir(), `vouch-chaos-${seed}-`));
  let keep = true;
  try {
    const result = await run(options, folder);
    keep = options.keep || result.violations > 0;
    if (keep) print(`History, logs and data are in ${folder}`);
    return { ...result, ...(keep && { folder }) };
  } catch (failure) {
    print(`The run failed; its logs are in ${folder}`);
    throw failure;
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

async function run(options: ChaosOptions, dataDir: string): Promise<ChaosResult> {
  const { instances, print, signal } = options;
  await using system = await startSystem({ dataDir, instances, print });
  await using history = startHistory(join(dataDir, 'history.jsonl'));
  const working = work(options, system, history);
  if (!signal) return await working;
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(new Error('Stopped before its end'));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  return await Promise.race([working, stopped]);
}

async function work({ seed, faultsMs, instances, clients, print }: ChaosOptions, system: System, history: History): Promise<ChaosResult> {
  const { demo, edges, dataDir } = system;
  if (demo.traces === undefined) throw new Error('The system under test keeps no spans: what was disclosed cannot be checked');
  await using spans = await keepSpans(demo.traces, join(dataDir, 'spans'));
  const tokens = createTokens(demo);
  const truth = await findTruth(system, tokens, history);

  const injector = createInjector(system);
  const topology = {
    processes: system.supervisor.names,
    links: system.links.map(({ name }) => name),
    agencies: Object.keys(demo.registryControls),
  };
  const plan = planFaults(seed, faultsMs, topology);
  await writeFile(join(dataDir, 'plan.json'), JSON.stringify({ topology, plan }, null, 2));
  print(`Seed ${seed}: ${plan.length} faults in ${Math.round(faultsMs / 1000)} s, ${clients} clients, ${instances} of each service`);
  const workload = startWorkload({ seed, clients, demo, edges, history, tokens });
  try {
    await injector.run(plan, print);
  } finally {
    await injector.heal();
  }
  await workload.stop();
  const finalCalls = createFinalCalls(seed, system, history, tokens);
  await finalCalls.resume();
  print('Healed; waiting for quiet …');
  const quiet = await untilQuiet(system, QUIET_WITHIN_MS);
  const { tookMs } = quiet;
  print(quiet.unrest.length === 0 ? `Quiet after ${(tookMs / 1000).toFixed(1)} s` : `Not quiet: ${quiet.unrest.join('; ')}`);
  await finalCalls.repeat();
  // Those calls made something, too.
  const { unrest } = await untilQuiet(system, QUIET_WITHIN_MS);
  await finalCalls.read();
  await spans.keep();

  const evidence: Evidence = {
    history: history.entries,
    database: await readDatabase(system.postgres.url),
    topics: await readTopics(system.kafka.brokers),
    queries: await readAnsweredQueries(spans.folder),
    interruptions: injector.interruptions,
    truth,
    unrest,
  };
  await writeFile(join(dataDir, 'evidence.json'), JSON.stringify(evidence, toJson));
  const kept = checkAll(evidence);
  return {
    kept,
    evidence,
    violations: kept.reduce((sum, { violations }) => sum + violations.length, 0),
    calls: countCalls(history.entries),
    faults: Object.fromEntries(injector.counts),
    silence: longestSilence(history.entries),
    quietMs: tookMs,
  };
}

/** One lookup a family before anything is broken. */
async function findTruth({ demo, edges }: System, tokens: Tokens, history: History): Promise<Evidence['truth']> {
  const api = createApi({ name: 'truth', demo, history, tokens });
  const truth = new Map<number, { verdict: string; outcomes: ReadonlyMap<string, string> }>();
  const [edge] = edges;
  if (!edge) throw new Error('There is no edge');
  for (const [family, { expected }] of demo.families.entries()) {
    const { answer, code } = await api.verify(edge, { family, timeBudgetMs: TRUTH_BUDGET_MS });
    if (answer?.status !== 'complete' || answer.verdict !== expected) {
      throw new Error(`Family ${family} should be ${expected} and is ${answer?.status} ${answer?.verdict ?? code}`);
    }
    const known = answer.claims.filter(({ outcome }) => outcome !== 'unavailable');
    truth.set(family, { verdict: expected, outcomes: new Map(known.map((claim) => [claimKey(claim), claim.outcome])) });
  }
  return truth;
}

/** For people who want to look closer. */
function toJson(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}

function longestSilence(entries: readonly Entry[]): ChaosResult['silence'] {
  const ours = entries.filter(({ client }) => client.startsWith('client-'));
  const startedAt = ours[0]?.at ?? 0;
  let [last, longest] = [startedAt, { ms: 0, fromMs: 0 }];
  for (const { phase, at } of ours) {
    if (phase !== 'answered') continue;
    if (at - last > longest.ms) longest = { ms: at - last, fromMs: last - startedAt };
    last = at;
  }
  return longest;
}

function countCalls(entries: readonly Entry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { phase } of entries) counts[phase] = (counts[phase] ?? 0) + 1;
  return counts;
}
