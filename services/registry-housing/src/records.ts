import type { Person } from '@vouch/adapter-sdk';
import type { Day } from '@vouch/adapter-sdk/calendar';
import type { Home, Population } from '@vouch/population';
import type { Lease } from './domain/lease.js';
import type { PresaleContract } from './domain/presale.js';
import type { Title, TitleRecord } from './domain/title.js';

/** What the housing bureau has on file about one person. */
interface HousingFile extends TitleRecord {
  readonly presales: readonly PresaleContract[];
  /** Filed leases and public rentals. */
  readonly leases: readonly Lease[];
}

/** The housing bureau's files. */
export interface HousingRecords {
  /** Day to which they are complete. */
  readonly completeTo: Day;
  /**
   * The file of a person, empty for one who never bought or rented: the bureau checks identity against the population library.
   * Undefined when the ID number is unknown or bears another name, and nobody can tell which.
   */
  find(person: Person): HousingFile | undefined;
}

/** The files of the synthetic population. */
export function createHousingRecords(population: Population): HousingRecords {
  return {
    completeTo: population.asOf('housing'),
    find({ idNumber, name }) {
      // An unknown number costs a family's making too, so that its answer takes as long as a wrong name's.
      const person = (population.find(idNumber) ?? { person: population.family(0).child }).person;
      if (person.idNumber !== idNumber || person.name !== name) return undefined;
      const facts = population.housing(person);
      return {
        titles: facts.homes.map(toTitle),
        unnumberedTitles: facts.unnumberedHomes.map(toTitle),
        presales: facts.presales.map(({ addressCode, use, happenedOn, state }) => ({
          addressCode,
          residential: use === 'residential',
          filedOn: happenedOn,
          cancelled: state === 'cancelled',
        })),
        leases: [...facts.leases, ...facts.publicRentals].map(({ addressCode, from, until, happenedOn }) => ({
          addressCode,
          from,
          until,
          registeredOn: happenedOn,
        })),
      };
    },
  };
}

const toTitle = ({ addressCode, use, happenedOn, transferredOn, owners }: Home): Title => ({
  addressCode,
  residential: use === 'residential',
  registeredOn: happenedOn,
  transferredOn,
  owners: owners.map(({ owner, share }) => ({ idNumber: owner.idNumber, share })),
});
