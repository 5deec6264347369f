import { RetryableError } from '@vouch/errors';
import { z } from 'zod';
import { boundedFetch } from './bounded-fetch.js';

/** Where the token issuer's parts are. */
export interface IssuerEndpoints {
  readonly jwksUri: string;
  readonly userInfoUri: string;
}

/** The token issuer. */
export interface Issuer {
  /** Issuer identifier, as in the tokens' `iss`. */
  readonly url: string;
  /** Its endpoints, out of its metadata; kept once read. Rejects with `unavailable`. */
  endpoints(): Promise<IssuerEndpoints>;
}

const METADATA = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
const TIMEOUT_MS = 3_000;
const ASK_AGAIN_MS = 1_000;
const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url(), userinfo_endpoint: z.url().optional() });

/** An issuer by its identifier; endpoints that are given are taken as they are. */
export function createIssuer(options: { readonly url: string; readonly jwksUri?: string; readonly userInfoUri?: string }): Issuer {
  const { url, jwksUri, userInfoUri } = options;
  let known = jwksUri && userInfoUri ? Promise.resolve({ jwksUri, userInfoUri }) : undefined;

  const forget = (): void => {
    known = undefined;
  };

  async function discover(): Promise<IssuerEndpoints> {
    let cause: unknown;
    for (const path of METADATA) {
      try {
        const answer = await boundedFetch(`${url.replace(/\/$/, '')}${path}`, {
          signal: AbortSignal.timeout(TIMEOUT_MS),
          redirect: 'error',
        });
        if (!answer.ok) throw new Error(`The issuer's metadata answered ${answer.status}`);
        const metadata = metadataSchema.parse(await answer.json());
        // OpenID Connect Discovery §4.3: else another issuer's keys could be slipped in.
        if (metadata.issuer !== url) throw new Error('The metadata is of another issuer');
        return { jwksUri: jwksUri ?? metadata.jwks_uri, userInfoUri: userInfoUri ?? metadata.userinfo_endpoint ?? '' };
      } catch (failure) {
        cause = failure;
      }
    }
    throw new RetryableError('unavailable', { cause });
  }

  return {
    url,
    endpoints() {
      known ??= discover().catch((failure: unknown) => {
        // Kept for a moment, so that callers do not queue up behind an issuer that is away.
        setTimeout(forget, ASK_AGAIN_MS).unref();
        throw failure;
      });
      return known;
    },
  };
}
