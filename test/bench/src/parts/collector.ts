import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@vouch/local';
import { answers, startProcess } from '../processes/start-process.js';

/** A collector that counts spans. */
export interface Collector extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  spans(): Promise<number>;
}

/** Starts the collector in its own process. */
export async function startCollector(folder: string): Promise<Collector> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const running = await startProcess({
    name: 'collector',
    script: fileURLToPath(new URL('collector-main.js', import.meta.url)),
    env: { BENCH_PORT: String(port) },
    log: join(folder, 'collector.log'),
    ready: () => answers(url),
  });
  return {
    url,
    pid: running.pid,
    spans: async () => Number(await (await fetch(url)).text()),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
