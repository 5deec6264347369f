import type { RequestFault } from '@vouch/errors';
import { readIdNumber, toIdNumber } from '@vouch/identity';
import { toFault } from './faults.js';

/** A person in clear. Lives only as long as the request, or sealed. */
export interface Person {
  /** GB 11643 number, normalised. */
  readonly idNumber: string;
  readonly name: string;
}

const LONGEST_NAME = 100;
const CONTROL = /\p{Cc}/u;
// Format characters (zero-width, bidi marks and overrides, tags), line and paragraph separators, fillers: two names that look alike must be alike.
const INVISIBLE = /[\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u;

const NO_FIELDS: Readonly<Record<string, unknown>> = {};

/** A raw record as it is; one without fields for anything else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : NO_FIELDS;

/** Values of a raw record; nothing for anything else. */
export const entriesOf = (value: unknown): [string, unknown][] => Object.entries(fieldsOf(value));

/** Faults in the ID numbers and names of a raw `subjects` value, beyond its shape. */
export function personFaults(subjects: unknown): RequestFault[] {
  return entriesOf(subjects).flatMap(([key, value]) => {
    const { idNumber, name } = fieldsOf(value);
    const faults: RequestFault[] = [];
    if (typeof idNumber === 'string') {
      const reading = readIdNumber(idNumber.trim());
      if (!reading.ok) faults.push(toFault(['subjects', key, 'idNumber'], reading.fault));
    }
    if (typeof name === 'string') {
      const at = ['subjects', key, 'name'];
      if (name.trim() === '') faults.push(toFault(at, 'name_empty'));
      if (isTooLong(name)) faults.push(toFault(at, 'name_too_long'));
      if (CONTROL.test(name)) faults.push(toFault(at, 'name_characters'));
      if (INVISIBLE.test(name)) faults.push(toFault(at, 'name_invisible'));
    }
    return faults;
  });
}

// Characters are counted only where UTF-16 units, of which there are no fewer, are too many.
function isTooLong(name: string): boolean {
  const normal = name.normalize('NFC');
  return normal.length > LONGEST_NAME && [...normal].length > LONGEST_NAME;
}

/** People in their normal form. Call it only when `personFaults` found none. */
export function toPeople(subjects: Readonly<Record<string, Person>>): Record<string, Person> {
  const people: Record<string, Person> = {};
  for (const [key, { idNumber, name }] of Object.entries(subjects)) {
    people[key] = { idNumber: toIdNumber(idNumber.trim()), name: name.normalize('NFC').trim() };
  }
  return people;
}
