import { type Consent, type Person, subjectsOf } from './consent.js';
import { changes, type Decision, refused } from './decision.js';

/** Time allowed for clocks that differ, and for answers on their way out, after the last lease has ended. Milliseconds. */
export const CLOCK_ALLOWANCE_MS = 1000;

/**
 * Takes a yes back: whoever granted a part, or whose part it is. New redemptions stop at once. A consent that is spent, or expired
 * after it was granted, can be withdrawn too: what was answered on it is then shown no more.
 */
export function withdraw(consent: Consent, by: Person, at: Date): Decision {
  if (!mayWithdraw(consent, by)) return refused('part_not_yours');
  switch (consent.status) {
    case 'withdrawing':
    case 'withdrawn':
      return changes();
    case 'granted':
    case 'spent':
    case 'expired':
      if (!consent.grantedAt) return refused('consent_closed');
      return changes({ change: 'withdrawing', settlesAt: settlesAt(consent, at) });
    default:
      return refused('consent_closed');
  }
}

/** Acknowledges a withdrawal once no lease is left. */
export const settle = (consent: Consent, at: Date): Decision =>
  consent.status === 'withdrawing' && consent.settlesAt && at > consent.settlesAt ? changes({ change: 'withdrawn' }) : changes();

/** Never redeemed: nothing was disclosed and nothing can be under way. */
function settlesAt(consent: Consent, at: Date): Date {
  if (!consent.lastLeaseEnd) return new Date(at.getTime() - 1);
  return new Date(Math.max(consent.lastLeaseEnd.getTime(), at.getTime()) + CLOCK_ALLOWANCE_MS);
}

function mayWithdraw(consent: Consent, by: Person): boolean {
  const keys = subjectsOf(consent, by);
  return consent.parts.some(
    (part) => keys.includes(part.subject) || (part.decidedBy !== undefined && by.pseudonyms.includes(part.decidedBy)),
  );
}
