import type { Rule } from './rule.js';

/** A consent must be granted. One that is spent still carries the verifications that used it. */
export const standing: Rule = (consent, ask) => {
  switch (consent.status) {
    case 'granted':
      return undefined;
    case 'spent':
      return ask.counts ? 'consent_spent' : undefined;
    case 'withdrawing':
    case 'withdrawn':
      return 'consent_withdrawn';
    case 'expired':
      return 'consent_expired';
    case 'requested':
    case 'refused':
      return 'consent_not_granted';
  }
};
