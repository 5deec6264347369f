import { randomUUID } from 'node:crypto';
import { type Catalogue, isSubjectKey } from '@vouch/catalogue';
import { type RequestFault, toVouchError } from '@vouch/errors';
import { type Keyring, readIdNumber } from '@vouch/identity';
import type { RequestConsentRequest, RequestConsentResponse } from '@vouch/proto/consent/v1/consent';
import type { CallContext } from '@vouch/rpc';
import { sealAuditPersons } from '../audit-persons.js';
import { faultsOf } from '../domain/request-consent.js';
import { type Identity, sealIdentity } from '../identities.js';
import { fault, invalid, isText, isUuid, readParts } from '../read-requests.js';
import type { NewConsent } from '../store.js';
import { viewForPlatform } from '../view.js';
import { findConsent } from './find-consent.js';
import type { ConsentApiOptions } from './options.js';

const LONGEST_NAME = 100;

/** Records that a platform asks for consent. The same id again is the same consent, if it is the same request. */
export async function requestConsent(
  { consents, catalogues, keyring }: ConsentApiOptions,
  request: RequestConsentRequest,
  call: CallContext,
): Promise<RequestConsentResponse> {
  const catalogue = catalogues.current;
  checkRights(catalogue, request);
  const wish = { ...request, parts: readParts(request.parts), subjects: Object.keys(request.subjects) };
  const knows = (claimType: string, version: number) => catalogue.claimType(claimType, version) !== undefined;
  const { identities, faults } = readSubjects(request.subjects);
  const all = [...faultsOfIds(request), ...faultsOf(wish, knows, new Date()), ...faults];
  if (all.length > 0) throw invalid(all);

  const id = request.consentId || randomUUID();
  await consents.insert(toNewConsent(keyring, { ...request, consentId: id }, identities), {
    actor: `platform:${request.platform}`,
    trace: call.trace,
  });
  const found = await findConsent(consents, id);
  if (found.fingerprint !== request.fingerprint || found.consent.platform !== request.platform) throw toVouchError('idempotency_mismatch');
  return { consent: viewForPlatform(keyring, found.consent, found.history) };
}

/** The edge has checked this; here it is checked again, where it is recorded. */
function checkRights(catalogue: Catalogue, { platform, purpose, parts }: RequestConsentRequest): void {
  const rights = catalogue.client(platform);
  if (!rights) throw toVouchError('client_unknown');
  if (!rights.purposes.includes(purpose)) throw toVouchError('purpose_not_allowed');
  const { claimTypes } = rights;
  if (claimTypes !== '*' && !parts.every((part) => claimTypes.includes(part.claimType))) throw toVouchError('claim_type_not_allowed');
}

function faultsOfIds({ consentId, fingerprint }: RequestConsentRequest): RequestFault[] {
  return [
    ...(consentId === '' || isUuid(consentId) ? [] : [fault('/consentId', 'uuid_invalid', 'A UUID in lower case')]),
    ...(fingerprint === '' || isText(fingerprint) ? [] : [fault('/fingerprint', 'too_long', 'A digest')]),
  ];
}

function readSubjects(subjects: RequestConsentRequest['subjects']): { identities: Map<string, Identity>; faults: RequestFault[] } {
  const identities = new Map<string, Identity>();
  const faults: RequestFault[] = [];
  for (const [key, { idNumber, name }] of Object.entries(subjects)) {
    // An unknown key is the caller's text, and could be anything.
    if (!isSubjectKey(key)) {
      faults.push(fault('/subjects', 'unknown_subject', 'A subject key must be one of the known ones'));
      continue;
    }
    const read = readIdNumber(idNumber);
    if (!read.ok) faults.push(fault(`/subjects/${key}/idNumber`, read.fault, 'Not an ID number'));
    if (!isText(name) || [...name.normalize('NFC')].length > LONGEST_NAME)
      faults.push(fault(`/subjects/${key}/name`, 'name_length', '1 to 100 characters'));
    if (read.ok) identities.set(key, { idNumber: read.idNumber, name });
  }
  return { identities, faults };
}

function toNewConsent(keyring: Keyring, request: RequestConsentRequest, identities: ReadonlyMap<string, Identity>): NewConsent {
  const id = request.consentId;
  const audited = [...identities].map(([subject, { idNumber }]) => [subject, keyring.pseudonym('audit', idNumber)] as const);
  return {
    id,
    platform: request.platform,
    purpose: request.purpose,
    parts: readParts(request.parts).map((part) => ({ ...part, standing: 'requested' })),
    persons: [...identities].map(([subject, identity]) => ({
      subject,
      pseudonym: keyring.pseudonym('consent', identity.idNumber),
      identity: sealIdentity(keyring, id, subject, identity),
    })),
    auditPersons: sealAuditPersons(keyring, id, Object.fromEntries(audited)),
    validFrom: request.validFrom as Date,
    validUntil: request.validUntil as Date,
    maxUses: request.maxUses,
    retentionDays: request.retentionDays,
    fingerprint: request.fingerprint,
  };
}
