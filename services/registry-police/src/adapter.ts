import { type Adapter, day, defineAdapter, type Finding, fault, regionCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnAge } from './domain/age.js';
import { ruleOnGuardianship } from './domain/guardianship.js';
import { ruleOnRegistration } from './domain/household.js';
import { ruleOnPermit } from './domain/residence-permit.js';
import type { PoliceRecords } from './records.js';

/**
 * The police as a provider. Each claim type says what may be asked (`parameters`), of whom (`involves`), what an answer may
 * disclose beside its outcome, and answers a batch: one result per query, in order.
 */
export function createAdapter(records: PoliceRecords): Adapter {
  const asOf = records.completeTo;
  // An unknown ID number and a name that does not match it get this same answer, so that nobody can probe names.
  const notFound: Finding<never> = { outcome: 'not_found', asOf };

  return defineAdapter({
    agency: 'police',
    regions: ['37'],
    quota: { perDay: 2_000_000 },
    claimTypes: {
      'household-registered': {
        version: 1,
        parameters: z.strictObject({
          region: regionCode().describe('Region in whose household register the subject must be.'),
          since: day()
            .optional()
            .describe('Registered there on or before this day and without a break since; moves inside the region are none.'),
          withGuardian: z.boolean().default(false).describe('Whether it must be the book of the person named as guardian.'),
          excludeCollective: z.boolean().default(false).describe('Whether a collective household counts for nothing.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        involves: { guardian: 'optional' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            if (parameters.withGuardian && !persons.guardian) return fault('person_missing');
            const resident = records.find(persons.subject);
            const guardian = parameters.withGuardian && persons.guardian ? records.find(persons.guardian) : undefined;
            if (!resident || (parameters.withGuardian && !guardian)) return notFound;
            return { asOf, ...ruleOnRegistration(resident.household, parameters, asOf, guardian?.household) };
          }),
      },
      'guardian-of': {
        version: 1,
        parameters: z.strictObject({}).describe('The subject is the child, the person in the role guardian is asked about.'),
        routing: { combine: 'any' },
        involves: { guardian: 'required' },
        discloses: {},
        check: (batch) =>
          batch.map(({ persons }) => {
            const child = records.find(persons.subject);
            const guardian = records.find(persons.guardian);
            if (!child || !guardian) return notFound;
            return { asOf, ...ruleOnGuardianship(child, persons.guardian.idNumber, asOf) };
          }),
      },
      'residence-permit': {
        version: 1,
        parameters: z.strictObject({
          region: regionCode().describe('Region that issued the permit.'),
          validAt: day().describe('Day on which it must be valid.'),
          continuousMonths: z.int().min(1).max(240).optional().describe('Least number of full months, without a break, up to validAt.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const resident = records.find(persons.subject);
            return resident ? { asOf, ...ruleOnPermit(resident.permits, parameters, asOf) } : notFound;
          }),
      },
      'age-on': {
        version: 1,
        parameters: z.strictObject({
          at: day().describe('Day on which the age counts.'),
          years: z.int().min(0).max(120).describe('Least age on that day, in full years.'),
        }),
        routing: { combine: 'any' },
        discloses: {},
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const resident = records.find(persons.subject);
            return resident ? { asOf, ...ruleOnAge(resident.birthDate, parameters) } : notFound;
          }),
      },
    },
  });
}
