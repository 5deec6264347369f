import { startDriver } from '../driver/driver.js';
import { percentile } from '../report/statistics.js';
import type { Scenario } from './scenario.js';

const SHARE = 0.25;
const CONNECTIONS = 512;
// The first batches compile code at both ends; of the county's, on these cores, only here.
const WARM_UP_ROWS = 2_000;

/** People ask, at a quarter of what the hub can do, while a batch runs. */
export const besideABatch: Scenario = async ({ ground, hub, peak, lookups, measureMs }) => {
  const half = Math.floor(lookups / 2);
  const interactive = async (): Promise<number> => {
    const plan = { from: 0, to: half, ms: measureMs, callers: CONNECTIONS, perSecond: peak * SHARE };
    const { latencies, failed, firstFailure } = await hub.driver.drive(plan);
    if (failed > 0) throw new Error(`${failed} lookups failed. ${firstFailure}`);
    return percentile(latencies, 99);
  };
  await using county = await startDriver({ kind: 'batches', url: hub.httpUrl, token: await ground.issuer.token() }, ground.lookupFile);
  const warm = half + WARM_UP_ROWS;
  const first = await county.drive({ from: half, to: warm, ms: measureMs, callers: 1 });
  if (first.failed > 0) throw new Error(`${first.failed} rows failed. ${first.firstFailure}`);
  await hub.drained();
  const calm = await interactive();
  const batch = county.drive({ from: warm, to: lookups, ms: measureMs, callers: 1 });
  const [busy, { ids, failed, firstFailure }] = await Promise.all([interactive(), batch]);
  if (failed > 0) throw new Error(`${failed} rows failed. ${firstFailure}`);
  ground.log(`  beside ${ids.length} rows of batches`);
  return [{ promise: 'p99 of people’s lookups beside a batch', measured: busy, beside: calm, unit: 'ms' }];
};
