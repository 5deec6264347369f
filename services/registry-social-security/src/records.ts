import type { Person } from '@vouch/adapter-sdk';
import type { Day } from '@vouch/adapter-sdk/calendar';
import type { FlexibleWork, InsuredMonth as MonthFacts, Population } from '@vouch/population';
import type { Employment } from './domain/employment.js';
import type { InsuredMonth } from './domain/insurance.js';

/** What social security has on file about one person. */
interface Insured {
  readonly months: readonly InsuredMonth[];
  readonly employments: readonly Employment[];
  readonly flexibleWork: readonly Employment[];
}

/** Social security's files. */
export interface SocialSecurityRecords {
  /** Day to which they are complete: the end of the last closed month. */
  readonly completeTo: Day;
  /**
   * The file of a person, empty for one who never paid: the bureau checks identity against the population library.
   * Undefined when the ID number is unknown or bears another name, and nobody can tell which.
   */
  find(person: Person): Insured | undefined;
}

/** The files of the synthetic population. */
export function createSocialSecurityRecords(population: Population): SocialSecurityRecords {
  return {
    completeTo: population.asOf('social-security'),
    find({ idNumber, name }) {
      // An unknown number costs a family's making too, so that its answer takes as long as a wrong name's.
      const person = (population.find(idNumber) ?? { person: population.family(0).child }).person;
      if (person.idNumber !== idNumber || person.name !== name) return undefined;
      const facts = population.socialSecurity(person);
      return {
        months: facts.months.map(toInsuredMonth),
        employments: facts.employments.map(toEmployment),
        flexibleWork: facts.flexibleWork.map(toEmployment),
      };
    },
  };
}

const toEmployment = ({ region, happenedOn, until }: FlexibleWork): Employment => ({ region, from: happenedOn, until });

const toInsuredMonth = ({ month, scheme, region, employerId, kind, paidOn }: MonthFacts): InsuredMonth => ({
  month,
  scheme,
  region,
  byEmployer: employerId !== undefined,
  paidOn,
  payment: kind === 'regular' ? 'on-time' : paidOn === undefined ? 'owed' : 'late',
});
