import type { Person } from '@vouch/adapter-sdk';
import type { Day } from '@vouch/adapter-sdk/calendar';
import type { HouseholdPage as PageFacts, Person as PersonFacts, PoliceFacts, Population } from '@vouch/population';
import type { Guardianship } from './domain/guardianship.js';
import type { HouseholdPage, HouseholdRecord } from './domain/household.js';
import type { Relative } from './domain/kin.js';
import type { ResidencePermit } from './domain/residence-permit.js';

/** What the police have on file about one person. */
interface Resident extends Relative {
  readonly household: HouseholdRecord;
  readonly guardianships: readonly Guardianship[];
  readonly permits: readonly ResidencePermit[];
  /** The parents on record, as far as the register has them. */
  parentsOnRecord(): readonly Relative[];
}

/** The police's files. */
export interface PoliceRecords {
  /** Day to which they are complete. */
  readonly completeTo: Day;
  /** The file of a person; undefined when the ID number is unknown or bears another name, and nobody can tell which. */
  find(person: Person): Resident | undefined;
}

/** The files of the synthetic population. */
export function createPoliceRecords(population: Population): PoliceRecords {
  return {
    completeTo: population.asOf('police'),
    find({ idNumber, name }) {
      // An unknown number costs a family's making too, so that its answer takes as long as a wrong name's.
      const person = (population.find(idNumber) ?? { person: population.family(0).child }).person;
      if (person.idNumber !== idNumber || person.name !== name) return undefined;
      const facts = population.police(person);
      // Spelled out: V8 takes ten times as long over a literal with a spread in it.
      const { male, parents, brothers, sisters } = toRelative(person, facts);
      return {
        idNumber,
        birthDate: person.birthDate,
        male,
        parents,
        brothers,
        sisters,
        parentsOnRecord: () => facts.birthFamily.parents.flatMap((parent) => relativeOf(population, parent.idNumber) ?? []),
        household: {
          pages: [...(facts.page ? [facts.page] : []), ...facts.previousPages].map(toPage),
          unnumberedPages: facts.unnumberedPages.map(toPage),
        },
        guardianships: facts.guardians.map(({ guardian, happenedOn, endedOn }) => ({
          guardianIdNumber: guardian.idNumber,
          from: happenedOn,
          endedOn,
        })),
        permits: facts.permits.map(({ addressCode, appliedOn, periods }) => ({ addressCode, appliedOn, periods })),
      };
    },
  };
}

function relativeOf(population: Population, idNumber: string): Relative | undefined {
  const found = population.find(idNumber);
  return found && toRelative(found.person, population.police(found.person));
}

const toRelative = ({ idNumber, birthDate, sex }: PersonFacts, { birthFamily }: PoliceFacts): Relative => ({
  idNumber,
  birthDate,
  male: sex === 'male',
  parents: birthFamily.parents.map((parent) => parent.idNumber),
  brothers: birthFamily.brothers,
  sisters: birthFamily.sisters,
});

const toPage = ({ bookId, bookType, addressCode, happenedOn, movedOutOn }: PageFacts): HouseholdPage => ({
  bookId,
  collective: bookType === 'collective',
  addressCode,
  registeredOn: happenedOn,
  movedOutOn,
});
