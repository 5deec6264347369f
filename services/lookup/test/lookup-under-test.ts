import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalogue, loadCatalogue } from '@vouch/catalogue';
import { type DevIssuer, PORTAL_CLIENT, startDevIssuer } from '@vouch/dev-issuer';
import { createEmbeddedBus, type EventBus } from '@vouch/events';
import { generateKeyring, type Keyring, readKeyring } from '@vouch/identity';
import { createResources } from '@vouch/lifecycle';
import { type Database, openEmbedded } from '@vouch/store';
import { silentLogger, silentTracer, type Telemetry } from '@vouch/telemetry';
import type { LookupConfig } from '../src/config.js';
import { type RunningLookup, startLookup } from '../src/service.js';
import { type ScriptedProvider, startProvider } from './agencies.js';
import { CHILD, GUARDIAN, STRANGER } from './example-people.js';
import { EXAMPLE_SET_FILE } from './example-set.js';
import { createScriptedPorts, type ScriptedPorts } from './scripted-ports.js';

const AGENCIES = ['police', 'housing', 'tax', 'social-security'] as const;
type Agency = (typeof AGENCIES)[number];

/** Platforms of the catalogue that comes with Vouch. */
export const PLATFORM = 'jinan-enrolment';
export const OTHER_PLATFORM = 'qingdao-enrolment';
export const SMALL_PLATFORM = 'lixia-school';

/** A lookup service on a real store, a real event log, a real issuer and real gRPC providers. */
export interface LookupUnderTest extends AsyncDisposable {
  readonly url: string;
  readonly grpcAddress: string;
  readonly running: RunningLookup;
  readonly ports: ScriptedPorts;
  readonly providers: Readonly<Record<Agency, ScriptedProvider>>;
  readonly database: Database;
  readonly bus: EventBus;
  readonly catalogue: Catalogue;
  readonly keyring: Keyring;
  readonly issuer: DevIssuer;
  platformToken(clientId?: string, scope?: string): Promise<string>;
  personToken(person?: { idNumber: string; name: string }): Promise<string>;
  /** A call with a token, and its answer with the body parsed. `path` may be the whole address of another instance. */
  call(path: string, options?: CallOptions): Promise<CallAnswer>;
  /** Stops the service and starts it again on the same store. */
  restart(config?: Partial<LookupConfig>): Promise<void>;
  /** A second instance on the same store, log and ports, until it is disposed. */
  another(config?: Partial<LookupConfig>): Promise<RunningLookup>;
}

export interface CallOptions {
  readonly method?: string;
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CallAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field in assertions.
  readonly body: any;
  readonly headers: Headers;
}

/** Opens another store than the embedded one. */
export type OpenDatabase = () => Promise<Database>;

/** Starts one. `openDatabase`: a real PostgreSQL in place of the embedded store. */
export async function startLookupUnderTest(
  options: { readonly config?: Partial<LookupConfig>; readonly openDatabase?: OpenDatabase } = {},
): Promise<LookupUnderTest> {
  await using resources = createResources();
  const folder = await mkdtemp(join(tmpdir(), 'lookup-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const dir = join(folder, 'catalogue');
  await cp(new URL('../../../libs/catalogue/data', import.meta.url), dir, { recursive: true });
  await writeFile(join(dir, 'requirement-sets', 'example.yaml'), EXAMPLE_SET_FILE);
  const probe = await loadCatalogue({ dir });
  const started = await Promise.all(AGENCIES.map(async (agency) => [agency, resources.use(await startProvider(agency, probe))] as const));
  const providers = Object.fromEntries(started) as Record<Agency, ScriptedProvider>;
  const providerAddresses = Object.fromEntries(started.map(([agency, { address }]) => [agency, address]));
  const catalogue = await loadCatalogue({ dir, providerAddresses });
  const issuer = resources.use(
    await startDevIssuer({
      host: '127.0.0.1',
      port: 0,
      secretsFile: join(folder, 'issuer.json'),
      audience: 'vouch',
      platforms: [PLATFORM, OTHER_PLATFORM, SMALL_PLATFORM, 'shandong-education-office', 'nobody-knows-me'],
      findPerson: (idNumber) => [CHILD, GUARDIAN, STRANGER].find((one) => one.idNumber === idNumber),
    }),
  );
  const open = options.openDatabase ?? (() => openEmbedded({ dataDir: join(folder, 'store'), logger: silentLogger }));
  const database = resources.use(await open());
  const bus = resources.use(createEmbeddedBus({ database, tracer: silentTracer, logger: silentLogger }));
  const keyring = readKeyring(generateKeyring());
  const ports = createScriptedPorts();
  const telemetry: Telemetry = {
    tracer: () => silentTracer,
    logger: silentLogger,
    flush: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const config: LookupConfig = {
    listen: { http: '127.0.0.1:0', grpc: '127.0.0.1:0' },
    issuer: { url: issuer.issuer },
    catalogueDir: dir,
    providerAddresses,
    retryEveryMs: 50,
    eraseEveryMs: 50,
    telemetry: { serviceName: 'lookup', logLevel: 'silent', prettyLogs: false },
    ...options.config,
  };
  const start = (changed: Partial<LookupConfig> = {}) =>
    startLookup({ ...config, ...changed }, { database, bus, keyring, telemetry, ports });
  let running = await start();
  resources.defer(() => running[Symbol.asyncDispose]());

  const tokens = new Map<string, string>();
  async function tokenOf(clientId: string, form: Record<string, string>): Promise<string> {
    const key = JSON.stringify([clientId, form]);
    const known = tokens.get(key);
    if (known) return known;
    const answer = await fetch(issuer.tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${issuer.secretOf(clientId)}`).toString('base64')}` },
      body: new URLSearchParams(form),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    tokens.set(key, token);
    return token;
  }
  const platformToken = (clientId = PLATFORM, scope?: string) =>
    tokenOf(clientId, { grant_type: 'client_credentials', ...(scope ? { scope } : {}) });

  const owned = resources.move();
  return {
    get url() {
      return running.httpUrl;
    },
    get grpcAddress() {
      return running.grpcAddress;
    },
    get running() {
      return running;
    },
    ports,
    providers,
    database,
    bus,
    catalogue,
    keyring,
    issuer,
    platformToken,
    personToken: ({ idNumber, name } = GUARDIAN) => tokenOf(PORTAL_CLIENT, { grant_type: 'password', username: idNumber, password: name }),
    async call(path, { method = 'GET', token, body, headers } = {}) {
      const bearer = token === null ? undefined : (token ?? (await platformToken()));
      const answer = await fetch(new URL(path, running.httpUrl), {
        method,
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = /^application\/(?:problem\+)?json/.test(answer.headers.get('content-type') ?? '');
      return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
    },
    async restart(changed) {
      await running[Symbol.asyncDispose]();
      running = await start(changed);
    },
    another: start,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** Waits until something is so; it looks again until the test's own time is over. */
export async function eventually<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A consent id that the scripted ports take for granted. */
export const CONSENT_ID = '0193f4a0-0000-7000-8000-000000000001';

/** A lookup with explicit claims at two agencies. */
export const lookupBody = (overrides: Record<string, unknown> = {}) => ({
  purpose: 'school-enrolment',
  region: '370102',
  claims: [
    { type: 'police.guardian-of', subject: 'child', with: { guardian: 'guardian' }, parameters: {} },
    { type: 'housing.owns-home', subject: 'guardian', parameters: { region: '370102', minimumShare: 50 } },
  ],
  subjects: { child: CHILD, guardian: GUARDIAN },
  legalBasis: { type: 'consent', consentId: CONSENT_ID },
  timeBudgetMs: 1_500,
  ...overrides,
});
