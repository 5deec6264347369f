import type { Edges } from './edges.js';

/** Problem details of RFC 9457, as Vouch sends them. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly verificationId?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
}

/** Vouch (or the issuer) refused a call. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  /** Seconds to wait before a repeat, if the answer said so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(`${problem.status} ${problem.code}: ${problem.detail ?? problem.title}`);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** An answer with what its headers say. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** A call with a bearer token. */
export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it may be sent again when no answer came; unless said: reads, and what has an idempotency key. */
  readonly repeatable?: boolean;
}

/** Gives tokens, and fetches a new one shortly before the last runs out. */
export type TokenSource = () => Promise<string>;

/** A token source for one form of the token endpoint (RFC 6749). */
export function createTokenSource(
  endpoint: string,
  client: { clientId: string; clientSecret: string },
  form: Record<string, string>,
): TokenSource {
  let kept: { token: string; until: number } | undefined;
  const authorization = `Basic ${Buffer.from(`${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`).toString('base64')}`;
  return async () => {
    if (kept && kept.until > Date.now()) return kept.token;
    const response = await fetch(endpoint, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) });
    const body = (await response.json()) as { access_token?: string; expires_in?: number; error?: string };
    if (body.access_token === undefined) {
      throw new ProblemError({ status: response.status, code: body.error ?? 'token_refused', title: 'The issuer gave no token' });
    }
    kept = { token: body.access_token, until: Date.now() + ((body.expires_in ?? 60) - 30) * 1000 };
    return kept.token;
  };
}

/**
 * Calls one Vouch with tokens from one source; throws ProblemError for any status of 400 and above. What may be repeated goes to another
 * instance, or on another connection, when no answer came.
 */
export function createCaller(edges: Edges, token: TokenSource) {
  return async function call<T>(path: string, { method = 'GET', body, headers = {}, repeatable }: Call = {}): Promise<Answer<T>> {
    const mayRepeat = repeatable ?? (method === 'GET' || headers['idempotency-key'] !== undefined);
    const send = async (base: string) => {
      const response = await fetch(new URL(path, base), {
        method,
        headers: {
          authorization: `Bearer ${await token()}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { response, text: await response.text() };
    };
    const { response, text } = await (mayRepeat ? edges.reach(send) : send(edges.next()));
    const parsed = text === '' ? undefined : JSON.parse(text);
    if (response.status >= 400) throw new ProblemError(parsed as Problem, Number(response.headers.get('retry-after')) || undefined);
    return { status: response.status, body: parsed as T, headers: response.headers };
  };
}
