import { type Adapter, day, defineAdapter, type Finding, regionCode, regionOrAddressCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnBusiness } from './domain/business.js';
import { ruleOnDeedTax } from './domain/deed-tax.js';
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
            return taxpayer ? { asOf, ...ruleOnDeedTax(taxpayer.deedTaxes, parameters) } : notFound;
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
            return taxpayer ? { asOf, ...ruleOnBusiness(taxpayer.businesses, parameters, asOf) } : notFound;
          }),
      },
    },
  });
}
