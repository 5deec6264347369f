import { startDriver } from '../driver/driver.js';
import { readUsage } from '../processes/usage.js';
import type { Finding, Scenario, Stage } from './scenario.js';

const TIMES = 5;
const CALLERS = 64;
// Fewer than the hub takes: what it refuses is to be a lookup, not a connection.
const CONNECTIONS = 800;
const MEGABYTE = 1_048_576;

/** Five times as many lookups arrive as the hub can make, whether or not earlier ones are answered. */
export const overload: Scenario = async ({ ground, hub, lookups, measureMs }) => {
  const calm = await hub.driver.drive({ from: 0, to: lookups, ms: measureMs, callers: CALLERS });
  const peak = rateOf(calm);
  const before = await memoryOf(hub);
  await using crowd = await startDriver({ kind: 'http', url: hub.httpUrl, token: await ground.issuer.token() }, ground.lookupFile);
  const plan = { from: 0, to: lookups, ms: measureMs, callers: CONNECTIONS, perSecond: peak * TIMES, refusals: 'let go' } as const;
  const first = await crowd.drive(plan);
  const after = await memoryOf(hub);
  const second = await crowd.drive(plan);
  const last = await memoryOf(hub);
  for (const { failed, firstFailure } of [calm, first, second])
    if (failed > 0) throw new Error(`${failed} lookups failed. ${firstFailure}`);
  ground.log(`  at five times capacity ${Math.round(rateOf(second))} a second answered, ${second.refused} of ${second.begun} refused`);
  const findings: Finding[] = [
    { promise: 'goodput at five times capacity', measured: rateOf(second), beside: peak, unit: 'a second' },
    { promise: 'memory after as long again at five times capacity', measured: last, beside: Math.max(before, after), unit: 'MB' },
  ];
  return findings;
};

const rateOf = ({ latencies, startedAt, endedAt }: { latencies: Float64Array; startedAt: number; endedAt: number }): number =>
  (latencies.length * 1_000) / (endedAt - startedAt);

async function memoryOf({ processes }: Stage['hub']): Promise<number> {
  const usage = await readUsage({ hub: processes.hub ?? [] });
  return (usage.hub?.residentBytes ?? 0) / MEGABYTE;
}
