import { createTokenSource, ProblemError, type TokenSource } from '@vouch/client';
import { readDemoFile } from '@vouch/showcase';
import { SettingsError } from './failure.js';

/** Which Vouch is called, and as whom. */
export interface Settings {
  readonly url: string;
  readonly token: TokenSource;
}

/** Settings that may be given on the command line. Secrets may not: others on the machine can read it. */
export interface GivenSettings {
  readonly url?: string;
  readonly clientId?: string;
  readonly issuer?: string;
  readonly tokenEndpoint?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';

/**
 * Reads the settings: those given, then the environment's, then those of a development Vouch that runs here. Throws SettingsError with
 * what is missing.
 */
export async function readSettings(given: GivenSettings, env: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const url = readUrl('VOUCH_URL', given.url ?? env.VOUCH_URL);
  const token = env.VOUCH_TOKEN;
  if (token) return { url: url ?? DEFAULT_URL, token: async () => token };
  const clientId = given.clientId ?? env.VOUCH_CLIENT_ID;
  if (!clientId) return readDevelopment(env.VOUCH_DATA_DIR || '.vouch', url);
  const clientSecret = env.VOUCH_CLIENT_SECRET;
  if (!clientSecret) throw new SettingsError('VOUCH_CLIENT_SECRET is missing');
  const endpoint =
    readUrl('VOUCH_TOKEN_ENDPOINT', given.tokenEndpoint ?? env.VOUCH_TOKEN_ENDPOINT) ??
    (await discover(readUrl('VOUCH_ISSUER', given.issuer ?? env.VOUCH_ISSUER)));
  return { url: url ?? DEFAULT_URL, token: createTokenSource(endpoint, { clientId, clientSecret }, { grant_type: 'client_credentials' }) };
}

function readUrl(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new SettingsError(`${name} must be an http or https address`);
}

async function readDevelopment(dataDir: string, url: string | undefined): Promise<Settings> {
  const demo = await readDemoFile(dataDir);
  if (!demo) {
    throw new SettingsError(
      'Who are you? Set VOUCH_TOKEN, or VOUCH_CLIENT_ID, VOUCH_CLIENT_SECRET and VOUCH_TOKEN_ENDPOINT (or VOUCH_ISSUER); or start a development Vouch here: npm start',
    );
  }
  return { url: url ?? demo.httpUrl, token: createTokenSource(demo.tokenEndpoint, demo.platform, { grant_type: 'client_credentials' }) };
}

async function discover(issuer: string | undefined): Promise<string> {
  if (issuer === undefined) throw new SettingsError('VOUCH_TOKEN_ENDPOINT or VOUCH_ISSUER is missing');
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { token_endpoint: endpoint } = ((await answer.json().catch(() => ({}))) ?? {}) as { token_endpoint?: unknown };
  if (typeof endpoint !== 'string')
    throw new ProblemError({ status: answer.status, code: 'issuer_unreadable', title: 'The issuer names no token endpoint' });
  return endpoint;
}
