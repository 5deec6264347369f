import { randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCatalogue } from '@vouch/catalogue';
import { HOW_TO_SIGN_IN, PORTAL_CLIENT, startDevIssuer } from '@vouch/dev-issuer';
import { loadOrCreateKeyFile } from '@vouch/identity';
import { createResources } from '@vouch/lifecycle';
import {
  AGENCIES,
  createSupervisor,
  findFreePort,
  type LocalKafka,
  type LocalPostgres,
  type ServiceProcess,
  type Supervisor,
  startKafka,
  startPostgres,
  toServiceProcesses,
  type Wiring,
} from '@vouch/local';
import { createPopulation } from '@vouch/population';
import { LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { dial, type Port } from '@vouch/rpc';
import { type DemoFile, welcome } from '@vouch/showcase';
import { silentTracer } from '@vouch/telemetry';
import { type Link, openLink } from './proxy.js';

/** One edge of Vouch, as clients reach it. */
export interface Edge {
  readonly name: string;
  /** Through a proxy. */
  readonly httpUrl: string;
  /** Of an edge whose clients speak gRPC where they can; through a proxy, too. */
  readonly grpc?: Port<LookupServiceService>;
}

/** A whole Vouch of real processes with a proxy in every connection. */
export interface System extends AsyncDisposable {
  readonly dataDir: string;
  readonly demo: DemoFile;
  readonly edges: readonly Edge[];
  readonly links: readonly Link[];
  readonly supervisor: Supervisor;
  readonly kafka: LocalKafka;
  readonly postgres: LocalPostgres;
  /** File that a service's clock is moved by. */
  clockFile(process: string): string;
  /** Resolves when every edge says that all its parts are ready. */
  ready(withinMs: number): Promise<void>;
}

/** How large it is. */
export interface SystemOptions {
  /** Folder of everything it writes. */
  readonly dataDir: string;
  /** How many of each of lookup, consent and audit. */
  readonly instances: number;
  readonly print: (line: string) => void;
}

const READY_WITHIN_MS = 90_000;
// Clients over gRPC keep one connection, and notice before their calls' time is over that it leads nowhere.
const KEEPALIVE_MS = 2_000;

/** Starts it, and waits until it is ready. */
export async function startSystem({ dataDir, instances, print }: SystemOptions): Promise<System> {
  await using opening = createResources();
  await mkdir(join(dataDir, 'clocks'), { recursive: true, mode: 0o700 });
  const links: Link[] = [];
  const link = async (name: string, target: () => number): Promise<number> => {
    const opened = opening.use(await openLink(name, target));
    links.push(opened);
    return opened.port;
  };
  const numbers = Array.from({ length: instances }, (_, index) => index + 1);
  const hubs = numbers.flatMap((n) => [`audit-${n}`, `consent-${n}`, `lookup-${n}`]);

  // A broker tells its clients where to find it, so each service has a listener of its own that names its proxy.
  const brokerPorts = new Map<string, number>();
  const kafkaLinks = new Map<string, number>();
  const listeners = [];
  for (const hub of hubs) {
    const port = await findFreePort();
    const advertisedPort = await link(`${hub}->kafka`, () => port);
    brokerPorts.set(hub, port);
    kafkaLinks.set(hub, advertisedPort);
    listeners.push({ port, advertisedPort });
  }
  const kafka = opening.use(await startKafka({ dataDir: join(dataDir, 'kafka'), listeners, log: print }));
  const postgres = opening.use(await startPostgres({ log: print }));

  const keyFile = join(dataDir, 'keys.json');
  await loadOrCreateKeyFile(keyFile);
  const population = createPopulation();
  const catalogue = await loadCatalogue({});
  const issuer = opening.use(
    await startDevIssuer({
      host: '127.0.0.1',
      port: 0,
      secretsFile: join(dataDir, 'issuer.json'),
      audience: 'vouch',
      platforms: catalogue.clients.map((client) => client.id),
      findPerson: (idNumber) => population.find(idNumber)?.person,
    }),
  );

  const log = await open(join(dataDir, 'output.log'), 'a', 0o600);
  opening.defer(() => log.close());
  const supervisor = opening.use(createSupervisor({ onRestart: () => undefined, output: log.fd }));
  const clockFile = (process: string) => join(dataDir, 'clocks', process);
  const keep = (service: ServiceProcess, env: Readonly<Record<string, string>>) =>
    supervisor.keep({
      ...service,
      env: {
        ...service.env,
        ...env,
        NODE_OPTIONS: `--import=${new URL('../../dist/system/stepped-clock.js', import.meta.url).href}`,
        CHAOS_CLOCK_FILE: clockFile(service.name),
      },
    });

  const mockControlToken = randomBytes(24).toString('base64url');
  const registryPorts = await pickPorts(AGENCIES.flatMap((agency) => [`registry-${agency}`, `control-${agency}`]));
  const edges: Edge[] = [];
  const direct: string[] = [];
  const databaseUrlFor = async (hub: string): Promise<string> => {
    const url = new URL(postgres.url);
    const port = Number(url.port);
    url.port = String(await link(`${hub}->postgres`, () => port));
    return url.href;
  };
  const registriesFor = async (hub: string, agencies: readonly string[]): Promise<Record<string, string>> => {
    const env: Record<string, string> = {};
    for (const agency of agencies) {
      const port = registryPorts[`registry-${agency}`] ?? 0;
      env[`VOUCH_PROVIDER_${agency.toUpperCase().replaceAll('-', '_')}`] = local(await link(`${hub}->registry-${agency}`, () => port));
    }
    return env;
  };

  const ports = new Map<number, Readonly<Record<string, number>>>();
  for (const n of numbers) ports.set(n, await pickPorts(['consent', 'redemption', 'audit', 'http', 'grpc']));
  /** Every instance of a service, each through a proxy. */
  const instancesFor = async (hub: string, service: 'consent' | 'redemption' | 'audit'): Promise<string> => {
    const addresses = [];
    for (const [n, { [service]: port = 0 }] of ports) addresses.push(local(await link(`${hub}->${service}-${n}`, () => port)));
    return addresses.join(',');
  };

  for (const [n, own] of ports) {
    const wiring: Wiring = {
      dataDir,
      traces: join(dataDir, 'traces'),
      databaseUrl: postgres.url,
      kafkaBrokers: kafka.brokers,
      issuer: issuer.issuer,
      keyFile,
      mockControlToken,
      httpPort: own.http ?? 0,
      grpcPort: own.grpc ?? 0,
      ports: { ...registryPorts, ...own } as Wiring['ports'],
      inherited: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        VOUCH_REGISTRY_PROFILE: 'instant',
        VOUCH_LOG_PRETTY: 'false',
        VOUCH_PERSON_REQUESTS_PER_SECOND: '1000',
        VOUCH_GUARDIANSHIP_ATTEMPTS_PER_HOUR: '1000',
      },
    };
    for (const service of toServiceProcesses(wiring)) {
      if (service.name.startsWith('registry-')) {
        if (n === 1) keep(service, {});
        continue;
      }
      const name = `${service.name}-${n}`;
      const parts = { DATABASE_URL: await databaseUrlFor(name), KAFKA_BROKERS: local(kafkaLinks.get(name) ?? 0) };
      if (service.name === 'audit') keep({ ...service, name }, parts);
      if (service.name === 'consent') keep({ ...service, name }, { ...parts, ...(await registriesFor(name, ['police'])) });
      if (service.name !== 'lookup') continue;
      const issuerUrl = new URL(issuer.issuer);
      const issuerPort = await link(`${name}->issuer`, () => Number(issuerUrl.port));
      keep(
        { ...service, name },
        {
          ...parts,
          ...(await registriesFor(name, AGENCIES)),
          VOUCH_JWKS_URI: `http://${local(issuerPort)}/jwks`,
          VOUCH_USERINFO_URI: `http://${local(issuerPort)}/userinfo`,
          VOUCH_CONSENT_ADDRESS: await instancesFor(name, 'consent'),
          VOUCH_REDEMPTION_ADDRESS: await instancesFor(name, 'redemption'),
          VOUCH_AUDIT_ADDRESS: await instancesFor(name, 'audit'),
        },
      );
      const httpUrl = `http://${local(await link(`clients->${name}`, () => own.http ?? 0))}`;
      const address = local(await link(`grpc-clients->${name}`, () => own.grpc ?? 0));
      const grpc = opening.use(dial(LookupServiceService, { address, tracer: silentTracer, keepaliveMs: KEEPALIVE_MS }));
      edges.push({ name, httpUrl }, { name: `${name} by gRPC`, httpUrl, grpc });
      direct.push(`http://${local(own.http ?? 0)}`);
    }
  }

  const ready = async (withinMs: number) => {
    for (const url of direct) await untilReady(url, withinMs);
  };
  await ready(READY_WITHIN_MS);
  const addresses = (kind: 'registry' | 'control') =>
    Object.fromEntries(AGENCIES.map((agency) => [agency, local(registryPorts[`${kind}-${agency}`] ?? 0)]));
  const demo = await welcome({
    mode: 'distributed',
    dataDir,
    httpUrl: edges[0]?.httpUrl ?? '',
    lookupGrpcAddress: '',
    registries: addresses('registry'),
    registryControls: addresses('control'),
    mockControlToken,
    tokenEndpoint: issuer.tokenEndpoint,
    secretOf: issuer.secretOf,
    portal: { clientId: PORTAL_CLIENT, how: HOW_TO_SIGN_IN },
    population,
    traces: join(dataDir, 'traces'),
    notes: [],
    print: () => undefined,
  });
  const running = opening.move();
  return {
    dataDir,
    demo,
    edges,
    links,
    supervisor,
    kafka,
    postgres,
    clockFile,
    ready,
    async [Symbol.asyncDispose]() {
      // First the services, so that they can say good-bye to what they are connected to.
      await supervisor[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
    },
  };
}

const local = (port: number): string => `127.0.0.1:${port}`;

async function pickPorts(names: readonly string[]): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of names) {
    let port = await findFreePort();
    while (Object.values(ports).includes(port)) port = await findFreePort();
    ports[name] = port;
  }
  return ports;
}

async function untilReady(httpUrl: string, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  let last = 'nothing listens';
  while (performance.now() < until) {
    try {
      const answer = await fetch(`${httpUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      if (answer.ok) return;
      last = await answer.text();
    } catch {
      // Not listening, or too slow to say.
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`An edge is not ready: ${last}`);
}
