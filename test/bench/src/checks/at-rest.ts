import { setTimeout as delay } from 'node:timers/promises';
import { readUsage } from '../processes/usage.js';

const LOOK_EVERY_MS = 100;
const REST_MS = 300;
const MOST_BUSY = 0.1;
const WITHIN_MS = 120_000;

/** Resolves when processes have used next to no CPU for a while. */
export async function untilAtRest(pids: readonly number[]): Promise<void> {
  const busy = async (): Promise<number> => (await readUsage({ watched: pids })).watched?.cpuMs ?? 0;
  let before = await busy();
  for (let quietMs = 0, waited = 0; quietMs < REST_MS; waited += LOOK_EVERY_MS) {
    if (waited > WITHIN_MS) throw new Error('The processes have not come to rest in two minutes');
    await delay(LOOK_EVERY_MS);
    const now = await busy();
    quietMs = now - before <= LOOK_EVERY_MS * MOST_BUSY ? quietMs + LOOK_EVERY_MS : 0;
    before = now;
  }
}
