import { toVouchError } from '@vouch/errors';
import type { Consent, ConsentServiceService, GetConsentRequest } from '@vouch/proto/consent/v1/consent';
import type { Port } from '@vouch/rpc';
import { listAccessSubjects, resolveAccessSubject } from './api/access-subjects.js';
import { decide } from './api/decide.js';
import { findConsent, findOwnConsent } from './api/find-consent.js';
import type { ConsentApiOptions } from './api/options.js';
import { requestConsent } from './api/request-consent.js';
import { withdrawConsent } from './api/withdraw.js';
import { readViewer } from './read-requests.js';
import { viewForPerson, viewForPlatform } from './view.js';

/** The consent port: what platforms and people do with consents, by way of the edge. */
export function createConsentApi(options: ConsentApiOptions): Port<typeof ConsentServiceService> {
  return {
    requestConsent: (request, call) => requestConsent(options, request, call),
    grantConsent: async (request, call) => ({ consent: await decide(options, 'grant', request, call) }),
    refuseConsent: async (request, call) => ({ consent: await decide(options, 'refuse', request, call) }),
    withdrawConsent: async (request, call) => ({ consent: await withdrawConsent(options, request, call) }),
    getConsent: async (request) => ({ consent: await getConsent(options, request) }),
    listAccessSubjects: (request) => listAccessSubjects(options, request),
    resolveAccessSubject: (request) => resolveAccessSubject(options, request),
  };
}

async function getConsent({ consents, keyring }: ConsentApiOptions, { consentId, reader }: GetConsentRequest): Promise<Consent> {
  if (reader?.$case === 'viewer') {
    const { consent, history } = await findOwnConsent(consents, consentId, readViewer(reader.value));
    return viewForPerson(keyring, consent, history);
  }
  const { consent, history } = await findConsent(consents, consentId);
  if (reader?.value !== consent.platform) throw toVouchError('consent_not_found');
  return viewForPlatform(keyring, consent, history);
}
