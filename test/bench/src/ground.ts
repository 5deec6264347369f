import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '@vouch/client';
import { PORTAL_CLIENT, startDevIssuer } from '@vouch/dev-issuer';
import { type Keyring, loadOrCreateKeyFile } from '@vouch/identity';
import { createResources } from '@vouch/lifecycle';
import { freshDatabase } from '@vouch/local';
import { createPopulation } from '@vouch/population';
import { makeCatalogue, PLATFORM } from './parts/catalogue.js';
import { startCollector } from './parts/collector.js';
import { startRealParts } from './parts/real-parts.js';
import { startRegistries } from './parts/registries.js';
import { openTopics } from './parts/topic-reader.js';
import type { Ground } from './rows/row.js';

/** Everything that rows share, running. */
export interface LaidGround extends AsyncDisposable {
  readonly ground: Ground;
  readonly keyring: Keyring;
  readonly tokenEndpoint: string;
  readonly platform: Credentials;
  readonly portal: Credentials;
}

const AUDIENCE = 'vouch';

/** What to lay. */
export interface GroundOptions {
  /** Of the run; it must exist. */
  readonly folder: string;
  readonly profileDir: string | undefined;
  /** Families that the registries know; as many as usual unless said. */
  readonly families?: number;
  readonly log: (line: string) => void;
}

/** Starts everything that rows share. */
export async function layGround({ folder, profileDir, families, log }: GroundOptions): Promise<LaidGround> {
  await using opening = createResources();
  const parts = opening.use(await startRealParts(folder, log));
  const topics = opening.use(await openTopics(parts.kafkaBrokers));
  const vouch = opening.use(await freshDatabase(parts.databaseUrl, 'bench_vouch'));
  const naive = opening.use(await freshDatabase(parts.databaseUrl, 'bench_naive'));
  const collector = opening.use(await startCollector(folder));
  log('Starting the registries …');
  const registries = opening.use(await startRegistries(folder, collector.url, families));
  const population = createPopulation(families === undefined ? {} : { families });
  const issuer = opening.use(
    await startDevIssuer({
      host: '127.0.0.1',
      port: 0,
      secretsFile: join(folder, 'issuer.json'),
      audience: AUDIENCE,
      platforms: [PLATFORM],
      findPerson: (idNumber) => population.find(idNumber)?.person,
    }),
  );
  await mkdir(join(folder, 'vouch'), { recursive: true });
  const keyFile = join(folder, 'keys.json');
  const keyring = await loadOrCreateKeyFile(keyFile);
  const credentials = (clientId: string): Credentials => ({ clientId, clientSecret: issuer.secretOf(clientId) });
  const platform = credentials(PLATFORM);
  const ground: Ground = {
    folder,
    lookupFile: join(folder, 'lookups.jsonl'),
    catalogueDir: await makeCatalogue(folder),
    keyFile,
    parts,
    topics,
    registries,
    collector,
    issuer: { url: issuer.issuer, token: () => fetchToken(issuer.tokenEndpoint, platform) },
    databases: { vouch: vouch.url, naive: naive.url },
    profileDir,
    log,
  };
  const open = opening.move();
  return {
    ground,
    keyring,
    tokenEndpoint: issuer.tokenEndpoint,
    platform,
    portal: credentials(PORTAL_CLIENT),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

async function fetchToken(endpoint: string, { clientId, clientSecret }: Credentials): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`The issuer gave no token (status ${response.status})`);
  return token;
}
