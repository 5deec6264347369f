import type { Rule } from './rule.js';

/** A consent is used from its first to its last instant, both included, whether or not the sweeper has been by. */
export const withinTime: Rule = (consent, _ask, now) => {
  if (now < consent.validFrom) return 'consent_not_yet_valid';
  return now > consent.validUntil ? 'consent_expired' : undefined;
};
