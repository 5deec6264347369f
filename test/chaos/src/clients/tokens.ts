import { setTimeout as delay } from 'node:timers/promises';
import type { Credentials, Subject } from '@vouch/client';
import type { DemoFile } from '@vouch/showcase';

/** Tokens, kept while they are good. The issuer is none of what is broken. */
export interface Tokens {
  platform(credentials: Credentials): Promise<string>;
  person(person: Subject): Promise<string>;
}

const MARGIN_MS = 60_000;
const MOST_TRIES = 5;

/** Tokens of the development issuer. */
export function createTokens(demo: DemoFile): Tokens {
  const kept = new Map<string, { token: Promise<string>; until: number }>();
  async function fetchToken(client: Credentials, form: Record<string, string>): Promise<string> {
    const authorization = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await fetch(demo.tokenEndpoint, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) });
        return ((await response.json()) as { access_token: string }).access_token;
      } catch (failure) {
        if (attempt === MOST_TRIES) throw failure;
        await delay(100 * attempt);
      }
    }
  }
  function get(name: string, client: Credentials, form: Record<string, string>): Promise<string> {
    const known = kept.get(name);
    if (known && known.until > Date.now()) return known.token;
    const token = fetchToken(client, form);
    token.catch(() => kept.delete(name));
    kept.set(name, { token, until: Date.now() + 3_600_000 - MARGIN_MS });
    return token;
  }
  return {
    platform: (credentials) => get(credentials.clientId, credentials, { grant_type: 'client_credentials' }),
    person: ({ idNumber, name }) =>
      get(`person ${idNumber}`, demo.guardian, { grant_type: 'password', username: idNumber, password: name }),
  };
}
