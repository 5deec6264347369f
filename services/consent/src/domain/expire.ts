import type { Consent } from './consent.js';
import { changes, type Decision } from './decision.js';

/** Ends a consent whose time is over. One that is spent, refused or withdrawn stays so. */
export function expire(consent: Consent, at: Date): Decision {
  const open = consent.status === 'requested' || consent.status === 'granted';
  return open && at > consent.validUntil ? changes({ change: 'expired' }) : changes();
}
