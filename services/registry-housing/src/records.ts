import type { Person } from '@vouch/adapter-sdk';
import type { Day } from '@vouch/adapter-sdk/calendar';
import type { Home, Population, PublicRental, RegisteredLease } from '@vouch/population';
import type { Lease } from './domain/lease.js';
import type { PresaleContract } from './domain/presale.js';
import type { Resettlement } from './domain/resettlement.js';
import type { Title, TitleRecord } from './domain/title.js';

/** What the housing bureau has on file about one person. */
interface HousingFile extends TitleRecord {
  readonly presales: readonly PresaleContract[];
  readonly resettlements: readonly Resettlement[];
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
        presales: facts.presales.map(({ addressCode, use, happenedOn, preNoticeOn, handedOverOn, state }) => ({
          addressCode,
          residential: use === 'residential',
          filedOn: happenedOn,
          preNoticeOn,
          handedOverOn,
          cancelled: state === 'cancelled',
        })),
        resettlements: facts.resettlements.map(({ addressCode, newAddressCode, happenedOn }) => ({
          addressCode,
          newAddressCode,
          signedOn: happenedOn,
        })),
        leases: [...facts.leases.map((lease) => toLease(lease, false)), ...facts.publicRentals.map((rental) => toLease(rental, true))],
      };
    },
  };
}

const toLease = ({ addressCode, from, until, happenedOn }: RegisteredLease | PublicRental, publicRental: boolean): Lease => ({
  addressCode,
  from,
  until,
  registeredOn: happenedOn,
  publicRental,
});

const toTitle = ({ addressCode, use, happenedOn, handedOverOn, transferredOn, owners }: Home): Title => ({
  addressCode,
  residential: use === 'residential',
  registeredOn: happenedOn,
  handedOverOn,
  transferredOn,
  owners: owners.map(({ owner, share }) => ({ idNumber: owner.idNumber, share })),
});
