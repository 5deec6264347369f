import type { Consent, ConsentChange, DecidedPart, PartStanding } from './consent.js';

/** Changes that a platform may know of. Who decided which part, and when, would tell it about the family. */
export const isSeenByPlatform = (change: ConsentChange['change']): boolean => change !== 'part_granted' && change !== 'part_refused';

/**
 * Parts as the platform sees them: all as the consent as a whole. `requested` until it is decided; after a refusal every part looks
 * refused, so that nobody learns who said no.
 */
export function partsForPlatform(consent: Consent, decidedAt: Date | undefined): readonly DecidedPart[] {
  const standing: PartStanding = consent.grantedAt ? 'granted' : consent.status === 'refused' ? 'refused' : 'requested';
  return consent.parts.map(({ subject, claimType, claimVersion }) => ({
    subject,
    claimType,
    claimVersion,
    standing,
    ...(standing === 'requested' || !decidedAt ? {} : { decidedAt }),
  }));
}
