import type { Rule } from './rule.js';

/** A new verification needs a use that is left. */
export const useLeft: Rule = (consent, ask) => (ask.counts && consent.uses >= consent.maxUses ? 'consent_spent' : undefined);
