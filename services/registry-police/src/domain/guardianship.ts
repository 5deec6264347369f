import { type Day, yearsBefore } from '@vouch/adapter-sdk/calendar';

/** That somebody is a child's guardian: a parent by birth, or whom a court appointed. */
export interface Guardianship {
  readonly guardianIdNumber: string;
  readonly from: Day;
  /** Day on which a court ended it; undefined while it holds. A divorce does not end it. */
  readonly endedOn: Day | undefined;
}

/** Age from which nobody has a guardian (Civil Code, Art. 17). */
const ADULT_AGE = 18;

/** Whether somebody is the guardian of a minor on a day. */
export function ruleOnGuardianship(
  ward: {
    readonly birthDate: Day;
    readonly guardianships: readonly Guardianship[];
  },
  guardianIdNumber: string,
  today: Day,
): { readonly outcome: 'confirmed' | 'refuted' } {
  const minor = ward.birthDate > yearsBefore(today, ADULT_AGE);
  const held = ward.guardianships.some(
    ({ guardianIdNumber: holder, from, endedOn }) =>
      holder === guardianIdNumber && from <= today && (endedOn === undefined || endedOn > today),
  );
  return { outcome: minor && held ? 'confirmed' : 'refuted' };
}
