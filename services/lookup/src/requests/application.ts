import type { RequirementSet } from '@vouch/catalogue';
import type { RequestFault } from '@vouch/errors';
import { birthDateOf, dayInShanghai, isDay } from '@vouch/identity';
import { entryYearsOf, notInForce } from '@vouch/rules';
import type { Application, PersonalInputs } from '../domain/application.js';
import { toFault } from './faults.js';
import { entriesOf, type Person } from './people.js';

/** What a request states for its set. */
interface Stated {
  readonly entryYear?: number | undefined;
  readonly applicationDate?: string | undefined;
  readonly addressCode?: string | undefined;
  readonly facts?: Readonly<Record<string, boolean>> | undefined;
}

const whenOf = (set: RequirementSet, { entryYear, applicationDate }: Stated) => ({
  entryYear: entryYear ?? entryYearsOf(set.rules)[0] ?? 0,
  applicationDate: applicationDate ?? dayInShanghai(new Date()),
});

/** The application that a set is worked out for. What its rules do not depend on is left out: it need not be kept, not even sealed. */
export function toApplication(set: RequirementSet, stated: Stated, people: Readonly<Record<string, Person>>): Application {
  const { addressCode, facts } = stated;
  const { dependsOn } = set.compiled;
  const child = people.child?.idNumber;
  const birthDate = child === undefined || !dependsOn.childBirthDate ? undefined : birthDateOf(child);
  const personal: PersonalInputs = {
    ...(addressCode !== undefined && dependsOn.addressCode ? { addressCode } : {}),
    ...(birthDate === undefined ? {} : { childBirthDate: birthDate }),
    ...(facts && Object.keys(facts).length > 0 ? { facts } : {}),
  };
  return {
    ...whenOf(set, stated),
    people: Object.keys(people),
    ...(Object.keys(personal).length > 0 ? { personal } : {}),
  };
}

const AT = {
  other_entry_year: ['entryYear', 'other_entry_year'],
  not_yet: ['applicationDate', 'not_yet_in_force'],
  no_longer: ['applicationDate', 'no_longer_in_force'],
} as const;

/** What a raw body states that does not fit its set, beyond its shape: a set that does not hold for it, facts that the set does not have. */
export function applicationFaults(set: RequirementSet, body: unknown): RequestFault[] {
  const { entryYear, applicationDate, facts } = Object.fromEntries(entriesOf(body));
  const known = new Set((set.rules.facts ?? []).map(({ id }) => id));
  const faults = entriesOf(facts).flatMap(([id]) => (known.has(id) ? [] : [toFault(['facts', id], 'unknown_fact')]));
  const year = typeof entryYear === 'number' ? entryYear : undefined;
  const day = typeof applicationDate === 'string' && isDay(applicationDate) ? applicationDate : undefined;
  // A day or year that is none is the schema's to tell.
  if ((entryYear !== undefined && year === undefined) || (applicationDate !== undefined && day === undefined)) return faults;
  const why = notInForce(set.rules, whenOf(set, { entryYear: year, applicationDate: day }));
  if (!why) return faults;
  const [field, code] = AT[why];
  return [...faults, toFault([field], code)];
}
