import { setTimeout as delay } from 'node:timers/promises';
import { startDriver } from '../driver/driver.js';
import { percentile } from '../report/statistics.js';
import type { Finding, Scenario, Stage } from './scenario.js';

const SHARE = 0.25;
const CONNECTIONS = 512;
const LOOK_EVERY_MS = 200;
const RECOVERS_WITHIN_MS = 60_000;

/** One agency takes questions and never answers, while half of the lookups need it. What happens to the other half? */
export const hungAgency: Scenario = (stage) => besideTrouble(stage, 'hung');

/** As above, with one that cannot be reached. */
export const downAgency: Scenario = (stage) => besideTrouble(stage, 'down');

async function besideTrouble(stage: Stage, trouble: 'hung' | 'down'): Promise<readonly Finding[]> {
  const { ground, hub, peak, lookups, measureMs } = stage;
  const token = await ground.issuer.token();
  const http = { kind: 'http', url: hub.httpUrl, token } as const;
  await using others = await startDriver({ ...http, agencies: ['police', 'housing', 'social-security'] }, ground.lookupFile);
  await using needing = await startDriver({ ...http, partial: true }, ground.lookupFile);
  const half = Math.floor(lookups / 2);
  const both = async (): Promise<number> => {
    const plan = { ms: measureMs, callers: CONNECTIONS, perSecond: peak * SHARE };
    const [measured, beside] = await Promise.all([
      others.drive({ ...plan, from: 0, to: half }),
      needing.drive({ ...plan, from: half, to: lookups }),
    ]);
    if (measured.failed + beside.failed > 0) throw new Error(`Lookups failed. ${measured.firstFailure ?? beside.firstFailure}`);
    return percentile(measured.latencies, 99);
  };
  const calm = await both();
  await ground.registries.setTrouble('tax', trouble);
  const troubled = await both();
  await ground.registries.setTrouble('tax', 'none');
  await untilWhole(stage, token);
  return [{ promise: `p99 of other claims with one agency ${trouble}`, measured: troubled, beside: calm, unit: 'ms' }];
}

/** Resolves when lookups are answered in full again; nobody lends a hand. */
async function untilWhole({ ground, hub }: Stage, token: string): Promise<void> {
  await using asking = await startDriver({ kind: 'http', url: hub.httpUrl, token }, ground.lookupFile);
  const since = Date.now();
  for (let index = 0; ; index += 1) {
    const { latencies } = await asking.drive({ from: index, to: index + 1, ms: LOOK_EVERY_MS, callers: 1 });
    if (latencies.length > 0) break;
    if (Date.now() > since + RECOVERS_WITHIN_MS) throw new Error('Lookups are still not whole a minute after the agency is');
    await delay(LOOK_EVERY_MS);
  }
  ground.log(`  whole again ${((Date.now() - since) / 1_000).toFixed(1)} s after the agency`);
}
