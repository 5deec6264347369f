import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createResources } from '@vouch/lifecycle';
import { calibrate } from '../calibrate.js';
import { openConsents } from '../consented.js';
import { layGround } from '../ground.js';
import { makeLookups } from '../lookups/families.js';
import { writeLookups } from '../lookups/lookup-file.js';
import type { Options } from '../options.js';
import { hub } from '../rows/hub.js';
import type { Ground, Row } from '../rows/row.js';
import { measureRow, type Result } from '../run.js';
import { multiplyHistory } from './multiply-history.js';
import { WORLDS, type World } from './worlds.js';

const CALLERS = 64;
const FIRST_LOOKUPS = 6_000;
const MARGIN = 1.6;

/** A world that is laid and filled. */
interface LaidWorld {
  readonly row: Row;
  readonly ground: Ground;
  /** Lookups that may be used in a measurement. */
  readonly pool: number;
}

const rowOf = ({ name, title }: World): Row => ({ ...hub, name, title });

/** The rows of the worlds, for the table. */
export const WORLD_ROWS: readonly Row[] = WORLDS.map(rowOf);

/**
 * Measures the hub in worlds of different sizes, each with its own PostgreSQL, broker and registries, which all run the whole time; in rounds,
 * so that a machine that is slower for a while is slower for all.
 */
export async function runGrowth(options: Options, folder: string, log: (line: string) => void): Promise<readonly Result[]> {
  await using opening = createResources();
  const worlds: LaidWorld[] = [];
  for (const world of WORLDS) {
    log(`Laying the world ${world.name} …`);
    const ownFolder = join(folder, world.name);
    await mkdir(ownFolder, { mode: 0o755 });
    const laid = opening.use(await layGround({ folder: ownFolder, profileDir: options.profileDir, families: world.families, log }));
    const lookups = makeLookups(world.consents, world.families);
    await writeLookups(laid.ground.lookupFile, lookups.slice(0, FIRST_LOOKUPS));
    const give = await openConsents('vouch', hub, laid, lookups[0] as (typeof lookups)[number]);
    await give(lookups);
    const rate = await calibrate(hub, laid.ground, FIRST_LOOKUPS, [CALLERS]);
    log(`  about ${Math.round(rate)} lookups a second; bringing its history to ${world.verifications} …`);
    const needed = Math.ceil((rate * MARGIN * options.measureMs) / 1_000) + 1_000;
    await writeLookups(laid.ground.lookupFile, lookups.slice(0, needed));
    await multiplyHistory(laid.ground.databases.vouch, world.verifications);
    worlds.push({ row: rowOf(world), ground: laid.ground, pool: needed });
  }
  const results: Result[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { row, ground, pool } of worlds.map((_, index) => worlds[(index + round - 1) % worlds.length] as LaidWorld)) {
      log(`Round ${round} of ${options.rounds}: ${row.name}`);
      results.push(...(await measureRow(row, round, [{ latencyMs: 0, callers: CALLERS }], pool, options, ground)));
    }
  }
  return results;
}
