import type { Rule } from './rule.js';

/** Only the platform that asked for a consent may use it. */
export const samePlatform: Rule = (consent, ask) => (consent.platform === ask.platform ? undefined : 'consent_other_platform');
