import type { Finding } from '../finding.js';
import type { PlannedClaim, Term } from '../plan.js';
import type { Reader } from '../read-term.js';

const NOW = '';

/**
 * The day from which a term would hold, if things go on as they are: claims that are refuted say when they would not be any more. Undefined when
 * waiting does not help, or is not known to; so too when a rule counts up to a fixed day that comes before.
 */
export function metFrom(term: Term, claims: readonly PlannedClaim[], findings: readonly Finding[], reader: Reader): string | undefined {
  const from = (part: Term): string | undefined => {
    if (reader.truth(part) === 1) return NOW;
    switch (part.kind) {
      case 'claim':
        return claimFrom(claims[part.claim], findings[part.claim]);
      case 'all':
        return nth(part.of.map(from), part.of.length);
      case 'any':
      case 'ladder':
        return nth(part.of.map(from), 1);
      case 'atLeast':
        return nth(part.of.map(from), part.count);
      default:
        return undefined;
    }
  };
  return from(term) || undefined;
}

function claimFrom(claim: PlannedClaim | undefined, finding: Finding): string | undefined {
  const from = finding?.outcome === 'refuted' ? finding.disclosures?.earliestIfUnchanged : undefined;
  if (typeof from !== 'string' || !claim) return undefined;
  return isTooLate(claim, from) ? undefined : from;
}

/** The day, or month, up to which a claim counts when it does not move with the application. */
export function countedTo({ moving, parameters }: PlannedClaim): string | undefined {
  if (moving) return undefined;
  return ['endingAt', 'validAt', 'coversDate', 'at'].map((name) => parameters[name]).find((day) => typeof day === 'string');
}

/** Whether what holds from a day on holds too late for a claim. */
export function isTooLate(claim: PlannedClaim, from: string): boolean {
  const by = countedTo(claim);
  return by !== undefined && from.slice(0, by.length) > by;
}

/** The day on which so many of them hold. */
function nth(days: readonly (string | undefined)[], count: number): string | undefined {
  const known = days.filter((day) => day !== undefined).sort();
  return known[count - 1];
}
