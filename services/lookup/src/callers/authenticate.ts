import { RetryableError, TerminalError } from '@vouch/errors';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { boundedFetch } from './bounded-fetch.js';
import type { Issuer } from './issuer.js';

/** What a token may be good for. */
export type Scope =
  | 'verifications:write'
  | 'verifications:read'
  | 'consents:write'
  | 'consents:read'
  | 'consents:decide'
  | 'access-log:read';

/** Who calls, out of a valid access token. */
export interface Caller {
  /** A platform is its client; a person signed in through one. */
  readonly kind: 'platform' | 'person';
  /** The token's `client_id`. */
  readonly clientId: string;
  /** The token's opaque subject. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  /** The token itself, for the issuer's UserInfo; never logged, never handed on. */
  readonly token: string;
}

/** Checks access tokens. */
export interface Authenticator {
  /** The caller of an `authorization` header. Throws `unauthenticated`, `token_expired`, or `unavailable` when the issuer's keys cannot be had. */
  authenticate(authorization: string | undefined): Promise<Caller>;
  /** Resolves when the issuer's keys can be had; rejects with `unavailable`. */
  ready(): Promise<void>;
}

// Asymmetric only: with HS* anyone who knows the public key could sign.
const ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'];
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const LONGEST_TOKEN = 8_192;
const CLOCK_SKEW_S = 5;
const KEYS_TIMEOUT_MS = 3_000;
// A signature costs a lookup's worth of CPU: a token that was just checked is not checked again for a while.
const TRUSTED_MS = 30_000;
const MOST_TRUSTED = 10_000;

/** An authenticator for RFC 9068 access tokens of one issuer, checked against its JWKS (cached by jose, refreshed when a key is unknown). */
export function createAuthenticator(options: { readonly issuer: Issuer; readonly audience: string }): Authenticator {
  const { issuer, audience } = options;
  // By the token itself, which the caller holds anyway: a digest of it would be one more thing to make for each request.
  const trusted = new LRUCache<string, { caller: Caller; until: number }>({ max: MOST_TRUSTED, ttl: TRUSTED_MS });
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  async function keysOf(): Promise<ReturnType<typeof createRemoteJWKSet>> {
    keys ??= createRemoteJWKSet(new URL((await issuer.endpoints()).jwksUri), {
      timeoutDuration: KEYS_TIMEOUT_MS,
      [customFetch]: boundedFetch,
    });
    return keys;
  }

  async function verify(token: string, getKey: JWTVerifyGetKey): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, getKey, {
        issuer: issuer.url,
        audience,
        algorithms: ALGORITHMS,
        typ: 'at+jwt',
        clockTolerance: CLOCK_SKEW_S,
        requiredClaims: ['exp', 'iat', 'sub', 'client_id'],
      });
      return payload;
    } catch (failure) {
      throw toAuthenticationError(failure);
    }
  }

  return {
    async authenticate(authorization) {
      const token = BEARER.exec(authorization ?? '')?.[1];
      if (token === undefined || token.length > LONGEST_TOKEN) throw new TerminalError('unauthenticated');
      const known = trusted.get(token);
      if (known && known.until > Date.now()) return known.caller;
      const payload = await verify(token, await keysOf());
      const caller = toCaller(payload, token);
      trusted.set(token, { caller, until: (payload.exp ?? 0) * 1_000 });
      return caller;
    },
    async ready() {
      const set = await keysOf();
      if (set.jwks() === undefined || !set.fresh) {
        await set.reload().catch((cause: unknown) => {
          throw new RetryableError('unavailable', { cause });
        });
      }
    },
  };
}

function toCaller(payload: JWTPayload, token: string): Caller {
  const { sub, client_id: clientId, scope } = payload;
  if (typeof sub !== 'string' || typeof clientId !== 'string' || sub === '' || clientId === '') throw new TerminalError('unauthenticated');
  const scopes = new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []);
  return { kind: sub === clientId ? 'platform' : 'person', clientId, subject: sub, scopes, token };
}

function toAuthenticationError(failure: unknown): Error {
  if (failure instanceof errors.JWTExpired) return new TerminalError('token_expired');
  // What jose throws when the keys could not be fetched is generic or not its own; everything else is about the token.
  const isAboutToken =
    failure instanceof errors.JOSEError && !(failure instanceof errors.JWKSTimeout) && failure.code !== 'ERR_JOSE_GENERIC';
  return isAboutToken ? new TerminalError('unauthenticated') : new RetryableError('unavailable', { cause: failure });
}

/** Throws `scope_missing` unless the token has the scope. */
export function assertScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope)) throw new TerminalError('scope_missing', { detail: `The token lacks the scope ${scope}` });
}

/** Throws `caller_kind_wrong` unless the caller is of this kind. */
export function assertKind(caller: Caller, kind: Caller['kind']): void {
  if (caller.kind !== kind) throw new TerminalError('caller_kind_wrong');
}
