import { type Adapter, day, defineAdapter, type Finding, monthOrDay, regionCode, regionOrAddressCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnBusiness } from './domain/business.js';
import { ruleOnDeedTax } from './domain/deed-tax.js';
import { ruleOnFilings } from './domain/filing.js';
import { ruleOnInvoice } from './domain/invoice.js';
import { ruleOnRentalTax } from './domain/rental-tax.js';
import type { TaxRecords } from './records.js';

/**
 * The tax bureau as a provider. Each claim type says what may be asked (`parameters`), what an answer may disclose beside its
 * outcome, and answers a batch: one result per query, in order.
 */
export function createAdapter(records: TaxRecords): Adapter {
  const asOf = records.completeTo;
  // An unknown ID number and a name that does not match it get this same answer, so that nobody can probe names.
  const notFound: Finding<never> = { outcome: 'not_found', asOf };

  return defineAdapter({
    agency: 'tax',
    regions: ['37'],
    quota: { perDay: 1_000_000 },
    claimTypes: {
      'deed-tax-paid': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the home, or the beginning of its address code.'),
          paidBefore: day().optional().describe('Paid on or before this day.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { paid: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const taxpayer = records.find(persons.subject);
            return taxpayer ? { asOf, ...ruleOnDeedTax(taxpayer.deedTaxes(), parameters) } : notFound;
          }),
      },
      'purchase-invoice': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the home that was bought, or the beginning of its address code.'),
          issuedBefore: day().optional().describe('Issued on or before this day.'),
          fullOnly: z.boolean().default(true).describe('Whether it must be for the whole price; else one for a down payment will do.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const taxpayer = records.find(persons.subject);
            return taxpayer ? { asOf, ...ruleOnInvoice(taxpayer.invoices(), parameters) } : notFound;
          }),
      },
      'rental-tax-paid': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the rented home, or the beginning of its address code.'),
          coversDate: day().describe('Day for which tax on the rent must be paid.'),
          minimumMonths: z.int().min(1).max(240).optional().describe('Least number of full months, without a break, up to coversDate.'),
          fromPayment: z
            .boolean()
            .default(false)
            .describe('Whether time counts from the day of payment rather than from the first day that is paid for.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', since: 'date', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const taxpayer = records.find(persons.subject);
            return taxpayer ? { asOf, ...ruleOnRentalTax(taxpayer.rentalTaxes(), parameters, asOf) } : notFound;
          }),
      },
      'filed-months': {
        version: 1,
        parameters: z.strictObject({
          region: regionCode().optional().describe('Region in which the business is registered; anywhere when left out.'),
          atLeast: z.int().min(1).max(60).describe('Least number of months that were declared.'),
          startingAt: monthOrDay().optional().describe('First month that counts; every earlier one, five years back, when left out.'),
          endingAt: monthOrDay().describe('Last month that counts; one that may be declared still counts as the last that may not.'),
          consecutive: z.boolean().default(true).describe('Whether only months without a break back from endingAt count.'),
          countZero: z.boolean().default(true).describe('Whether a month that was declared with nothing to pay counts.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', shortBy: 'integer', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const taxpayer = records.find(persons.subject);
            return taxpayer ? { asOf, ...ruleOnFilings(taxpayer.filings(), parameters, asOf) } : notFound;
          }),
      },
      'business-active': {
        version: 1,
        parameters: z.strictObject({
          region: regionCode().describe('Region in which the business is registered.'),
          at: day().describe('Day on which it must be active; one after the records end counts as their last.'),
          continuousMonths: z.int().min(1).max(240).optional().describe('Least number of full months for which it was, up to that day.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', since: 'date', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const taxpayer = records.find(persons.subject);
            return taxpayer ? { asOf, ...ruleOnBusiness(taxpayer.businesses(), parameters, asOf) } : notFound;
          }),
      },
    },
  });
}
