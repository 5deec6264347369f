import { setTimeout as delay } from 'node:timers/promises';
import { calibrate } from './calibrate.js';
import { type GiveConsents, openConsents, type System, systemOf } from './consented.js';
import type { LaidGround } from './ground.js';
import { makeLookups } from './lookups/families.js';
import { writeLookups } from './lookups/lookup-file.js';
import { type Measurement, measure } from './measure.js';
import type { Options } from './options.js';
import { measureFlush } from './parts/disk-flush.js';
import { REFERENCE } from './rows/all.js';
import type { Ground, Row, RunningRow } from './rows/row.js';

/** How a row was driven in one measurement. */
export interface Setting {
  readonly latencyMs: number;
  readonly callers: number;
  /** Lookups a second that came in an open loop. */
  readonly openLoopPerSecond?: number;
}

/** One measurement, in its round. */
export interface Result extends Setting, Omit<Measurement, 'ids'> {
  readonly row: string;
  readonly round: number;
  /** Spans that the collector got in this row's round, by lookup; of rows that make none, none. */
  readonly spansPerLookup: number;
}

/** All that was measured. */
export interface Outcome {
  readonly results: readonly Result[];
  /** Milliseconds of a flush to the disk, before each round. */
  readonly flushes: readonly number[];
}

const FIRST_LOOKUPS = 12_000;
// Calibrations are short and cold; a row that has warmed up makes up to twice as many.
const MARGIN = 3;
const OPEN_LOOP_SHARE = 0.7;
const OPEN_LOOP_CONNECTIONS = 512;
const WARM_UP_CALLERS = 64;
const SPANS_ARRIVE_MS = 1_500;

/** Measures rows, in rounds. */
export async function run(rows: readonly Row[], options: Options, laid: LaidGround): Promise<Outcome> {
  const { ground } = laid;
  const { pools, openLoopPerSecond } = await prepare(rows, options, laid);
  const settings = settingsOf(options, openLoopPerSecond);
  const results: Result[] = [];
  const flushes: number[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    flushes.push(await measureFlush(ground.folder));
    // Each round begins with another row, so that none always has the same neighbour.
    const order = rows.map((_, index) => rows[(index + round - 1) % rows.length] as Row);
    for (const row of order) {
      ground.log(`Round ${round} of ${options.rounds}: ${row.name}`);
      results.push(...(await measureRow(row, round, settingsFor(row, settings), pools.get(row.name) ?? 0, options, ground)));
    }
  }
  return { results, flushes };
}

function settingsOf({ latencies, callers }: Options, openLoopPerSecond: number | undefined): Setting[] {
  return latencies.flatMap((latencyMs) => [
    ...callers.map((many) => ({ latencyMs, callers: many })),
    ...(openLoopPerSecond === undefined || latencyMs > 0 ? [] : [{ latencyMs, callers: OPEN_LOOP_CONNECTIONS, openLoopPerSecond }]),
  ]);
}

/** Batches have no callers, and nobody whose coming could be spread over time. */
const settingsFor = ({ byBatches }: Row, settings: readonly Setting[]): Setting[] =>
  settings.filter(({ callers, openLoopPerSecond }) => !byBatches || (callers === settings[0]?.callers && openLoopPerSecond === undefined));

/** Finds out how many lookups each row needs in one measurement, and makes them with their consents. */
async function prepare(rows: readonly Row[], options: Options, laid: LaidGround) {
  const { ground } = laid;
  const few = makeLookups(FIRST_LOOKUPS);
  await writeLookups(ground.lookupFile, few);
  const givers = new Map<System, GiveConsents>();
  const rates = new Map<string, number>();
  for (const row of rows) {
    const system = systemOf(row);
    if (system && !givers.has(system)) {
      ground.log(`Making consents for ${row.name} …`);
      const give = await openConsents(system, row, laid, few[0] as (typeof few)[number]);
      givers.set(system, give);
      await give(few);
    }
    const rate = await calibrate(row, ground, FIRST_LOOKUPS, [64, 256]);
    ground.log(`Calibration: ${row.name} makes about ${Math.round(rate)} lookups a second`);
    rates.set(row.name, rate);
  }
  const peak = rates.get(REFERENCE);
  const openLoopPerSecond = options.openLoop && peak !== undefined ? peak * OPEN_LOOP_SHARE : undefined;
  const needed = (rate: number): number => Math.ceil((Math.max(rate, openLoopPerSecond ?? 0) * MARGIN * options.measureMs) / 1_000) + 1_000;
  const pools = new Map([...rates].map(([name, rate]) => [name, needed(rate)]));
  const lookups = makeLookups(Math.max(...pools.values()));
  await writeLookups(ground.lookupFile, lookups);
  for (const [system, give] of givers) {
    const most = Math.max(...rows.filter((row) => systemOf(row) === system).map(({ name }) => pools.get(name) ?? 0));
    if (most <= FIRST_LOOKUPS) continue;
    ground.log(`Making consents for ${most} lookups (${system}) …`);
    await give(lookups.slice(FIRST_LOOKUPS, most));
  }
  return { pools, openLoopPerSecond };
}

/** Measures one row in one round: starts it, warms it up, drives it in each setting, and checks that nothing is missing. */
export async function measureRow(
  row: Row,
  round: number,
  settings: readonly Setting[],
  pool: number,
  options: Options,
  ground: Ground,
): Promise<Result[]> {
  const { registries, collector } = ground;
  const spansBefore = await collector.spans();
  const measured: (Setting & Measurement)[] = [];
  const ids = new Set<string>();
  let lookups = 0;
  const keep = (some: readonly string[], count: number): void => {
    for (const id of some) ids.add(id);
    lookups += count;
  };
  {
    await using running = await row.start(ground);
    await warmUp(running, pool, options.warmUpMs, keep);
    for (const setting of settings) {
      await registries.setLatency(setting.latencyMs);
      const { latencyMs: _, openLoopPerSecond: perSecond, callers } = setting;
      const measurement = await measure(ground, running, { from: 0, to: pool, ms: options.measureMs, callers, perSecond });
      keep(measurement.ids, measurement.count + measurement.leadIn);
      measured.push({ ...setting, ...measurement });
      const { perSecond: rate, p99Ms, refused } = measurement;
      const said = refused > 0 ? `, ${refused} times refused and asked again` : '';
      ground.log(`  ${describe(setting)}: ${Math.round(rate)} a second, p99 ${p99Ms.toFixed(1)} ms${said}`);
    }
    await registries.setLatency(0);
    await running.check([...ids]);
  }
  await delay(SPANS_ARRIVE_MS);
  const spansPerLookup = ((await collector.spans()) - spansBefore) / lookups;
  return measured.map(({ ids: _, ...measurement }) => ({ row: row.name, round, spansPerLookup, ...measurement }));
}

async function warmUp(
  { driver, drained }: RunningRow,
  pool: number,
  ms: number,
  keep: (ids: readonly string[], count: number) => void,
): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const { ids, latencies, failed, firstFailure } = await driver.drive({
      from: 0,
      to: pool,
      ms: end - Date.now(),
      callers: WARM_UP_CALLERS,
    });
    if (failed > 0) throw new Error(`${failed} lookups failed in the warm-up. The first: ${firstFailure}`);
    keep(ids, latencies.length);
  }
  await drained();
}

const describe = ({ latencyMs, callers, openLoopPerSecond }: Setting): string =>
  openLoopPerSecond === undefined
    ? `${callers} callers, registries at ${latencyMs} ms`
    : `open loop, ${Math.round(openLoopPerSecond)} arrive a second, registries at ${latencyMs} ms`;
