import type { PlannedRules, Plan as PlannedSet, Term } from '@vouch/rules';
import type { Application } from './application.js';
import type { Claim } from './claim.js';

/** One alternative: a category of a requirement set, or the explicit claims. Over indexes of the plan's claims. */
export type PlannedAlternative = {
  /** Id within the requirement set; `claims` for explicit claims. */
  readonly id: string;
} & (
  | {
      /** Claims that must all hold: the short form of what is most common, since each row carries it. */
      readonly allOf: readonly number[];
    }
  | {
      /** What must hold. */
      readonly when: Term;
    }
);

/** What a requirement set decides by beside its categories; each only when it has it. */
export type FurtherRules = Partial<Omit<PlannedRules, 'categories'>>;

/** What one lookup asks: claims without repeats, and alternatives over them in priority order. */
export interface Plan {
  /** Name of the requirement set; undefined for explicit claims. */
  readonly requirementSet?: string;
  readonly claims: readonly Claim[];
  readonly alternatives: readonly PlannedAlternative[];
  readonly further?: FurtherRules;
  /** What a requirement set was worked out for. */
  readonly application?: Application;
}

/** The plan of explicit claims, which mean all of them. */
export function planClaims(claims: readonly Claim[]): Plan {
  return { claims, alternatives: [{ id: 'claims', allOf: claims.map((_, index) => index) }] };
}

/** The plan of a requirement set that was worked out for a family; `agencyOf` says who answers a claim type. */
export function planRequirementSet(set: PlannedSet, agencyOf: (type: string, version: number) => string, application?: Application): Plan {
  const further = furtherOf(set);
  return {
    requirementSet: set.requirementSet,
    claims: set.claims.map(({ type, version, subject, with: involved, parameters, asking }) => ({
      type,
      version,
      agency: agencyOf(type, version),
      subject,
      with: involved,
      parameters,
      ...(asking === 'least' ? { asking } : {}),
    })),
    alternatives: set.categories.map(({ id, when }) => toAlternative(id, when)),
    ...(further ? { further } : {}),
    ...(application ? { application } : {}),
  };
}

// Most sets have nothing but categories, and each row carries it.
function furtherOf({ decides, points, ties, placements }: PlannedSet): FurtherRules | undefined {
  const further: FurtherRules = {
    ...(decides === 'verdict' ? { decides } : {}),
    ...(points ? { points } : {}),
    ...(ties.length > 0 ? { ties } : {}),
    ...(placements.length > 0 ? { placements } : {}),
  };
  return Object.keys(further).length > 0 ? further : undefined;
}

/** Alternatives and further rules as what outcomes are evaluated by. */
export const toRules = ({ alternatives, further }: Pick<Plan, 'alternatives' | 'further'>): PlannedRules => ({
  categories: alternatives.map((alternative) => ({ id: alternative.id, when: termOf(alternative) })),
  decides: 'category',
  ties: [],
  placements: [],
  ...further,
});

function toAlternative(id: string, when: Term): PlannedAlternative {
  const allOf = claimsOfAll(when);
  return allOf ? { id, allOf } : { id, when };
}

function claimsOfAll(term: Term): number[] | undefined {
  if (term.kind === 'claim') return [term.claim];
  if (term.kind !== 'all') return undefined;
  const claims = term.of.flatMap((part) => (part.kind === 'claim' ? [part.claim] : []));
  return claims.length === term.of.length ? [...new Set(claims)] : undefined;
}

/** The condition of an alternative. */
export function termOf(alternative: PlannedAlternative): Term {
  if ('when' in alternative) return alternative.when;
  return { kind: 'all', of: alternative.allOf.map((claim) => ({ kind: 'claim', claim })) };
}

/** A person's share of a lookup: every claim type, at its version, that touches the person. */
export interface TouchedPart {
  readonly subject: string;
  readonly claimType: string;
  readonly claimVersion: number;
}

/** Keys of the people whom claims touch. */
export function touchedPeople(claims: readonly Claim[]): Set<string> {
  const people = new Set<string>();
  for (const { subject, with: involved } of claims) {
    people.add(subject);
    for (const role in involved) people.add(involved[role] as string);
  }
  return people;
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
