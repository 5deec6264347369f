import { countPoints, type Plan, type Term } from '@vouch/rules';
import { type ClaimFacts, claimImplies, claimsExclude } from './compare-claims.js';

/** A term over atoms that each hold or do not. */
export type Formula =
  | { readonly kind: 'atom'; readonly atom: number }
  | { readonly kind: 'constant'; readonly holds: boolean }
  | { readonly kind: 'not'; readonly of: Formula }
  /** So many of several hold. */
  | { readonly kind: 'count'; readonly count: number; readonly of: readonly Formula[] };

/** All hold. */
export const both = (...of: readonly Formula[]): Formula => ({ kind: 'count', count: of.length, of });
/** One holds. */
export const either = (...of: readonly Formula[]): Formula => ({ kind: 'count', count: 1, of });
/** Does not hold. */
export const not = (of: Formula): Formula => ({ kind: 'not', of });

/** What each atom says of others, by atom. */
export interface Constraints {
  readonly implies: readonly (readonly number[])[];
  readonly excludes: readonly (readonly number[])[];
}

/** Formulas of one plan, and what their atoms say of each other. */
export interface Formulas {
  of(term: Term): Formula;
  /** Of the atoms met so far. */
  constraints(): Constraints;
}

type PointsTerm = Extract<Term, { kind: 'points' }>;
type Atom =
  | { readonly kind: 'claim'; readonly claim: number }
  | { readonly kind: 'fact'; readonly fact: string }
  | { readonly kind: 'points'; readonly points: PointsTerm }
  | { readonly kind: 'open' };

/** Formulas over a plan's claims. `addresses`: regions by the fact that stands for an address within them. */
export function createFormulas(plan: Plan, facts: ClaimFacts, addresses: ReadonlyMap<string, readonly string[]>): Formulas {
  const atoms: Atom[] = [];
  const known = new Map<string | Term, number>();
  const atom = (key: string | Term, kind: Atom): Formula => {
    const index = known.get(key) ?? atoms.push(kind) - 1;
    known.set(key, index);
    return { kind: 'atom', atom: index };
  };

  function of(term: Term): Formula {
    switch (term.kind) {
      case 'claim':
        return atom(`claim ${term.claim}`, term);
      case 'fact':
        return atom(`fact ${term.fact}`, term);
      case 'settled':
        // What is open for want of an input may hold or not, each by itself.
        return term.truth === 0 ? atom(term, { kind: 'open' }) : { kind: 'constant', holds: term.truth === 1 };
      case 'all':
        return both(...term.of.map(of));
      case 'any':
      case 'ladder':
        return either(...term.of.map(of));
      case 'atLeast':
        return { kind: 'count', count: term.count, of: term.of.map(of) };
      case 'not':
        return not(of(term.of));
      case 'points':
        return canReach(term, plan)
          ? atom(`points ${term.items} ${term.atLeast} ${term.strict}`, { kind: 'points', points: term })
          : { kind: 'constant', holds: false };
    }
  }

  const implies = (a: Atom, b: Atom): boolean => {
    if (a.kind === 'claim' && b.kind === 'claim') return within(plan, a, b, (one, two) => claimImplies(one, two, facts));
    if (a.kind === 'fact' && b.kind === 'fact') return addressWithin(addresses.get(a.fact), addresses.get(b.fact));
    if (a.kind !== 'points' || b.kind !== 'points') return false;
    const [one, two] = [a.points, b.points];
    return `${one.items}` === `${two.items}` && (one.atLeast > two.atLeast || (one.atLeast === two.atLeast && (one.strict || !two.strict)));
  };
  const excludes = (a: Atom, b: Atom): boolean => {
    if (a.kind === 'claim' && b.kind === 'claim') return within(plan, a, b, (one, two) => claimsExclude(one, two, facts));
    return a.kind === 'fact' && b.kind === 'fact' && addressesApart(addresses.get(a.fact), addresses.get(b.fact));
  };
  const related = (is: (a: Atom, b: Atom) => boolean) =>
    atoms.map((a) => atoms.flatMap((b, index) => (a !== b && is(a, b) ? [index] : [])));

  return { of, constraints: () => ({ implies: related(implies), excludes: related(excludes) }) };
}

type ClaimAtom = Extract<Atom, { kind: 'claim' }>;
type Compare = Parameters<typeof claimImplies> extends [infer C, infer D, ...unknown[]] ? (a: C, b: D) => boolean : never;

function within({ claims }: Plan, a: ClaimAtom, b: ClaimAtom, compare: Compare): boolean {
  const [one, two] = [claims[a.claim], claims[b.claim]];
  return one !== undefined && two !== undefined && compare(one, two);
}

/** Whether the points can be had at all, when everything goes well. */
function canReach({ items, atLeast, strict }: PointsTerm, plan: Plan): boolean {
  const each = countPoints(plan, [], () => 0, undefined).items;
  const most = Math.min(
    items.reduce((sum, index) => sum + (each[index]?.most ?? 0), 0),
    plan.points?.mostPoints ?? Number.POSITIVE_INFINITY,
  );
  return strict ? most > atLeast : most >= atLeast;
}

const addressWithin = (inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean =>
  inner !== undefined && outer !== undefined && inner.every((one) => outer.some((around) => one.startsWith(around)));

const addressesApart = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a !== undefined && b !== undefined && a.every((one) => b.every((two) => !one.startsWith(two) && !two.startsWith(one)));
