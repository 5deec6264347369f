import type { Rule } from './rule.js';

/** A consent holds for the purpose that people agreed to. */
export const samePurpose: Rule = (consent, ask) => (consent.purpose === ask.purpose ? undefined : 'consent_other_purpose');
