import type { Consent, DecidedPart, Part } from '../consent.js';
import type { Rule } from './rule.js';

/**
 * Every part that is touched must be in the consent and granted. Persons are matched by pseudonym, not by subject key: a platform may
 * call the same person `guardian` in the consent and `guardian2` in the lookup.
 */
export const covers: Rule = (consent, ask) => {
  for (const part of ask.parts) {
    const ofPerson = partsOfPerson(consent, ask.persons[part.subject] ?? []);
    if (ofPerson.length === 0) return 'person_not_covered';
    const asked = ofPerson.filter((candidate) => isSameClaim(candidate, part));
    if (asked.length === 0) return 'claim_type_not_covered';
    if (!asked.every((candidate) => candidate.standing === 'granted')) return 'consent_not_granted';
  }
  return undefined;
};

function partsOfPerson(consent: Consent, pseudonyms: readonly string[]): readonly DecidedPart[] {
  const keys = consent.persons.filter((named) => pseudonyms.includes(named.pseudonym)).map((named) => named.subject);
  return consent.parts.filter((part) => keys.includes(part.subject));
}

const isSameClaim = (one: Part, other: Part): boolean => one.claimType === other.claimType && one.claimVersion === other.claimVersion;
