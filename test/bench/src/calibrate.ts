import type { Drive } from './driver/drive.js';
import type { Ground, Row } from './rows/row.js';

const WARM_MS = 3_000;
const LOOK_MS = 2_000;

/** How many lookups a second a row makes at best, roughly. Uses the first `lookups` of the ground, several times. */
export async function calibrate(row: Row, ground: Ground, lookups: number, callers: readonly number[]): Promise<number> {
  await using running = await row.start(ground);
  const drive = async (ms: number, many: number): Promise<number> => {
    const plan: Drive = { from: 0, to: lookups, ms, callers: many };
    const { latencies, failed, firstFailure, startedAt, endedAt } = await running.driver.drive(plan);
    if (failed > 0) throw new Error(`${row.name}: ${failed} lookups failed. The first: ${firstFailure}`);
    return (latencies.length * 1_000) / (endedAt - startedAt);
  };
  await drive(WARM_MS, 64);
  let best = 0;
  for (const many of callers) best = Math.max(best, await drive(LOOK_MS, many));
  await running.drained();
  return best;
}
