import type { RequestFault } from '@vouch/errors';
import { readIdNumber } from '@vouch/identity';
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

/** Values of a raw record; nothing for anything else. */
export const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

/** Faults in the ID numbers and names of a raw `subjects` value, beyond its shape. */
export function personFaults(subjects: unknown): RequestFault[] {
  return entriesOf(subjects).flatMap(([key, value]) => {
    const { idNumber, name } = Object.fromEntries(entriesOf(value));
    const faults: RequestFault[] = [];
    if (typeof idNumber === 'string') {
      const reading = readIdNumber(idNumber.trim());
      if (!reading.ok) faults.push(toFault(['subjects', key, 'idNumber'], reading.fault));
    }
    if (typeof name === 'string') {
      const at = ['subjects', key, 'name'];
      if (name.trim() === '') faults.push(toFault(at, 'name_empty'));
      if ([...name.normalize('NFC')].length > LONGEST_NAME) faults.push(toFault(at, 'name_too_long'));
      if (CONTROL.test(name)) faults.push(toFault(at, 'name_characters'));
      if (INVISIBLE.test(name)) faults.push(toFault(at, 'name_invisible'));
    }
    return faults;
  });
}

/** People in their normal form. Call it only when `personFaults` found none. */
export function toPeople(subjects: Readonly<Record<string, Person>>): Record<string, Person> {
  return Object.fromEntries(
    Object.entries(subjects).map(([key, { idNumber, name }]) => {
      const reading = readIdNumber(idNumber.trim());
      return [key, { idNumber: reading.ok ? reading.idNumber : idNumber, name: name.normalize('NFC').trim() }];
    }),
  );
}
