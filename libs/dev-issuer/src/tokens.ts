import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';

/** What a platform's token may do. */
export const PLATFORM_SCOPES = ['verifications:write', 'verifications:read', 'consents:write', 'consents:read'] as const;
/** What a person's token may do. */
export const PERSON_SCOPES = ['openid', 'consents:decide', 'consents:read', 'access-log:read'] as const;

const LIFETIME_SECONDS = 3600;

/** A token response of RFC 6749 §5.1. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
}

/** Signs and reads the issuer's own tokens (RFC 9068). */
export interface Tokens {
  /** Public keys. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** A token for a subject through a client. */
  issue(token: { subject: string; clientId: string; scopes: readonly string[] }): Promise<TokenResponse>;
  /** Subject and scopes of a valid token of ours; undefined otherwise. */
  read(token: string): Promise<{ subject: string; scopes: readonly string[] } | undefined>;
}

/** Tokens signed with an ES256 key. */
export async function createTokens(options: { issuer: string; audience: string; signingKey: JWK }): Promise<Tokens> {
  const { issuer, audience, signingKey } = options;
  const { d: _private, ...publicKey } = signingKey;
  const jwks = { keys: [publicKey] };
  const keys = createLocalJWKSet(jwks);
  const key = await importJWK(signingKey, 'ES256');
  return {
    jwks,
    async issue({ subject, clientId, scopes }) {
      const scope = scopes.join(' ');
      const token = await new SignJWT({ client_id: clientId, scope })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signingKey.kid ?? '' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_SECONDS}s`)
        .setJti(randomUUID())
        .sign(key);
      return { access_token: token, token_type: 'Bearer', expires_in: LIFETIME_SECONDS, scope };
    },
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ['ES256'], typ: 'at+jwt' });
        return { subject: payload.sub ?? '', scopes: String(payload.scope ?? '').split(' ') };
      } catch {
        return undefined;
      }
    },
  };
}
