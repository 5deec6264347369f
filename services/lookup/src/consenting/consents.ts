import type { Catalogues } from '@vouch/catalogue-versions';
import { RetryableError, TerminalError, VouchError } from '@vouch/errors';
import { createUuid, type Keyring } from '@vouch/identity';
import type { Consent, ConsentServiceService, GetConsentRequest, Part } from '@vouch/proto/consent/v1/consent';
import type { Port } from '@vouch/rpc';
import type { TraceContext } from '@vouch/telemetry';
import { assertMayAsk, rightsOf } from '../callers/access.js';
import type { Caller } from '../callers/authenticate.js';
import type { Viewers } from '../callers/viewer.js';
import { KEY_KEPT_MS } from '../verifying/attempt.js';
import { NEVER } from '../verifying/never.js';
import { type ConsentRequest, type NamedPart, toVersionedParts } from './consent-request.js';

/** What a person decides about a consent. */
export type Decision = 'grant' | 'refuse' | 'withdraw';

/** Consents at the edge: who calls is known here, what is right is decided by the consent service. */
export interface Consents {
  /** A platform asks for consent; the same idempotency key finds the same consent. */
  request(options: { clientId: string; request: ConsentRequest; idempotencyKey?: string; trace?: TraceContext }): Promise<Consent>;
  /** A consent as its platform or a person named in it may see it; `consent_not_found` for anyone else. */
  read(caller: Caller, id: string, trace?: TraceContext): Promise<Consent>;
  /** A person decides about all parts that are theirs, or about those named. */
  decide(caller: Caller, id: string, decision: Decision, parts: readonly NamedPart[] | undefined, trace?: TraceContext): Promise<Consent>;
}

const READ_MS = 3_000;
const WRITE_MS = 5_000;
// Granting may ask the police who the guardian is.
const DECIDE_MS = 10_000;
// A lease lasts 10 s at most, plus a second for clocks: the answer is then mostly `withdrawn`.
const WITHDRAW_MS = 12_500;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Consents over the consent service's port. */
export function createConsents(parts: {
  readonly port: Port<ConsentServiceService>;
  readonly catalogues: Catalogues;
  readonly keyring: Keyring;
  readonly viewers: Viewers;
}): Consents {
  const { port, catalogues, keyring, viewers } = parts;
  const within = (ms: number, trace: TraceContext | undefined) => ({ signal: NEVER, deadline: new Date(Date.now() + ms), trace });

  async function requestAs(
    consentId: string,
    platform: string,
    request: ConsentRequest,
    fingerprint: string,
    trace: TraceContext | undefined,
  ): Promise<Consent> {
    const { purpose, people, validFrom, validUntil, maxUses, retentionDays } = request;
    const { consent } = await port.requestConsent(
      {
        platform,
        purpose,
        parts: [...request.parts],
        subjects: { ...people },
        validFrom,
        validUntil,
        maxUses,
        retentionDays,
        consentId,
        fingerprint,
      },
      within(WRITE_MS, trace),
    );
    return present(consent);
  }

  async function requestKeyed(key: string, platform: string, request: ConsentRequest, trace: TraceContext | undefined): Promise<Consent> {
    for (let generation = 0; ; generation += 1) {
      const { id, fingerprint } = await identify(key, generation, platform, request, trace);
      let consent: Consent;
      try {
        consent = await requestAs(id, platform, request, fingerprint, trace);
      } catch (failure) {
        if (codeOf(failure) !== 'idempotency_mismatch') throw failure;
        consent = await get(id, { $case: 'platform', value: platform }, trace);
        if (!isForgotten(consent)) throw failure;
      }
      if (!isForgotten(consent)) return consent;
    }
  }

  /**
   * Under which id a key's consent is kept, with the request's fingerprint. Both come of the same key of the keyring, so that a consent
   * requested before a rotation is found, and its request recognised.
   */
  async function identify(
    key: string,
    generation: number,
    platform: string,
    { canonical }: ConsentRequest,
    trace: TraceContext | undefined,
  ): Promise<{ id: string; fingerprint: string }> {
    const ids = keyring.deriveUuids('consent', platform, key, String(generation));
    const fingerprints = keyring.deriveUuids('consent request', canonical);
    const identified = ids.map((id, index) => ({ id, fingerprint: fingerprints[index] as string }));
    for (const older of identified.slice(1)) {
      if (await exists(older.id, platform, trace)) return older;
    }
    return identified[0] as { id: string; fingerprint: string };
  }

  async function exists(id: string, platform: string, trace: TraceContext | undefined): Promise<boolean> {
    try {
      await get(id, { $case: 'platform', value: platform }, trace);
      return true;
    } catch (failure) {
      if (codeOf(failure) === 'consent_not_found') return false;
      throw failure;
    }
  }

  async function get(consentId: string, reader: GetConsentRequest['reader'], trace: TraceContext | undefined): Promise<Consent> {
    if (!UUID.test(consentId)) throw new TerminalError('consent_not_found');
    return present((await port.getConsent({ consentId: consentId.toLowerCase(), reader }, within(READ_MS, trace))).consent);
  }

  return {
    async request({ clientId, request, idempotencyKey, trace }) {
      const claimTypes = request.parts.map(({ claimType }) => claimType);
      assertMayAsk(rightsOf(catalogues.current, clientId), { purpose: request.purpose, claimTypes });
      return idempotencyKey === undefined
        ? requestAs(createUuid(), clientId, request, keyring.fingerprint(request.canonical), trace)
        : requestKeyed(idempotencyKey, clientId, request, trace);
    },
    async read(caller, id, trace) {
      if (caller.kind === 'platform') {
        rightsOf(catalogues.current, caller.clientId);
        return get(id, { $case: 'platform', value: caller.clientId }, trace);
      }
      return get(id, { $case: 'viewer', value: await viewers.viewerOf(caller) }, trace);
    },
    async decide(caller, id, decision, named, trace) {
      if (!UUID.test(id)) throw new TerminalError('consent_not_found');
      const viewer = await viewers.viewerOf(caller);
      const consentId = id.toLowerCase();
      let meant: Part[] = [];
      if (named) {
        const { parts: has } = await get(consentId, { $case: 'viewer', value: viewer }, trace);
        meant = toVersionedParts(
          named,
          has.flatMap(({ part }) => part ?? []),
        );
      }
      if (decision === 'grant') {
        return present((await port.grantConsent({ consentId, viewer, parts: meant }, within(DECIDE_MS, trace))).consent);
      }
      if (decision === 'refuse') {
        return present((await port.refuseConsent({ consentId, viewer, parts: meant }, within(DECIDE_MS, trace))).consent);
      }
      return present((await port.withdrawConsent({ consentId, viewer }, within(WITHDRAW_MS, trace))).consent);
    },
  };
}

const codeOf = (failure: unknown): string | undefined => (failure instanceof VouchError ? failure.code : undefined);

const isForgotten = ({ createdAt }: Consent): boolean => (createdAt?.getTime() ?? 0) < Date.now() - KEY_KEPT_MS;

function present(consent: Consent | undefined): Consent {
  if (!consent) throw new RetryableError('unavailable', { cause: new Error('the consent service answered without a consent') });
  return consent;
}
