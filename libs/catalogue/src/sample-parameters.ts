import { type ClaimCondition, type RequirementSet as Rules, resolveClaimParameters } from '@vouch/rules';

// Long enough for every claim type that takes an address, and inside the set's region.
const ADDRESS_DIGITS = 18;

/**
 * A claim's parameters as some lookup would have them, to hold against its claim type's schema; undefined when a name in them leads nowhere, which is a
 * fault of its own.
 */
export function sampleParameters(claim: ClaimCondition, set: Rules): Record<string, unknown> | undefined {
  const year = set.entryYears?.[0] ?? Number(set.id.split('/')[2]);
  try {
    return resolveClaimParameters(claim, set, {
      entryYear: year,
      applicationDate: set.validity?.from ?? `${year}-06-15`,
      addressCode: set.region.padEnd(ADDRESS_DIGITS, '1'),
      childBirthDate: `${year - 7}-10-01`,
      people: new Set(),
    });
  } catch {
    return undefined;
  }
}
