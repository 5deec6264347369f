import { PARAMETER_FAULTS } from '@vouch/catalogue';
import type { RequestFault } from '@vouch/errors';
import type { z } from 'zod';

/** Every code that a fault of a request can have, with the text for the caller. Those of a claim type's parameters are the first. */
export const FAULTS = {
  ...PARAMETER_FAULTS,
  id_number_length: 'An ID number has 18 characters',
  id_number_characters: 'An ID number has 17 digits and a digit or X',
  id_number_birth_date: 'The birth date in the ID number is none',
  id_number_check_digit: 'The check digit of the ID number is wrong',
  name_empty: 'The name is empty',
  name_too_long: 'The name has more than 100 characters',
  name_characters: 'The name has control characters',
  name_invisible: 'The name has invisible characters, or such as change the direction of writing',
  unknown_subject: 'This is no key of a subject',
  subject_missing: 'The subject that this refers to is not given',
  unknown_purpose: 'There is no such purpose',
  unknown_region: 'There is no such region',
  unknown_claim_type: 'There is no such claim type',
  unknown_claim_version: 'The claim type has no such version',
  unknown_role: 'The claim type involves no such person',
  unknown_requirement_set: 'There is no such requirement set',
  unknown_catalogue_version: 'No such version of the catalogue was ever in effect',
  not_yet_in_force: 'The requirement set does not hold yet on the day of the application',
  no_longer_in_force: 'The requirement set no longer holds on the day of the application',
  other_entry_year: 'The requirement set does not bind this year of entry',
  requirement_set_only: 'This can be given with a requirement set only',
  unknown_fact: 'The requirement set has no such fact',
  unknown_disclosure: 'The claim type discloses nothing of this name',
  claim_not_asked: 'The requirement set asks nothing like this of these people',
  stated_twice: 'Another stated claim stands for the same claim of the requirement set',
  requirement_set_or_claims: 'Give either a requirement set or claims',
  unknown_part: 'The consent has no such part',
  window_empty: 'The end is not after the beginning',
  window_past: 'The end is in the past',
  idempotency_key_malformed: 'The header idempotency-key must have 1 to 255 printable ASCII characters',
  url_malformed: 'The address is malformed',
} as const;

/** Code of a fault of a request. */
export type FaultCode = keyof typeof FAULTS;

/** A fault at a path of the request. */
export function toFault(path: readonly PropertyKey[], code: FaultCode): RequestFault {
  return { pointer: toPointer(path), code, detail: FAULTS[code] };
}

/** A fault outside of the body: in the address, or in a header. Its pointer begins with `/@`, which none into a body does. */
export function toOutsideFault(place: 'url' | `header/${string}`, code: FaultCode): RequestFault {
  return { pointer: `/@${place}`, code, detail: FAULTS[code] };
}

// A key is shown only when it looks like a field's name: someone may have put a number or a name there.
const PLAIN_KEY = /^(?:[A-Za-z_][A-Za-z0-9_-]{0,40}|\d{1,3})$/;

/** JSON pointer (RFC 6901) of a path; keys that do not look like names are shown as `?`, so that nothing personal is echoed. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${PLAIN_KEY.test(String(key)) ? String(key) : '?'}`).join('');
}

type Issue = z.core.$ZodIssue;

/** The faults that a schema found in a body. */
export function fromIssues(issues: readonly Issue[], body: unknown): RequestFault[] {
  return issues.flatMap((issue) => fromIssue(issue, body, []));
}

function fromIssue(issue: Issue, body: unknown, prefix: readonly PropertyKey[]): RequestFault[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => toFault([...path, key], 'unknown_field'));
    case 'invalid_key':
      return [toFault(path, 'unknown_subject')];
    case 'invalid_type':
      return [toFault(path, valueAt(body, path) === undefined ? 'required' : 'type_wrong')];
    case 'invalid_value':
      return [toFault(path, valueAt(body, path) === undefined ? 'required' : 'value_not_allowed')];
    case 'invalid_union': {
      const branch = issue.errors.find((errors) => !errors.some((error) => error.code === 'invalid_type' && error.path.length === 0));
      if (branch) return branch.flatMap((error) => fromIssue(error, body, path));
      if (valueAt(body, path) === undefined) return [toFault(path, 'required')];
      return [toFault(path, issue.errors.length > 0 ? 'type_wrong' : 'value_not_allowed')];
    }
    case 'too_small':
      return [toFault(path, 'too_small')];
    case 'too_big':
      return [toFault(path, 'too_large')];
    default:
      return [toFault(path, 'format_invalid')];
  }
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

// A client mends a few at a time, and the answer stays small whatever was sent.
const MOST_FAULTS = 100;

/** Faults in the order of their places, each once; the first 100. */
export function inOrder(faults: readonly RequestFault[]): RequestFault[] {
  const byKey = new Map(faults.map((fault) => [`${fault.pointer} ${fault.code}`, fault] as const));
  return [...byKey.values()].sort((a, b) => (a.pointer < b.pointer ? -1 : a.pointer > b.pointer ? 1 : 0)).slice(0, MOST_FAULTS);
}
