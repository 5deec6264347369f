import { createEdges, type EdgeAddress } from './edges.js';
import { createCaller, createTokenSource } from './http.js';
import type {
  Access,
  AccessSubject,
  Consent,
  ConsentPart,
  ConsentRequest,
  Subject,
  Verification,
  VerificationRequest,
} from './messages.js';
import { type WatchOptions, watchVerification } from './watch.js';

/** Where a Vouch and its issuer are. */
export interface Endpoint {
  /** Several instances of the edge are called in turn, and for one another. */
  readonly httpUrl: EdgeAddress;
  readonly tokenEndpoint: string;
}

/** Credentials of an OAuth client. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What may go with a call that makes something. */
export interface CreateOptions {
  /** Makes a repeat find the first call's result. Unless said each call has one of its own, so that it may be sent again when no answer came. */
  readonly idempotencyKey?: string;
  /** W3C trace context of the caller. */
  readonly traceparent?: string;
  /** Language of a verification's explanation; `zh-CN` unless said. */
  readonly language?: 'zh-CN' | 'en';
}

/** What may go with a reading. */
export interface ReadOptions {
  /** Waits until it has ended, so many seconds at most (60). */
  readonly waitSeconds?: number;
  /** Language of the explanation; `zh-CN` unless said. */
  readonly language?: 'zh-CN' | 'en';
}

const createHeaders = ({ idempotencyKey = crypto.randomUUID(), traceparent, language }: CreateOptions): Record<string, string> => ({
  'idempotency-key': idempotencyKey,
  ...(traceparent === undefined ? {} : { traceparent }),
  ...(language === undefined ? {} : { 'accept-language': language }),
});

/** Vouch as an enrolment platform uses it. */
export function createPlatformClient(endpoint: Endpoint, credentials: Credentials) {
  const token = createTokenSource(endpoint.tokenEndpoint, credentials, { grant_type: 'client_credentials' });
  const edges = createEdges(endpoint.httpUrl);
  const call = createCaller(edges, token);
  return {
    call,
    token,
    verify: (request: VerificationRequest, options: CreateOptions = {}) =>
      call<Verification>('/v1/verifications', { method: 'POST', body: request, headers: createHeaders(options) }),
    /** A verification as it stands; with `waitSeconds` once it has ended, or after so long. */
    verification: (id: string, { waitSeconds, language }: ReadOptions = {}) =>
      call<Verification>(`/v1/verifications/${encodeURIComponent(id)}`, {
        headers: {
          ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
          ...(language === undefined ? {} : { 'accept-language': language }),
        },
      }),
    /** Each committed state of a verification, until it ends; goes on by itself where a connection was lost. */
    watch: (id: string, options: WatchOptions = {}) => watchVerification(edges, token, id, options),
    requestConsent: (request: ConsentRequest, options: CreateOptions = {}) =>
      call<Consent>('/v1/consents', { method: 'POST', body: request, headers: createHeaders(options) }),
    consent: (id: string) => call<Consent>(`/v1/consents/${encodeURIComponent(id)}`),
  };
}

/** Vouch as a signed-in person uses it, through the development issuer's portal client. */
export function createPersonClient(endpoint: Endpoint, portal: Credentials, person: Subject) {
  const token = createTokenSource(endpoint.tokenEndpoint, portal, {
    grant_type: 'password',
    username: person.idNumber,
    password: person.name,
  });
  const call = createCaller(createEdges(endpoint.httpUrl), token);
  // A repeat changes nothing.
  const decide = (decision: 'grant' | 'refuse' | 'withdraw') => (consentId: string, parts?: readonly ConsentPart[]) => {
    const path = `/v1/consents/${encodeURIComponent(consentId)}/${decision}`;
    return call<Consent>(path, { method: 'POST', body: parts ? { parts } : {}, repeatable: true });
  };
  return {
    call,
    token,
    grant: decide('grant'),
    refuse: decide('refuse'),
    withdraw: decide('withdraw'),
    consent: (id: string) => call<Consent>(`/v1/consents/${encodeURIComponent(id)}`),
    accessSubjects: () => call<{ subjects: readonly AccessSubject[] }>('/v1/access-log/subjects'),
    accesses: (subjectRef: string) => call<{ accesses: readonly Access[] }>(`/v1/access-log/${encodeURIComponent(subjectRef)}`),
  };
}

/** An enrolment platform's client. */
export type PlatformClient = ReturnType<typeof createPlatformClient>;
/** A person's client. */
export type PersonClient = ReturnType<typeof createPersonClient>;
