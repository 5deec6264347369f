import { calibrate } from '../calibrate.js';
import { openConsents } from '../consented.js';
import type { LaidGround } from '../ground.js';
import { makeLookups } from '../lookups/families.js';
import { writeLookups } from '../lookups/lookup-file.js';
import type { Options } from '../options.js';
import { hub } from '../rows/hub.js';
import { besideABatch } from './beside-a-batch.js';
import { overload } from './overload.js';
import type { Finding, Scenario } from './scenario.js';
import { downAgency, hungAgency } from './troubled-agency.js';

const CALLERS = 64;
const FIRST_LOOKUPS = 12_000;
// Five times the peak, half as long again: what the hungriest scenario uses.
const MARGIN = 8;
const SCENARIOS: readonly Scenario[] = [besideABatch, hungAgency, downAgency, overload];

/** Measures what the hub does in trouble, in rounds; a fresh hub for each scenario, so that one does not suffer from the one before. */
export async function runGuards(options: Options, laid: LaidGround): Promise<readonly Finding[][]> {
  const { ground } = laid;
  const few = makeLookups(FIRST_LOOKUPS);
  await writeLookups(ground.lookupFile, few);
  const give = await openConsents('vouch', hub, laid, few[0] as (typeof few)[number]);
  await give(few);
  const peak = await calibrate(hub, ground, FIRST_LOOKUPS, [CALLERS]);
  const lookups = makeLookups(Math.ceil((peak * MARGIN * options.measureMs) / 1_000) + FIRST_LOOKUPS);
  await writeLookups(ground.lookupFile, lookups);
  await give(lookups.slice(FIRST_LOOKUPS));
  const rounds: Finding[][] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const findings: Finding[] = [];
    for (const scenario of SCENARIOS) {
      ground.log(`Round ${round} of ${options.rounds}: ${scenario.name}`);
      await using running = await hub.start(ground);
      const { httpUrl } = running;
      if (httpUrl === undefined) throw new Error('The hub has no address');
      await running.driver.drive({ from: 0, to: lookups.length, ms: options.warmUpMs, callers: CALLERS });
      await running.drained();
      const stage = { ground, hub: { ...running, httpUrl }, peak, lookups: lookups.length, measureMs: options.measureMs };
      findings.push(...(await scenario(stage)));
    }
    rounds.push(findings);
  }
  return rounds;
}
