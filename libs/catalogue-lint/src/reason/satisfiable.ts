import type { Constraints, Formula } from './formula.js';

const MOST_STEPS = 20_000;

/**
 * Whether some state of the world makes a formula hold: `undefined` when that was not found out in as many steps as are allowed. Each step settles
 * one atom and what follows from it.
 */
export function isSatisfiable(formula: Formula, { implies, excludes }: Constraints): boolean | undefined {
  const impliedBy = implies.map((_, atom) => implies.flatMap((others, other) => (others.includes(atom) ? [other] : [])));
  const excludedBy = excludes.map((_, atom) => excludes.flatMap((others, other) => (others.includes(atom) ? [other] : [])));
  const values: (boolean | undefined)[] = implies.map(() => undefined);
  let steps = 0;

  /** Settles an atom and all that follows; `false` when that contradicts what is settled. What it settled is added to `trail`. */
  function settle(atom: number, holds: boolean, trail: number[]): boolean {
    if (values[atom] !== undefined) return values[atom] === holds;
    values[atom] = holds;
    trail.push(atom);
    if (!holds) return (impliedBy[atom] ?? []).every((other) => settle(other, false, trail));
    return (
      (implies[atom] ?? []).every((other) => settle(other, true, trail)) &&
      (excludes[atom] ?? []).every((other) => settle(other, false, trail)) &&
      (excludedBy[atom] ?? []).every((other) => settle(other, false, trail))
    );
  }

  function search(): boolean | undefined {
    const value = truthOf(formula, values);
    // Atoms that are still open may all fail: nothing follows from a false atom but that what implies it is false.
    if (value !== undefined) return value;
    steps += 1;
    if (steps > MOST_STEPS) return undefined;
    const atom = openAtom(formula, values) as number;
    let unsure = false;
    for (const holds of [true, false]) {
      const trail: number[] = [];
      const found = settle(atom, holds, trail) ? search() : false;
      for (const settled of trail) values[settled] = undefined;
      if (found) return true;
      unsure ||= found === undefined;
    }
    return unsure ? undefined : false;
  }
  return search();
}

function truthOf(formula: Formula, values: readonly (boolean | undefined)[]): boolean | undefined {
  switch (formula.kind) {
    case 'atom':
      return values[formula.atom];
    case 'constant':
      return formula.holds;
    case 'not': {
      const value = truthOf(formula.of, values);
      return value === undefined ? undefined : !value;
    }
    case 'count': {
      let holding = 0;
      let open = 0;
      for (const part of formula.of) {
        const value = truthOf(part, values);
        if (value === true) holding += 1;
        if (value === undefined) open += 1;
      }
      return holding >= formula.count ? true : holding + open < formula.count ? false : undefined;
    }
  }
}

function openAtom(formula: Formula, values: readonly (boolean | undefined)[]): number | undefined {
  if (formula.kind === 'atom') return values[formula.atom] === undefined ? formula.atom : undefined;
  if (formula.kind === 'constant') return undefined;
  const parts = formula.kind === 'not' ? [formula.of] : formula.of;
  for (const part of parts) {
    if (truthOf(part, values) !== undefined) continue;
    const atom = openAtom(part, values);
    if (atom !== undefined) return atom;
  }
  return undefined;
}
