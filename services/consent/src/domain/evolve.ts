import { type Consent, type ConsentChange, type ConsentStatus, samePart } from './consent.js';

/** Status after a change. */
export function statusAfter(previous: ConsentStatus, change: ConsentChange['change']): ConsentStatus {
  return change === 'part_granted' || change === 'part_refused' ? previous : change;
}

/** The consent after a change that happened at `at`. Decides nothing. */
export function evolve(consent: Consent, change: ConsentChange, at: Date): Consent {
  const next = { ...consent, status: statusAfter(consent.status, change.change) };
  switch (change.change) {
    case 'part_granted':
    case 'part_refused': {
      const standing = change.change === 'part_granted' ? 'granted' : 'refused';
      const decided = (part: Consent['parts'][number]) => change.parts.some((wanted) => samePart(wanted, part));
      return {
        ...next,
        parts: consent.parts.map((part) => (decided(part) ? { ...part, standing, decidedAt: at, decidedBy: change.by } : part)),
      };
    }
    case 'granted':
      return { ...next, grantedAt: at };
    case 'withdrawing':
      return { ...next, settlesAt: change.settlesAt };
    default:
      return next;
  }
}

/** The consent after several changes at one instant. */
export const evolveAll = (consent: Consent, changes: readonly ConsentChange[], at: Date): Consent =>
  changes.reduce((state, change) => evolve(state, change, at), consent);
