import { TerminalError } from '@vouch/errors';
import { MOST_STATED } from '@vouch/what-if';
import { toFault } from './faults.js';
import { MOST_CLAIMS, MOST_PARTS } from './request-schemas.js';

/** How many members a value of a request may have, and so on for the values in it. Values that are not named here are not looked at. */
export interface Bound {
  readonly most: number;
  /** Bounds of a record's fields. */
  readonly fields?: Readonly<Record<string, Bound>>;
  /** Bound of each item of an array, or of each value of a map. */
  readonly each?: Bound;
}

const FIELDS: Bound = { most: 50 };
// More than there are keys of subjects.
const PEOPLE: Bound = { most: 20 };
const SUBJECTS: Bound = { ...PEOPLE, each: FIELDS };

/** Bounds of a lookup, as a body and as a message. A claim's parameters have a limit in bytes besides. */
export const VERIFICATION_BOUND: Bound = {
  ...FIELDS,
  fields: {
    claims: { most: MOST_CLAIMS, each: { ...FIELDS, fields: { with: PEOPLE, parameters: FIELDS } } },
    subjects: SUBJECTS,
    facts: FIELDS,
    legalBasis: FIELDS,
  },
};

/** Bounds of a wish for consent. */
export const CONSENT_BOUND: Bound = {
  ...FIELDS,
  fields: { claimTypes: { most: MOST_CLAIMS, each: { ...FIELDS, fields: { subjects: PEOPLE } } }, subjects: SUBJECTS },
};

/** Bounds of stated facts. */
export const STATED_BOUND: Bound = {
  ...FIELDS,
  fields: {
    people: PEOPLE,
    facts: FIELDS,
    claims: { most: MOST_STATED, each: { ...FIELDS, fields: { with: PEOPLE, parameters: FIELDS, disclosures: FIELDS } } },
  },
};

/** Bounds of a decision. */
export const DECISION_BOUND: Bound = { ...FIELDS, fields: { parts: { most: MOST_PARTS, each: FIELDS } } };

/**
 * Throws `request_invalid` with the first place that has too many members. Runs before the schema, which would look at each of
 * them, and write down what is wrong with each, before it counts them.
 */
export function assertBounded(value: unknown, bound: Bound): void {
  const path = findTooLarge(value, bound);
  if (path) throw new TerminalError('request_invalid', { faults: [toFault(path, 'too_large')] });
}

/** The path from here to the first value that is too large. */
function findTooLarge(value: unknown, { most, fields, each }: Bound): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && value.length > most) return [];
  const keys = Object.keys(value);
  if (keys.length > most) return [];
  if (!each && !fields) return undefined;
  for (const key of keys) {
    const bound = each ?? (fields && Object.hasOwn(fields, key) ? fields[key] : undefined);
    const found = bound && findTooLarge((value as Readonly<Record<string, unknown>>)[key], bound);
    if (found) return [key, ...found];
  }
  return undefined;
}
