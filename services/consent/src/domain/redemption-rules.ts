import type { ErrorCode } from '@vouch/errors';
import type { Consent } from './consent.js';
import { covers } from './rules/covers.js';
import type { Ask, Rule } from './rules/rule.js';
import { samePlatform } from './rules/same-platform.js';
import { samePurpose } from './rules/same-purpose.js';
import { standing } from './rules/standing.js';
import { useLeft } from './rules/use-left.js';
import { withinTime } from './rules/within-time.js';

/** The rules in the order in which they are told: another platform learns nothing else. */
const RULES: readonly Rule[] = [samePlatform, standing, samePurpose, withinTime, useLeft, covers];

/** The rule that stands against using a consent, or nothing: then it may be used. */
export function refusalOf(consent: Consent | undefined, ask: Ask, now: Date): ErrorCode | undefined {
  if (!consent) return 'consent_not_found';
  for (const rule of RULES) {
    const code = rule(consent, ask, now);
    if (code) return code;
  }
  return undefined;
}
