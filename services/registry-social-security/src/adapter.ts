import { type Adapter, day, defineAdapter, type Finding, monthOrDay, regionCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnEmployment } from './domain/employment.js';
import { ruleOnInsurance, SCHEMES } from './domain/insurance.js';
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
          scheme: z.enum(SCHEMES).describe('Insurance scheme.'),
          region: regionCode().optional().describe('Region in which the months are insured; anywhere when left out.'),
          atLeast: z.int().min(1).max(600).describe('Least number of months.'),
          endingAt: monthOrDay().describe('Last month that counts; one that is not closed yet counts as the last closed one (see asOf).'),
          consecutive: z.boolean().default(true).describe('Whether only months without a break back from endingAt count.'),
          countBackPayments: z.boolean().default(false).describe('Whether a month that was paid late counts.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { months: 'integer', shortBy: 'integer', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const insured = records.find(persons.subject);
            return insured ? { asOf, ...ruleOnInsurance(insured.months, parameters, asOf) } : notFound;
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
