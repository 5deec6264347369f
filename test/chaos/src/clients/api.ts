import { type ConsentRequest, type Credentials, createPlatformClient, ProblemError } from '@vouch/client';
import { DEMO_CLAIM_TYPES, type DemoFamily, type DemoFile } from '@vouch/showcase';
import { toCommitted } from '../answer.js';
import type { History, Note } from '../history.js';
import type { Edge } from '../system/start-system.js';
import { type CallNote, createCaller, type Outcome, patienceOf } from './call.js';
import { createGrpcCalls } from './grpc-calls.js';
import type { Tokens } from './tokens.js';
import { PURPOSE, toVerificationRequest } from './verification-request.js';

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
  readonly retryForSeconds?: number;
}

/** A verification that a client knows of. */
export interface KnownVerification {
  readonly id: string;
  readonly family?: number;
  readonly consent?: string;
  readonly platform: string;
}

/** One client of Vouch, for all but batches. At an edge with gRPC, lookups are made, read and watched over that. */
export interface Api {
  requestConsent(edge: Edge, family: number, key: string, maxUses: number, final?: true): Promise<Outcome>;
  decide(edge: Edge, consent: KnownConsent, decision: 'grant' | 'refuse' | 'withdraw', final?: true): Promise<Outcome>;
  readConsent(edge: Edge, consent: KnownConsent, final?: true): Promise<Outcome>;
  verify(edge: Edge, lookup: Lookup, final?: true): Promise<Outcome>;
  /** With `waitSeconds` it waits for the end for so long. */
  readVerification(edge: Edge, about: KnownVerification, how?: { readonly final?: true; readonly waitSeconds?: number }): Promise<Outcome>;
  /** Follows it until it ends or patience does. */
  watchVerification(edge: Edge, about: KnownVerification): Promise<Outcome>;
}

/** What clients are made of. */
export interface ApiOptions {
  readonly name: string;
  readonly demo: DemoFile;
  readonly history: History;
  readonly tokens: Tokens;
}

/** A client called `name`. */
export function createApi({ name, demo, history, tokens }: ApiOptions): Api {
  const call = createCaller(name, history);
  const grpc = createGrpcCalls({ name, demo, history });
  const familyOf = (index: number) => demo.families[index] as DemoFamily;
  const platformOf = (clientId: string): Credentials => (clientId === demo.platform.clientId ? demo.platform : demo.office);

  return {
    requestConsent(edge, family, key, maxUses, final) {
      const body: ConsentRequest = {
        purpose: PURPOSE,
        claimTypes: DEMO_CLAIM_TYPES,
        subjects: familyOf(family).subjects,
        maxUses,
      };
      return call(
        edge,
        { operation: 'request-consent', platform: demo.platform.clientId, family, key, maxUses, ...(final && { final }) },
        { method: 'POST', path: '/v1/consents', body: JSON.stringify(body), token: () => tokens.platform(demo.platform) },
      );
    },
    decide(edge, consent, decision, final) {
      return call(
        edge,
        { operation: decision, consent: consent.id, family: consent.family, ...(final && { final }) },
        {
          method: 'POST',
          path: `/v1/consents/${consent.id}/${decision}`,
          body: '{}',
          token: () => tokens.person(familyOf(consent.family).guardian),
        },
      );
    },
    readConsent(edge, { id, family }, final) {
      return call(
        edge,
        { operation: 'read-consent', platform: demo.platform.clientId, consent: id, family, ...(final && { final }) },
        { method: 'GET', path: `/v1/consents/${id}`, token: () => tokens.platform(demo.platform) },
      );
    },
    verify(edge, { family, consent, key, timeBudgetMs, retryForSeconds }, final) {
      const platform = consent ? demo.platform : demo.office;
      const asked = { family, timeBudgetMs, ...(retryForSeconds === undefined ? {} : { retryForSeconds }) };
      const body = toVerificationRequest(demo, { ...asked, ...(consent && { consent: consent.id }) });
      const note: CallNote = {
        operation: 'verify',
        platform: platform.clientId,
        ...asked,
        ...(consent && { consent: consent.id }),
        ...(key && { key }),
        ...(final && { final }),
      };
      const token = () => tokens.platform(platform);
      if (edge.grpc) return grpc.verify(edge, edge.grpc, note, token, body);
      return call(edge, note, { method: 'POST', path: '/v1/verifications', body: JSON.stringify(body), token });
    },
    readVerification(edge, { id, family, consent, platform }, { final, waitSeconds } = {}) {
      const waits = waitSeconds === undefined ? {} : { waitSeconds };
      const note: CallNote = {
        operation: 'read-verification',
        platform,
        verification: id,
        family,
        consent,
        ...waits,
        ...(final && { final }),
      };
      const token = () => tokens.platform(platformOf(platform));
      // Over gRPC nobody waits with a read: there is the stream.
      if (edge.grpc && waitSeconds === undefined) return grpc.read(edge, edge.grpc, note, token, id);
      return call(edge, note, {
        method: 'GET',
        path: `/v1/verifications/${id}`,
        token,
        ...(waitSeconds === undefined ? {} : { headers: { prefer: `wait=${waitSeconds}` } }),
      });
    },
    async watchVerification(edge, { id, family, consent, platform }) {
      const note: CallNote = { operation: 'watch-verification', platform, verification: id, family, consent };
      if (edge.grpc) return grpc.watch(edge, edge.grpc, note, () => tokens.platform(platformOf(platform)), id);
      const common: Omit<Note, 'phase'> = { client: name, call: history.nextCall(), edge: edge.name, ...note };
      const watching = createPlatformClient({ httpUrl: edge.httpUrl, tokenEndpoint: demo.tokenEndpoint }, platformOf(platform));
      history.note({ ...common, phase: 'sent' });
      let outcome: Outcome = { phase: 'unknown', code: 'no_answer' };
      try {
        for await (const { sequence, verification } of watching.watch(id, { signal: AbortSignal.timeout(patienceOf(note)) })) {
          outcome = { phase: 'answered', answer: toCommitted(verification) };
          history.note({ ...common, ...outcome, sequence });
        }
      } catch (failure) {
        const { status = 0, code = '' } = failure instanceof ProblemError ? failure.problem : {};
        const refused = status > 0 && status < 500 && status !== 429;
        outcome = { phase: refused ? 'refused' : 'unknown', code: code || 'no_answer' };
        history.note({ ...common, ...outcome });
      }
      return outcome;
    },
  };
}
