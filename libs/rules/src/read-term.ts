import type { Finding } from './finding.js';
import type { Term } from './plan.js';
import { countItems } from './points.js';
import { negate, type Truth, truthOf } from './truth.js';

/** Part of a term that has no parts itself. */
export type Leaf = Extract<Term, { kind: 'claim' | 'fact' | 'settled' }>;

/** Reads terms over what was found. */
export interface Reader {
  /** A term's truth. */
  truth(term: Term): Truth;
  /**
   * A term's truth, and after what is in `leaves` already those leaves that give it: of one that holds or fails those that suffice (the first way
   * in; of what keeps out, all), of one that is open those that are open and can still change it.
   */
  decide(term: Term, leaves: Leaf[]): Truth;
}

/** A reader of terms over a plan's findings. */
export function createReader(findings: readonly Finding[]): Reader {
  const scratch: Leaf[] = [];
  const truth = (term: Term): Truth => {
    // Points inside a term are read while the term is.
    const from = scratch.length;
    const found = decide(term, scratch);
    scratch.length = from;
    return found;
  };

  function decide(term: Term, leaves: Leaf[]): Truth {
    switch (term.kind) {
      case 'claim':
        leaves.push(term);
        return truthOf(findings[term.claim]?.outcome);
      case 'all':
        return joined(term.of, leaves, 1);
      case 'any':
      case 'ladder':
        return joined(term.of, leaves, -1);
      case 'not':
        return negate(decide(term.of, leaves));
      case 'atLeast':
        return counted(term.count, term.of, leaves);
      case 'settled':
        leaves.push(term);
        return term.truth;
      case 'fact':
        leaves.push(term);
        return 0;
      case 'points':
        return pointed(term, leaves);
    }
  }

  /** All-of begins as 1 and goes down, any-of as -1 and goes up; only parts of the value it has in the end are kept. */
  function joined(parts: readonly Term[], leaves: Leaf[], neutral: 1 | -1): Truth {
    const from = leaves.length;
    let value: Truth = neutral;
    for (const part of parts) {
      const before = leaves.length;
      const found = decide(part, leaves);
      if (found === value) continue;
      if (found * neutral > value * neutral) {
        leaves.length = before;
        continue;
      }
      if (before > from) {
        leaves.copyWithin(from, before);
        leaves.length -= before - from;
      }
      value = found;
      if (value === 1) return 1;
    }
    return value;
  }

  function counted(count: number, parts: readonly Term[], leaves: Leaf[]): Truth {
    const own = parts.map((part) => {
      const inside: Leaf[] = [];
      return { found: decide(part, inside), inside };
    });
    const holding = own.filter(({ found }) => found === 1).length;
    const open = own.filter(({ found }) => found === 0).length;
    const value = holding >= count ? 1 : holding + open >= count ? 0 : -1;
    for (const { found, inside } of own) if (found === value) leaves.push(...inside);
    return value;
  }

  function pointed(term: Extract<Term, { kind: 'points' }>, leaves: Leaf[]): Truth {
    const points = term.scheme;
    const { least, most } = countItems(points, term.items, findings, truth);
    const enough = (number: number): boolean => (term.strict ? number > term.atLeast : number >= term.atLeast);
    const value = enough(least) ? 1 : enough(most) ? 0 : -1;
    for (const index of term.items) {
      const item = points.items[index];
      if (item?.fixed && (value !== 0 || truth(item.fixed.when) === 0)) decide(item.fixed.when, leaves);
      for (const { claim } of item?.measured?.measures ?? []) leaves.push({ kind: 'claim', claim });
    }
    for (const veto of points.vetoes) if (value !== 0 || truth(veto) === 0) decide(veto, leaves);
    return value;
  }

  return { truth, decide };
}
