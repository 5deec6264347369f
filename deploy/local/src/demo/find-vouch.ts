import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createResources } from '@vouch/lifecycle';
import { type DemoFile, readDemoFile } from '@vouch/showcase';

const ALL_IN_ONE = fileURLToPath(new URL('../../../../services/all-in-one/dist/main.js', import.meta.url));
const START_WITHIN_MS = 60_000;

/** A Vouch to show. Disposing stops it if the demo started it. */
export interface ShownVouch extends AsyncDisposable {
  readonly demo: DemoFile;
}

/** The Vouch that runs on a data folder, if one does. */
export async function findRunning(dataDir: string): Promise<ShownVouch | undefined> {
  const demo = await readDemoFile(dataDir);
  if (!demo || !(await isReady(demo.httpUrl))) return undefined;
  return { demo, [Symbol.asyncDispose]: async () => undefined };
}

/** A Vouch of the demo's own, on embedded parts, free ports and a folder that goes away with it. */
export async function startOwn(environment: Readonly<Record<string, string>>): Promise<ShownVouch> {
  await using opening = createResources();
  const dataDir = await mkdtemp(join(tmpdir(), 'vouch-demo-'));
  opening.defer(() => rm(dataDir, { recursive: true, force: true }));
  const ports = { VOUCH_HTTP_PORT: '0', VOUCH_GRPC_PORT: '0', VOUCH_ISSUER_PORT: '0', VOUCH_REGISTRY_PORT: '0' };
  const child = spawn(process.execPath, [ALL_IN_ONE], {
    env: { ...environment, ...ports, VOUCH_DATA_DIR: dataDir, VOUCH_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  opening.defer(async () => {
    child.kill('SIGTERM');
    await exit;
  });
  const until = Date.now() + START_WITHIN_MS;
  while (Date.now() < until && child.exitCode === null) {
    const found = await findRunning(dataDir);
    if (found) {
      const resources = opening.move();
      return { demo: found.demo, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Vouch did not become ready');
}

const isReady = (httpUrl: string): Promise<boolean> =>
  fetch(`${httpUrl}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
