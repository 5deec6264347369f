import { createHash } from 'node:crypto';
import { RetryableError, TerminalError } from '@vouch/errors';
import { type Keyring, readIdNumber } from '@vouch/identity';
import type { Viewer } from '@vouch/proto/consent/v1/consent';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Caller } from './authenticate.js';
import { boundedFetch } from './bounded-fetch.js';
import type { Issuer } from './issuer.js';

/** Finds out which person a token is of. */
export interface Viewers {
  /**
   * The signed-in person as pseudonyms. The ID number comes from the issuer's UserInfo and is dropped at once.
   * Throws `unauthenticated` when the issuer does not know the token, `unavailable` when it cannot be asked.
   */
  viewerOf(caller: Caller): Promise<Viewer>;
}

const TIMEOUT_MS = 3_000;
const KEPT_MS = 10_000;
const MOST_KEPT = 1_000;
const userInfoSchema = z.object({ sub: z.string(), id_number: z.string() });

/** Viewers by the issuer's UserInfo (OpenID Connect Core §5.3), pseudonyms kept for seconds by the token's hash. */
export function createViewers(options: { readonly issuer: Issuer; readonly keyring: Keyring }): Viewers {
  const { issuer, keyring } = options;
  const kept = new LRUCache<string, Viewer>({ max: MOST_KEPT, ttl: KEPT_MS });

  async function ask(caller: Caller): Promise<Viewer> {
    const { userInfoUri } = await issuer.endpoints();
    const answer = await fetchUserInfo(userInfoUri, caller.token);
    if (answer.status === 401 || answer.status === 403) throw new TerminalError('unauthenticated');
    if (!answer.ok) throw new RetryableError('unavailable', { cause: new Error(`UserInfo answered ${answer.status}`) });
    const info = userInfoSchema.safeParse(await answer.json().catch(() => undefined));
    // OpenID Connect Core §5.3.2: an answer about somebody else must not be used.
    if (!info.success || info.data.sub !== caller.subject) throw new TerminalError('unauthenticated');
    const reading = readIdNumber(info.data.id_number);
    if (!reading.ok) throw new TerminalError('unauthenticated', { cause: new Error('UserInfo gave no valid ID number') });
    return {
      consentPseudonyms: keyring.pseudonyms('consent', reading.idNumber),
      auditPseudonyms: keyring.pseudonyms('audit', reading.idNumber),
      actorRef: caller.subject,
    };
  }

  return {
    async viewerOf(caller) {
      const digest = createHash('sha256').update(caller.token).digest('base64');
      const known = kept.get(digest);
      if (known) return known;
      const viewer = await ask(caller);
      kept.set(digest, viewer);
      return viewer;
    },
  };
}

async function fetchUserInfo(uri: string, token: string): Promise<Response> {
  try {
    return await boundedFetch(uri, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
  } catch {
    // The cause is dropped: a fetch failure can quote the request's headers.
    throw new RetryableError('unavailable', { cause: new Error('UserInfo cannot be reached') });
  }
}
