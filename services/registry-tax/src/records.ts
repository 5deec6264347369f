import type { Person } from '@vouch/adapter-sdk';
import type { Day } from '@vouch/adapter-sdk/calendar';
import type { Population, TaxFacts } from '@vouch/population';
import type { Business } from './domain/business.js';
import type { DeedTax } from './domain/deed-tax.js';
import type { Filing } from './domain/filing.js';
import type { PurchaseInvoice } from './domain/invoice.js';
import type { RentalTax } from './domain/rental-tax.js';

/** What the tax bureau has on file about one person, each list looked up when it is asked for. */
interface Taxpayer {
  deedTaxes(): readonly DeedTax[];
  businesses(): readonly Business[];
  rentalTaxes(): readonly RentalTax[];
  filings(): readonly Filing[];
  invoices(): readonly PurchaseInvoice[];
}

/** The tax bureau's files. */
export interface TaxRecords {
  /** Day to which they are complete. */
  readonly completeTo: Day;
  /**
   * The file of a person, empty for one who never bought a home or traded: the bureau checks identity against the population library.
   * Undefined when the ID number is unknown or bears another name, and nobody can tell which.
   */
  find(person: Person): Taxpayer | undefined;
}

/** The files of the synthetic population. */
export function createTaxRecords(population: Population): TaxRecords {
  return {
    completeTo: population.asOf('tax'),
    find({ idNumber, name }) {
      // An unknown number costs a family's making too, so that its answer takes as long as a wrong name's.
      const person = (population.find(idNumber) ?? { person: population.family(0).child }).person;
      if (person.idNumber !== idNumber || person.name !== name) return undefined;
      const list = <L extends keyof Taxpayer>(name: L): TaxFacts[L] => population.tax(person, { lists: [name] })[name];
      return {
        deedTaxes: () => list('deedTaxes').map(({ addressCode, paidOn }) => ({ addressCode, paidOn })),
        businesses: () => list('businesses').map(({ region, from, until }) => ({ region, from, until })),
        rentalTaxes: () =>
          list('rentalTaxes').map(({ addressCode, from, until, happenedOn }) => ({ addressCode, from, until, paidOn: happenedOn })),
        filings: () => list('filings').map(({ month, region, zero }) => ({ month, region, zero })),
        invoices: () => list('invoices').map(({ addressCode, happenedOn, full }) => ({ addressCode, issuedOn: happenedOn, full })),
      };
    },
  };
}
