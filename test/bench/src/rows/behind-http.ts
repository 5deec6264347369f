import { createResources } from '@vouch/lifecycle';
import { startDriver } from '../driver/driver.js';
import type { RunningProcess } from '../processes/start-process.js';
import type { Ground, RunningRow } from './row.js';

/** A system behind HTTP that has been started. */
export interface Served {
  readonly url: string;
  /** By the names under which their costs are told; stopped in this order. */
  readonly processes: Readonly<Record<string, RunningProcess>>;
  drained(): Promise<void>;
  check(ids: readonly string[]): Promise<void>;
}

/** How lookups are made: one by one and by their claims, unless said. */
export interface Asking {
  readonly byBatches?: boolean;
  readonly asSet?: boolean;
}

/** Puts a load generator in front of a system, in its own process. */
export async function drivenOverHttp(ground: Ground, { url, processes, drained, check }: Served, asking: Asking = {}): Promise<RunningRow> {
  const { byBatches = false, asSet = false } = asking;
  await using opening = createResources();
  for (const running of Object.values(processes).reverse()) opening.use(running);
  const driver = opening.use(
    await startDriver({ kind: byBatches ? 'batches' : 'http', asSet, url, token: await ground.issuer.token() }, ground.lookupFile),
  );
  const pids = Object.entries(processes).map(([name, { pid }]) => [name, [pid]] as const);
  const open = opening.move();
  return {
    driver,
    httpUrl: url,
    processes: { ...Object.fromEntries(pids), 'load generator': [driver.pid] },
    drained,
    check,
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}
