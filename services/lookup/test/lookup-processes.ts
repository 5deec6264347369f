import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '@vouch/catalogue';
import { startDevIssuer } from '@vouch/dev-issuer';
import { createResources } from '@vouch/lifecycle';
import { freshDatabase } from '@vouch/local';
import { AuditServiceService } from '@vouch/proto/audit/v1/audit';
import { ConsentServiceService, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { served, startGrpcServer } from '@vouch/rpc';
import { openPostgres, type Store } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { type ScriptedProvider, startProvider } from './agencies.js';
import { type CallAnswer, type CallOptions, OTHER_PLATFORM, PLATFORM } from './lookup-under-test.js';
import { createScriptedPorts, type ScriptedPorts } from './scripted-ports.js';

/** One real process of the lookup service. */
export interface LookupProcess {
  readonly url: string;
  call(path: string, options?: CallOptions): Promise<CallAnswer>;
  platformToken(): Promise<string>;
  /** SIGHUP: it reads again what may change while it runs. */
  hangUp(): void;
  /** The most memory that it ever had, bytes; of Linux only. */
  peakBytes(): Promise<number>;
  /** `kill -9`; resolves when it is dead. */
  kill(): Promise<void>;
}

/** What lookup processes share; it outlives them. */
export interface LookupProcesses extends AsyncDisposable {
  readonly police: ScriptedProvider;
  readonly ports: ScriptedPorts;
  readonly store: Store<LookupTables>;
  /** Starts one more; `env` goes before what they share. */
  start(env?: Readonly<Record<string, string>>): Promise<LookupProcess>;
}

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A database, registries, the other services and an issuer for lookup processes to be started on. */
export async function startLookupProcesses(databaseServerUrl: string, kafkaBrokers: string): Promise<LookupProcesses> {
  await using resources = createResources();
  const folder = await mkdtemp(join(tmpdir(), 'lookups-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const fresh = resources.use(await freshDatabase(databaseServerUrl, 'lookups'));
  const police = resources.use(await startProvider('police', await loadCatalogue()));
  const ports = createScriptedPorts();
  const others = resources.use(
    await startGrpcServer({
      address: '127.0.0.1:0',
      tracer: silentTracer,
      logger: silentLogger,
      drainMs: 100,
      services: [
        served(ConsentServiceService, ports.consent),
        served(RedemptionServiceService, ports.redemption),
        served(AuditServiceService, ports.audit),
      ],
    }),
  );
  const issuer = resources.use(
    await startDevIssuer({
      host: '127.0.0.1',
      port: 0,
      secretsFile: join(folder, 'issuer.json'),
      audience: 'vouch',
      platforms: [PLATFORM, OTHER_PLATFORM],
      findPerson: () => undefined,
    }),
  );
  const platformToken = async (): Promise<string> => {
    const answer = await fetch(issuer.tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${PLATFORM}:${issuer.secretOf(PLATFORM)}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const database = resources.use(await openPostgres({ url: fresh.url, maxConnections: 2, logger: silentLogger }));
  const env = {
    DATABASE_URL: fresh.url,
    KAFKA_BROKERS: kafkaBrokers,
    VOUCH_HTTP_PORT: '0',
    VOUCH_GRPC_PORT: '0',
    VOUCH_ISSUER: issuer.issuer,
    VOUCH_KEY_FILE: join(folder, 'keys.json'),
    VOUCH_CONSENT_ADDRESS: others.address,
    VOUCH_REDEMPTION_ADDRESS: others.address,
    VOUCH_AUDIT_ADDRESS: others.address,
    VOUCH_PROVIDER_POLICE: police.address,
  };
  const started: ChildProcess[] = [];
  // Before the database goes.
  resources.defer(() => Promise.all(started.map(killed)));

  const owned = resources.move();
  return {
    police,
    ports,
    store: await database.store<LookupTables>('lookup', migrations),
    async start(own = {}) {
      const child = spawn(process.execPath, [MAIN], { env: { ...env, ...own }, stdio: ['ignore', 'pipe', 'inherit'] });
      started.push(child);
      const url = await addressOf(child);
      const token = await platformToken();
      return {
        url,
        platformToken: async () => token,
        hangUp: () => void child.kill('SIGHUP'),
        peakBytes: async () => Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
        kill: () => killed(child),
        async call(path, { method = 'GET', headers, body } = {}) {
          const answer = await fetch(`${url}${path}`, {
            method,
            headers: {
              authorization: `Bearer ${token}`,
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              ...headers,
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          });
          const text = await answer.text();
          const isJson = /^application\/(?:problem\+)?json/.test(answer.headers.get('content-type') ?? '');
          return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
        },
      };
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the lookup process has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const httpUrl = /"httpUrl":"([^"]+)"/.exec(line)?.[1];
    if (!httpUrl) continue;
    child.stdout.resume();
    return httpUrl;
  }
  throw new Error('the lookup process ended before it answered');
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
