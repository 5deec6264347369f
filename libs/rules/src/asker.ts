import type { Asking, ClaimCondition } from './condition.js';
import type { PlannedClaim } from './plan.js';

/** Gathers claims: each once, however many rules have it. */
export interface Asker {
  readonly claims: readonly PlannedClaim[];
  /** The claim's index; of two ways to ask it the more sparing one is kept. */
  indexOf(
    condition: ClaimCondition,
    subject: string,
    involved: Readonly<Record<string, string>>,
    parameters: Readonly<Record<string, unknown>>,
    moving: boolean,
  ): number;
}

/** An asker; `askingOf` says how a claim is asked. */
export function createAsker(askingOf: (condition: ClaimCondition) => Asking): Asker {
  const claims: PlannedClaim[] = [];
  const indexes = new Map<string, number>();
  return {
    claims,
    indexOf(condition, subject, involved, parameters, moving) {
      const { type, version } = condition;
      const asking = askingOf(condition);
      const key = `${type} ${version} ${subject} ${keyOf(involved)} ${keyOf(parameters)}`;
      const known = indexes.get(key);
      if (known === undefined) {
        indexes.set(key, claims.length);
        return claims.push({ type, version, subject, with: involved, parameters, asking, moving }) - 1;
      }
      if (asking === 'least') claims[known] = { ...(claims[known] as PlannedClaim), asking };
      return known;
    },
  };
}

function keyOf(record: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(record);
  if (names.length > 1) names.sort();
  let key = '';
  for (const name of names) {
    const value = record[name];
    // Quoted, so that a number and its text differ; most values are short texts without anything to escape.
    key += `${name}=${typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value)};`;
  }
  return key;
}
