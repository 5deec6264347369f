import { toVouchError } from '@vouch/errors';
import { type Person, subjectsOf } from '../domain/consent.js';
import { isUuid } from '../read-requests.js';
import type { ConsentStore, ReadConsent } from '../store.js';

/** Reads a consent. Throws `consent_not_found`. */
export async function findConsent(consents: ConsentStore, id: string): Promise<ReadConsent> {
  const key = id.toLowerCase();
  const found = isUuid(key) ? await consents.read(key) : undefined;
  if (!found) throw toVouchError('consent_not_found');
  return found;
}

/** Reads a consent in which a person is named; for anyone else it is as if it were not there. */
export async function findOwnConsent(consents: ConsentStore, id: string, person: Person): Promise<ReadConsent> {
  const found = await findConsent(consents, id);
  if (subjectsOf(found.consent, person).length === 0) throw toVouchError('consent_not_found');
  return found;
}
