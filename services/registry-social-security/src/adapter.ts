import { type Adapter, day, defineAdapter, type Finding, monthOrDay, regionCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnEmployment } from './domain/employment.js';
import { ruleOnBackPayment, ruleOnInsurance, SCHEMES } from './domain/insurance.js';
import type { SocialSecurityRecords } from './records.js';

/**
 * Social security as a provider. Each claim type says what may be asked (`parameters`), what an answer may disclose beside its
 * outcome, and answers a batch: one result per query, in order.
 */
export function createAdapter(records: SocialSecurityRecords): Adapter {
  const asOf = records.completeTo;
  // An unknown ID number and a name that does not match it get this same answer, so that nobody can probe names.
  const notFound: Finding<never> = { outcome: 'not_found', asOf };

  return defineAdapter({
    agency: 'social-security',
    regions: ['37'],
    quota: { perDay: 2_000_000 },
    claimTypes: {
      'insured-months': {
        version: 1,
        parameters: z.strictObject({
          scheme: z
            .union([z.enum(SCHEMES), z.array(z.enum(SCHEMES)).min(1).max(SCHEMES.length)])
            .describe('Insurance scheme; of several, a month must be insured in each.'),
          region: regionCode().optional().describe('Region in which the months are insured; anywhere when left out.'),
          startingAt: monthOrDay().optional().describe('First month that counts; every earlier one when left out.'),
          atLeast: z.int().min(1).max(600).describe('Least number of months.'),
          endingAt: monthOrDay().describe('Last month that counts; one that is not closed yet counts as the last closed one (see asOf).'),
          consecutive: z.boolean().default(true).describe('Whether only months without a break back from endingAt count.'),
          countBackPayments: z.boolean().default(false).describe('Whether a month that was paid late counts.'),
          byEmployer: z.boolean().default(false).describe('Whether only months that an employer pays for count.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', shortBy: 'integer', firstPaid: 'date', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const insured = records.find(persons.subject);
            return insured
              ? { asOf, ...ruleOnInsurance(insured.months, { ...parameters, schemes: [parameters.scheme].flat() }, asOf) }
              : notFound;
          }),
      },
      'back-paid': {
        version: 1,
        parameters: z.strictObject({
          scheme: z.enum(SCHEMES).describe('Insurance scheme.'),
          region: regionCode().optional().describe('Region in which the months are insured; anywhere when left out.'),
          startingAt: monthOrDay().describe('First month that is looked at.'),
          endingAt: monthOrDay().describe('Last month that is looked at.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: {},
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const insured = records.find(persons.subject);
            return insured ? { asOf, ...ruleOnBackPayment(insured.months, parameters) } : notFound;
          }),
      },
      'flexible-work': {
        version: 1,
        parameters: z.strictObject({
          region: regionCode().describe('Region in which the subject is registered as a flexible worker.'),
          at: day().describe('Day on which the registration must hold; one after the records end counts as their last.'),
          continuousMonths: z.int().min(1).max(240).optional().describe('Least number of full months, without a break, up to that day.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', since: 'date', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const insured = records.find(persons.subject);
            return insured ? { asOf, ...ruleOnEmployment(insured.flexibleWork, parameters, asOf) } : notFound;
          }),
      },
      'employed-in': {
        version: 1,
        parameters: z.strictObject({
          region: regionCode().describe('Region in which the employer pays.'),
          at: day().describe('Day on which the job must run; one after the records end counts as their last.'),
          continuousMonths: z
            .int()
            .min(1)
            .max(240)
            .optional()
            .describe('Least number of full months up to that day for which jobs followed each other without a day between.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', since: 'date', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const insured = records.find(persons.subject);
            return insured ? { asOf, ...ruleOnEmployment(insured.employments, parameters, asOf) } : notFound;
          }),
      },
    },
  });
}
