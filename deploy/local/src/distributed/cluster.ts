import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCatalogue } from '@vouch/catalogue';
import { HOW_TO_SIGN_IN, PORTAL_CLIENT, startDevIssuer } from '@vouch/dev-issuer';
import { loadOrCreateKeyFile } from '@vouch/identity';
import { createResources } from '@vouch/lifecycle';
import { createPopulation } from '@vouch/population';
import { welcome } from '@vouch/showcase';
import { findFreePort } from '../free-port.js';
import { startKafka } from '../kafka.js';
import { startPostgres } from '../postgres.js';
import type { DistributedConfig } from './config.js';
import { AGENCIES, toServiceProcesses, type Wiring } from './services.js';
import { createSupervisor } from './supervisor.js';

const READY_WITHIN_MS = 60_000;

/** Starts each service in a process of its own, on a real Kafka and a real PostgreSQL, and waits until all of it is ready. */
export async function startCluster(
  config: DistributedConfig,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  await using opening = createResources();
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await rm(join(dataDir, 'demo.json'), { force: true });

  const kafkaBrokers = config.kafkaBrokers ?? opening.use(await startKafka({ dataDir: join(dataDir, 'kafka'), log: print })).brokers;
  const databaseUrl = config.databaseUrl ?? opening.use(await startPostgres({ dataDir: join(dataDir, 'postgres'), log: print })).url;

  const keyFile = join(dataDir, 'keys.json');
  await loadOrCreateKeyFile(keyFile);
  const population = createPopulation();
  const catalogue = await loadCatalogue({});
  const issuer = opening.use(
    await startDevIssuer({
      host: '127.0.0.1',
      port: config.issuerPort,
      secretsFile: join(dataDir, 'issuer.json'),
      audience: 'vouch',
      platforms: catalogue.clients.map((client) => client.id),
      findPerson: (idNumber) => population.find(idNumber)?.person,
    }),
  );

  const mockControlToken = randomBytes(24).toString('base64url');
  const httpPort = config.httpPort || (await findFreePort());
  const grpcPort = config.grpcPort || (await findFreePort());
  const wiring: Wiring = {
    dataDir,
    traces: join(dataDir, 'traces'),
    databaseUrl,
    kafkaBrokers,
    issuer: issuer.issuer,
    keyFile,
    mockControlToken,
    httpPort,
    grpcPort,
    ports: await pickPorts(),
    inherited: config.inherited,
  };
  const supervisor = opening.use(createSupervisor({ onRestart: (name, reason) => print(`${name} ended (${reason}); starting it again`) }));
  print('Starting a process for each service …');
  for (const service of toServiceProcesses(wiring)) supervisor.keep(service);

  const httpUrl = `http://127.0.0.1:${httpPort}`;
  await untilReady(httpUrl, signal);
  const byAgency = (kind: 'registry' | 'control') =>
    Object.fromEntries(AGENCIES.map((agency) => [agency, `127.0.0.1:${wiring.ports[`${kind}-${agency}`]}`]));
  await welcome({
    mode: 'distributed',
    dataDir,
    httpUrl,
    lookupGrpcAddress: `127.0.0.1:${grpcPort}`,
    registries: byAgency('registry'),
    registryControls: byAgency('control'),
    mockControlToken,
    tokenEndpoint: issuer.tokenEndpoint,
    secretOf: issuer.secretOf,
    portal: { clientId: PORTAL_CLIENT, how: HOW_TO_SIGN_IN },
    population,
    traces: wiring.traces,
    notes: [`A process per service; PostgreSQL and Kafka (${kafkaBrokers}) are real`],
    print,
  });
  return opening.move();
}

async function pickPorts(): Promise<Wiring['ports']> {
  const names = ['consent', 'redemption', 'audit', ...AGENCIES.flatMap((agency) => [`registry-${agency}`, `control-${agency}`])];
  const taken = new Set<number>();
  const ports: Record<string, number> = {};
  for (const name of names) {
    let port = await findFreePort();
    while (taken.has(port)) port = await findFreePort();
    taken.add(port);
    ports[name] = port;
  }
  return ports as Wiring['ports'];
}

/** Waits until the edge says that all its parts are ready; says which is not when time is over. */
async function untilReady(httpUrl: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  let last = 'nothing listens yet';
  while (Date.now() < until) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(`${httpUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      if (answer.ok) return;
      last = await answer.text();
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Vouch did not become ready: ${last}`);
}
