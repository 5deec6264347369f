import { toVouchError } from '@vouch/errors';
import type { Consent, GrantConsentRequest } from '@vouch/proto/consent/v1/consent';
import type { CallContext } from '@vouch/rpc';
import { type DecideParts, decideParts, prepareDecision } from '../domain/decide-parts.js';
import { agesAt, openIdentities } from '../identities.js';
import { readParts, readViewer } from '../read-requests.js';
import { toActor, viewForPerson } from '../view.js';
import { findConsent, findOwnConsent } from './find-consent.js';
import type { ConsentApiOptions } from './options.js';

/** A person's yes or no. The register is asked first, outside any transaction; then the rules are read anew under the consent's lock. */
export async function decide(
  options: ConsentApiOptions,
  kind: DecideParts['kind'],
  request: GrantConsentRequest,
  call: CallContext,
): Promise<Consent> {
  const { consents, confirmGuardian, keyring } = options;
  const viewer = readViewer(request.viewer);
  const found = await findOwnConsent(consents, request.consentId, viewer);
  const identities = openIdentities(keyring, found.consent.id, found.persons);
  const ages = agesAt(identities, found.now);
  const wish = { kind, by: viewer, parts: readParts(request.parts), ages };

  const prepared = prepareDecision(found.consent, { ...wish, at: found.now });
  if (!prepared.ok) throw toVouchError(prepared.code);
  const wards = await confirmGuardian({ found, identities, ages, viewer, children: prepared.children }, call);

  const by = { actor: toActor(viewer.actorRef), trace: call.trace };
  const decided = await consents.change(found.consent.id, by, (consent, at) => decideParts(consent, { ...wish, wards, at }));
  if (!decided.ok) throw toVouchError(decided.code);
  const after = await findConsent(consents, found.consent.id);
  return viewForPerson(keyring, after.consent, after.history);
}
