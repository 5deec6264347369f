import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsentRequest, Credentials, Subject, VerificationRequest } from '@vouch/client';
import { DEMO_CLAIM_TYPES, type DemoFamily, type DemoFile } from '@vouch/showcase';
import type { Answer } from '../answer.js';
import type { ConsentSeen, Entry, History, Note } from '../history.js';
import type { Edge } from '../system/start-system.js';

/** What came of a call, as its history has it. */
export interface Outcome {
  readonly phase: 'answered' | 'refused' | 'unknown';
  readonly code?: string;
  readonly answer?: Entry['answer'];
  readonly seen?: ConsentSeen;
  readonly verification?: string;
}

/** A consent that a client works with. */
export interface KnownConsent {
  readonly id: string;
  readonly family: number;
  readonly maxUses: number;
}

/** What a lookup is about. */
export interface Lookup {
  readonly family: number;
  /** Absent: by statutory duty. */
  readonly consent?: KnownConsent;
  readonly key?: string;
  readonly timeBudgetMs: number;
}

/** One client of Vouch; every call goes into the history, before it is sent and when it is known what came of it. */
export interface Api {
  requestConsent(edge: Edge, family: number, key: string, maxUses: number, final?: true): Promise<Outcome>;
  decide(edge: Edge, consent: KnownConsent, decision: 'grant' | 'refuse' | 'withdraw', final?: true): Promise<Outcome>;
  readConsent(edge: Edge, consent: KnownConsent, final?: true): Promise<Outcome>;
  verify(edge: Edge, lookup: Lookup, final?: true): Promise<Outcome>;
  readVerification(edge: Edge, about: { id: string; family?: number; consent?: string; platform: string }, final?: true): Promise<Outcome>;
}

const PATIENCE_MS = {
  'request-consent': 8_000,
  grant: 12_000,
  refuse: 8_000,
  withdraw: 16_000,
  'read-consent': 6_000,
  verify: 12_000,
  'read-verification': 6_000,
};

/** A client called `name`. */
export function createApi(options: {
  readonly name: string;
  readonly demo: DemoFile;
  readonly history: History;
  readonly tokens: Tokens;
}): Api {
  const { name, demo, history, tokens } = options;
  const familyOf = (index: number) => demo.families[index] as DemoFamily;

  interface Call {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly body?: unknown;
    readonly token: () => Promise<string>;
  }

  async function call(edge: Edge, note: Omit<Note, 'client' | 'call' | 'phase' | 'edge' | 'trace'>, request: Call): Promise<Outcome> {
    const trace = randomBytes(16).toString('hex');
    const common = { client: name, call: history.nextCall(), edge: edge.name, trace, ...note };
    const token = await request.token();
    history.note({ ...common, phase: 'sent' });
    let outcome: Outcome & Partial<Pick<Note, 'status'>>;
    try {
      const response = await fetch(new URL(request.path, edge.httpUrl), {
        method: request.method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01`,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(note.key === undefined ? {} : { 'idempotency-key': note.key }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal: AbortSignal.timeout(PATIENCE_MS[note.operation]),
      });
      outcome = toOutcome(response.status, JSON.parse(await response.text()), note.operation);
    } catch (failure) {
      outcome = { phase: 'unknown', code: codeOf(failure) };
    }
    history.note({ ...common, ...outcome });
    return outcome;
  }

  const subjects = (family: number) => familyOf(family).subjects;
  const platformId = (lookup: Lookup) => (lookup.consent ? demo.platform : demo.office);

  return {
    requestConsent(edge, family, key, maxUses, final) {
      const body: ConsentRequest = { purpose: 'school-enrolment', claimTypes: DEMO_CLAIM_TYPES, subjects: subjects(family), maxUses };
      return call(
        edge,
        { operation: 'request-consent', platform: demo.platform.clientId, family, key, maxUses, ...(final && { final }) },
        { method: 'POST', path: '/v1/consents', body, token: () => tokens.platform(demo.platform) },
      );
    },
    decide(edge, consent, decision, final) {
      return call(
        edge,
        { operation: decision, consent: consent.id, family: consent.family, ...(final && { final }) },
        {
          method: 'POST',
          path: `/v1/consents/${consent.id}/${decision}`,
          body: {},
          token: () => tokens.person(familyOf(consent.family).guardian),
        },
      );
    },
    readConsent(edge, consent, final) {
      return call(
        edge,
        {
          operation: 'read-consent',
          platform: demo.platform.clientId,
          consent: consent.id,
          family: consent.family,
          ...(final && { final }),
        },
        { method: 'GET', path: `/v1/consents/${consent.id}`, token: () => tokens.platform(demo.platform) },
      );
    },
    verify(edge, lookup, final) {
      const { family, consent, key, timeBudgetMs } = lookup;
      const platform = platformId(lookup);
      const body: VerificationRequest = {
        purpose: 'school-enrolment',
        region: demo.region,
        requirementSet: demo.requirementSet,
        subjects: subjects(family),
        legalBasis: consent ? { type: 'consent', consentId: consent.id } : { type: 'statutory_duty' },
        timeBudgetMs,
      };
      return call(
        edge,
        {
          operation: 'verify',
          platform: platform.clientId,
          family,
          timeBudgetMs,
          ...(consent && { consent: consent.id }),
          ...(key && { key }),
          ...(final && { final }),
        },
        { method: 'POST', path: '/v1/verifications', body, token: () => tokens.platform(platform) },
      );
    },
    readVerification(edge, { id, family, consent, platform }, final) {
      const credentials = platform === demo.platform.clientId ? demo.platform : demo.office;
      return call(
        edge,
        { operation: 'read-verification', platform, verification: id, family, consent, ...(final && { final }) },
        { method: 'GET', path: `/v1/verifications/${id}`, token: () => tokens.platform(credentials) },
      );
    },
  };
}

interface Body {
  readonly id?: string;
  readonly status?: string | number;
  readonly uses?: number;
  readonly code?: string;
  readonly verificationId?: string;
}

function toOutcome(status: number, parsed: unknown, operation: Note['operation']): Outcome & { status: number } {
  const body = parsed as Body;
  if (status < 300) {
    if (operation === 'verify' || operation === 'read-verification') {
      return { phase: 'answered', status, answer: parsed as Answer, verification: body.id ?? '' };
    }
    return {
      phase: 'answered',
      status,
      seen: { id: body.id ?? '', status: String(body.status), ...(body.uses === undefined ? {} : { uses: body.uses }) },
    };
  }
  const about = body.verificationId ?? (body.code === 'verification_gone' ? body.id : undefined);
  const named = about === undefined ? {} : { verification: about };
  // What is refused was not done; of what failed on our side or is under way elsewhere nobody knows.
  const unknown = status >= 500 || status === 409 || status === 429;
  return {
    phase: unknown && body.code !== 'consent_closed' ? 'unknown' : 'refused',
    status,
    code: body.code ?? `http_${status}`,
    ...named,
  };
}

function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'failed';
  const { cause } = failure as { cause?: { code?: string } };
  return cause?.code ?? (failure.name === 'TimeoutError' ? 'no_answer' : failure.name);
}

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
