import type { Claim } from './claim.js';

/** One alternative: met when all of its claims are confirmed. */
export interface PlannedAlternative {
  /** Id within the requirement set; `claims` for explicit claims. */
  readonly id: string;
  /** Indexes into the plan's claims. */
  readonly allOf: readonly number[];
}

/** What one lookup asks: claims without repeats, and alternatives over them in priority order. */
export interface Plan {
  /** Name of the requirement set; undefined for explicit claims. */
  readonly requirementSet?: string;
  readonly claims: readonly Claim[];
  readonly alternatives: readonly PlannedAlternative[];
}

/** The plan of explicit claims, which mean all of them. */
export function planClaims(claims: readonly Claim[]): Plan {
  return { claims, alternatives: [{ id: 'claims', allOf: claims.map((_, index) => index) }] };
}

/** The plan of a requirement set: a claim that several alternatives share is asked once. */
export function planRequirementSet(set: {
  readonly id: string;
  readonly alternatives: readonly { readonly id: string; readonly allOf: readonly Claim[] }[];
}): Plan {
  const claims: Claim[] = [];
  const indexByKey = new Map<string, number>();
  const indexOf = (claim: Claim): number => {
    const key = JSON.stringify([claim.type, claim.version, claim.subject, sorted(claim.with), sorted(claim.parameters)]);
    const known = indexByKey.get(key);
    if (known !== undefined) return known;
    indexByKey.set(key, claims.length);
    return claims.push(claim) - 1;
  };
  const alternatives = set.alternatives.map(({ id, allOf }) => ({ id, allOf: [...new Set(allOf.map(indexOf))] }));
  return { requirementSet: set.id, claims, alternatives };
}

const sorted = (record: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** A person's share of a lookup: every claim type, at its version, that touches the person. */
export interface TouchedPart {
  readonly subject: string;
  readonly claimType: string;
  readonly claimVersion: number;
}

/** The parts that claims touch: one for the subject and one for each person involved, without repeats. */
export function touchedParts(claims: readonly Claim[]): TouchedPart[] {
  const parts = new Map<string, TouchedPart>();
  for (const { type, version, subject, with: involved } of claims) {
    for (const person of [subject, ...Object.values(involved)]) {
      parts.set(`${person} ${type} ${version}`, { subject: person, claimType: type, claimVersion: version });
    }
  }
  return [...parts.values()];
}
