import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '@vouch/catalogue';
import { HOW_TO_SIGN_IN, PORTAL_CLIENT, startDevIssuer } from '@vouch/dev-issuer';
import { loadOrCreateKeyFile } from '@vouch/identity';
import { createResources } from '@vouch/lifecycle';
import { AGENCIES, createSupervisor, findFreePort, toServiceProcesses, type Wiring } from '@vouch/local';
import { createPopulation } from '@vouch/population';
import { type DemoFile, welcome } from '@vouch/showcase';
import { eventually } from '../eventually.js';
import { type Probe, probeAudit, probeConsent, probeEdge, probeRegistry } from './probes.js';

/** A Vouch with several instances of each of its own services, each a real process, on parts that are there already. */
export interface Instances extends AsyncDisposable {
  readonly dataDir: string;
  readonly demo: DemoFile;
  /** Base addresses of the lookup's HTTP edges, and `host:port` of its gRPC. */
  readonly edges: readonly string[];
  readonly grpc: readonly string[];
  /** Names of all processes: `lookup-1`, …, `registry-tax`. */
  readonly names: readonly string[];
  /** Asks a process to stop, by SIGTERM; resolves with how it ended once it has and its successor is ready. */
  restart(name: string): Promise<string>;
  /** The end of what the processes printed. */
  log(): Promise<string>;
}

/** Where it runs. */
export interface InstancesOptions {
  readonly databaseUrl: string;
  readonly kafkaBrokers: string;
  /** Instances of each of lookup, consent and audit, and of the police's registry; of the other registries there is one each. */
  readonly count: number;
  /** `VOUCH_NOTICE_MS` of the lookups. */
  readonly noticeMs: number;
}

const READY_WITHIN_MS = 60_000;
const POLICE = 'registry-police';

/** Starts it, and waits until every process does its work. */
export async function startInstances({ databaseUrl, kafkaBrokers, count, noticeMs }: InstancesOptions): Promise<Instances> {
  await using opening = createResources();
  const dataDir = await mkdtemp(join(tmpdir(), 'vouch-instances-'));
  opening.defer(() => rm(dataDir, { recursive: true, force: true }));
  const traces = join(dataDir, 'traces');
  await mkdir(traces);
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
      platforms: catalogue.clients.map(({ id }) => id),
      findPerson: (idNumber) => population.find(idNumber)?.person,
    }),
  );

  const log = await open(join(dataDir, 'output.log'), 'a');
  opening.defer(() => log.close());
  const ends = new Map<string, (reason: string) => void>();
  const supervisor = opening.use(createSupervisor({ onRestart: (name, reason) => ends.get(name)?.(reason), output: log.fd }));
  const mockControlToken = randomBytes(24).toString('base64url');
  const own: Record<string, number>[] = [];
  for (let n = 0; n < count; n += 1) own.push(await pickPorts(['consent', 'redemption', 'audit', 'http', 'grpc']));
  const registries = await pickPorts(AGENCIES.flatMap((agency) => [`registry-${agency}`, `control-${agency}`]));
  for (const ports of own) Object.assign(ports, await pickPorts([POLICE, 'control-police']));
  const all = (kind: string): string => own.map((ports) => local(ports[kind])).join(',');
  const probes = new Map<string, Probe>();

  for (const [index, ports] of own.entries()) {
    const wiring: Wiring = {
      dataDir,
      traces,
      databaseUrl,
      kafkaBrokers,
      issuer: issuer.issuer,
      keyFile,
      mockControlToken,
      httpPort: ports.http ?? 0,
      grpcPort: ports.grpc ?? 0,
      ports: { ...registries, ...ports } as Wiring['ports'],
      inherited: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', VOUCH_REGISTRY_PROFILE: 'instant' },
    };
    for (const service of toServiceProcesses(wiring)) {
      const registry = service.name.startsWith('registry-');
      const several = !registry || service.name === POLICE;
      if (!several && index > 0) continue;
      const name = several ? `${service.name}-${index + 1}` : service.name;
      supervisor.keep({
        ...service,
        name,
        env: {
          ...service.env,
          VOUCH_INSTANCE_ID: name,
          VOUCH_INSTANCES: String(count),
          VOUCH_NOTICE_MS: String(noticeMs),
          VOUCH_CONSENT_ADDRESS: all('consent'),
          VOUCH_REDEMPTION_ADDRESS: all('redemption'),
          VOUCH_AUDIT_ADDRESS: all('audit'),
          VOUCH_PROVIDER_POLICE: all(POLICE),
        },
      });
      if (registry) probes.set(name, probeRegistry(local(wiring.ports[service.name as typeof POLICE])));
      else if (service.name === 'consent') probes.set(name, probeConsent(local(ports.redemption)));
      else if (service.name === 'audit') probes.set(name, probeAudit(local(ports.audit)));
      else probes.set(name, probeEdge(`http://${local(ports.http)}`));
    }
  }
  const ready = (name: string) => eventually(`${name} is ready`, async () => probes.get(name)?.(), READY_WITHIN_MS);
  for (const name of probes.keys()) await ready(name);

  const addresses = (kind: string) => Object.fromEntries(AGENCIES.map((agency) => [agency, local(registries[`${kind}-${agency}`])]));
  const edges = own.map(({ http }) => `http://${local(http)}`);
  const demo = await welcome({
    mode: 'distributed',
    dataDir,
    httpUrl: edges[0] ?? '',
    lookupGrpcAddress: local(own[0]?.grpc),
    registries: addresses('registry'),
    registryControls: addresses('control'),
    mockControlToken,
    tokenEndpoint: issuer.tokenEndpoint,
    secretOf: issuer.secretOf,
    portal: { clientId: PORTAL_CLIENT, how: HOW_TO_SIGN_IN },
    population,
    traces,
    notes: [],
    print: () => undefined,
  });
  const running = opening.move();
  return {
    dataDir,
    demo,
    edges,
    grpc: own.map(({ grpc }) => local(grpc)),
    names: [...probes.keys()],
    async restart(name) {
      const ended = new Promise<string>((resolve) => ends.set(name, resolve));
      if (!supervisor.signal(name, 'SIGTERM')) throw new Error(`${name} does not run`);
      const how = await ended;
      await ready(name);
      return how;
    },
    log: async () => (await readFile(join(dataDir, 'output.log'), 'utf8')).slice(-8_000),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

const local = (port: number | undefined): string => `127.0.0.1:${port ?? 0}`;

async function pickPorts(names: readonly string[]): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of names) ports[name] = await findFreePort();
  return ports;
}
