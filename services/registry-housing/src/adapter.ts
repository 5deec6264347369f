import { type Adapter, day, defineAdapter, type Finding, regionCode, regionOrAddressCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnLease } from './domain/lease.js';
import { ruleOnPresale } from './domain/presale.js';
import { ruleOnNoHome, ruleOnOwnership } from './domain/title.js';
import type { HousingRecords } from './records.js';

/**
 * The housing bureau as a provider. Each claim type says what may be asked (`parameters`), of whom (`involves`), what an answer may
 * disclose beside its outcome, and answers a batch: one result per query, in order.
 */
export function createAdapter(records: HousingRecords): Adapter {
  const asOf = records.completeTo;
  // An unknown ID number and a name that does not match it get this same answer, so that nobody can probe names.
  const notFound: Finding<never> = { outcome: 'not_found', asOf };

  return defineAdapter({
    agency: 'housing',
    regions: ['37'],
    quota: { perDay: 2_000_000 },
    claimTypes: {
      'owns-home': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the home, or the beginning of its address code.'),
          minimumShare: z
            .int()
            .min(1)
            .max(100)
            .optional()
            .describe('Least share in one home, percent, of the subject and the co-owners together; 51 says more than half.'),
          registeredBefore: day().optional().describe('Title registered on or before this day.'),
          residentialOnly: z.boolean().default(true).describe('Whether garages, shops and commercial flats count for nothing.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        involves: { coOwner: 'optional', coOwner2: 'optional' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons: { subject, coOwner, coOwner2 } }) => {
            const file = records.find(subject);
            const coOwners = [coOwner, coOwner2].filter((person) => person !== undefined);
            const strangers = coOwners.filter((person) => !records.find(person));
            if (!file || strangers.length > 0) return notFound;
            const holders = coOwners.map((person) => person.idNumber);
            return { asOf, ...ruleOnOwnership(file, subject.idNumber, holders, parameters, asOf) };
          }),
      },
      'presale-contract': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the home that is being built, or the beginning of its address code.'),
          filedBefore: day().describe('Contract net-signed and on file on or before this day.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const file = records.find(persons.subject);
            return file ? { asOf, ...ruleOnPresale(file.presales, parameters) } : notFound;
          }),
      },
      'registered-lease': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the rented home, or the beginning of its address code; public rentals count.'),
          registeredBefore: day().optional().describe('Only leases on file on or before this day count.'),
          coversDate: day().describe('Day on which a lease must run.'),
          minimumMonths: z.int().min(1).max(240).optional().describe('Least number of full months, without a break, up to coversDate.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const file = records.find(persons.subject);
            return file ? { asOf, ...ruleOnLease(file.leases, parameters, asOf) } : notFound;
          }),
      },
      'no-home-in': {
        version: 1,
        parameters: z.strictObject({
          region: z
            .union([regionCode(), z.array(regionCode()).min(1).max(20)])
            .describe('Region, or several, in none of which the subject may own even a share in a home.'),
        }),
        routing: { regionParameter: 'region', combine: 'all' },
        discloses: {},
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const file = records.find(persons.subject);
            return file ? { asOf, ...ruleOnNoHome(file, [parameters.region].flat(), asOf) } : notFound;
          }),
      },
    },
  });
}
