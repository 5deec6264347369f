import { MAX_PARAMETERS_BYTES } from '@vouch/catalogue';
import type { Catalogues } from '@vouch/catalogue-versions';
import { meaningOf, type RequestFault, TerminalError, VouchError } from '@vouch/errors';
import type { Claim, CreateVerificationRequest, LegalBasis, LookupServiceService, Verification } from '@vouch/proto/lookup/v1/lookup';
import type { CallContext, Port } from '@vouch/rpc';
import type { Logger, TraceContext } from '@vouch/telemetry';
import { rightsOf } from './callers/access.js';
import type { Admission } from './callers/admission.js';
import { type Authenticator, assertKind, assertScope, type Caller, type Scope } from './callers/authenticate.js';
import type { Slots } from './callers/slots.js';
import type { Explainer } from './explaining/explainer.js';
import { toVerificationMessage } from './explaining/to-message.js';
import { chooseLanguage } from './http/language.js';
import { inOrder, toFault } from './requests/faults.js';
import { readIdempotencyKey } from './requests/idempotency-key.js';
import { assertBounded, VERIFICATION_BOUND } from './requests/request-bounds.js';
import { readVerificationRequest } from './requests/verification-request.js';
import type { Lookup, Shown } from './verifying/lookup.js';
import { isLast, type Watches } from './watching/watches.js';

/** What the gRPC edge needs. */
export interface GrpcParts {
  readonly lookup: Lookup;
  readonly slots: Slots;
  readonly watches: Watches;
  readonly explainer: Explainer;
  readonly catalogues: Catalogues;
  readonly authenticator: Authenticator;
  readonly admission: Admission;
  readonly logger: Logger;
}

// Callers' addresses do not reach this layer, so failed sign-ins over gRPC share one budget.
const GRPC_ADDRESS = 'grpc';

/** The public gRPC service: the HTTP API's semantics, codes and idempotency keys. */
export function createLookupService(parts: GrpcParts): Port<LookupServiceService> {
  const { lookup, slots, watches, explainer, catalogues, admission, authenticator } = parts;

  async function toMessage({ kind, verification }: Shown, { metadata }: CallContext): Promise<Verification> {
    if (kind === 'gone') throw new TerminalError('verification_gone', { verificationId: verification.id });
    return toVerificationMessage(verification, await explainer.explain(verification, chooseLanguage(metadata?.['accept-language'])));
  }

  async function enter(call: CallContext, scope: Scope): Promise<{ caller: Caller; release: () => void }> {
    // Checked before the message was decoded, so the authenticator knows the token.
    const caller = await authenticator.authenticate(call.metadata?.authorization);
    assertScope(caller, scope);
    const { refusal, leave } =
      caller.kind === 'platform'
        ? admission.enterClient(rightsOf(catalogues.current, caller.clientId))
        : admission.enterPerson(caller.subject);
    if (refusal) throw refusal;
    return { caller, release: leave };
  }

  return {
    async createVerification(request, call) {
      const { caller, release } = await enter(call, 'verifications:write');
      try {
        assertKind(caller, 'platform');
        const idempotencyKey = readIdempotencyKey(call.metadata?.['idempotency-key']);
        const asked = readVerificationRequest(toBody(request), catalogues.current);
        const { deadline, trace } = call;
        const shown = await lookup.create({ clientId: caller.clientId, request: asked, idempotencyKey, deadline, trace });
        return { verification: await toMessage(shown, call) };
      } finally {
        release();
      }
    },
    async getVerification({ id }, call) {
      const { caller, release } = await enter(call, 'verifications:read');
      try {
        if (caller.kind !== 'platform') throw new TerminalError('verification_not_found');
        return { verification: await toMessage(await lookup.read({ clientId: caller.clientId, id, trace: call.trace }), call) };
      } finally {
        release();
      }
    },
    async *watchVerification({ id, afterSequence: after }, call) {
      const { caller, release } = await enter(call, 'verifications:read');
      const { signal, trace } = call;
      const { clientId } = caller;
      let leave = () => {};
      try {
        if (caller.kind !== 'platform') throw new TerminalError('verification_not_found');
        const first = await lookup.read({ clientId, id, trace });
        if (!isLast(first)) leave = slots.enter(rightsOf(catalogues.current, clientId));
        // From here on it is counted among those who wait, not among the calls.
        release();
        const assertAllowed = () => authenticator.authenticate(call.metadata?.authorization);
        for await (const shown of watches.follow({ clientId, id, signal, trace, after, first, assertAllowed })) {
          if (shown !== 'quiet') yield { verification: await toMessage(shown, call), sequence: shown.verification.sequence };
        }
      } finally {
        release();
        leave();
      }
    },
  };
}

/**
 * Turns away a call when there is no room, before its token is looked at, and a call without a valid token. For the server's `authorize`: the
 * message is not even decoded.
 */
export function createLookupGate({ authenticator, admission, logger }: Pick<GrpcParts, 'authenticator' | 'admission' | 'logger'>) {
  return async ({ authorization }: Readonly<Record<string, string>>, trace?: TraceContext): Promise<void> => {
    admission.assertRoom();
    try {
      await authenticator.authenticate(authorization);
    } catch (failure) {
      if (failure instanceof VouchError && meaningOf(failure.code).http === 401) {
        logger.warn({ security: true, code: failure.code, trace: trace?.traceId }, 'a request was turned away');
        admission.failed(GRPC_ADDRESS);
      }
      throw failure;
    }
  };
}

/**
 * The message as the JSON body of the HTTP API, so that one reader finds the same faults, and a key means the same on both.
 * Throws `request_invalid` for a message with too many members, and for parameters that are too long or no JSON.
 */
function toBody(request: CreateVerificationRequest): unknown {
  assertBounded(request, VERIFICATION_BOUND);
  const { purpose, region, requirementSet, claims, subjects, legalBasis, timeBudgetMs, retryForSeconds } = request;
  const { entryYear, applicationDate, addressCode, facts } = request;
  const unreadable: RequestFault[] = [];
  const body = {
    purpose,
    region,
    ...(requirementSet === '' ? {} : { requirementSet }),
    ...(claims.length === 0 ? {} : { claims: claims.map((claim, index) => toClaimBody(claim, index, unreadable)) }),
    subjects: Object.fromEntries(Object.entries(subjects).map(([key, { idNumber, name }]) => [key, { idNumber, name }])),
    legalBasis: toBasisBody(legalBasis),
    ...(timeBudgetMs === 0 ? {} : { timeBudgetMs }),
    ...(retryForSeconds === undefined ? {} : { retryForSeconds }),
    ...(entryYear === 0 ? {} : { entryYear }),
    ...(applicationDate === '' ? {} : { applicationDate }),
    ...(addressCode === '' ? {} : { addressCode }),
    ...(Object.keys(facts).length === 0 ? {} : { facts: { ...facts } }),
  };
  if (unreadable.length > 0) throw new TerminalError('request_invalid', { faults: inOrder(unreadable) });
  return body;
}

function toClaimBody(claim: Claim, index: number, unreadable: RequestFault[]): unknown {
  const { type, version, subject, with: involved, parametersJson } = claim;
  const at = ['claims', index, 'parametersJson'];
  let parameters: unknown;
  try {
    if (parametersJson.length > MAX_PARAMETERS_BYTES) unreadable.push(toFault(at, 'too_large'));
    else if (parametersJson !== '') parameters = JSON.parse(parametersJson);
  } catch {
    unreadable.push(toFault(at, 'format_invalid'));
  }
  return {
    type,
    ...(version === 0 ? {} : { version }),
    subject,
    with: { ...involved },
    ...(parameters === undefined ? {} : { parameters }),
  };
}

function toBasisBody(basis: LegalBasis | undefined): unknown {
  if (basis?.basis?.$case === 'consentId') return { type: 'consent', consentId: basis.basis.value };
  return basis?.basis?.$case === 'statutoryDuty' ? { type: 'statutory_duty' } : undefined;
}
