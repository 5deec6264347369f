import { type Adapter, day, defineAdapter, type Finding, fault, regionOrAddressCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnAge } from './domain/age.js';
import { ruleOnGuardianship } from './domain/guardianship.js';
import { ruleOnRegistration, ruleOnSinceBirth } from './domain/household.js';
import { AMONG, KINSHIPS, ruleOnBirthTogether, ruleOnKinship, ruleOnOnlyChild } from './domain/kin.js';
import { ruleOnPermit } from './domain/residence-permit.js';
import { ruleOnSharing } from './domain/shared-book.js';
import type { PoliceRecords } from './records.js';

const fullMonths = () => z.int().min(1).max(240).optional();

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
          region: regionOrAddressCode().describe(
            'Region in whose household register the subject must be, or the beginning of the address code of the book.',
          ),
          since: day()
            .optional()
            .describe('Registered there on or before this day and without a break since; moves inside the region are none.'),
          at: day().optional().describe("Day on which it must be so; the records' last when left out, or when later."),
          continuousMonths: fullMonths().describe('Least number of full months, without a break, up to that day.'),
          withGuardian: z.boolean().default(false).describe('Whether it must be the book of the person named as guardian.'),
          excludeCollective: z.boolean().default(false).describe('Whether a collective household counts for nothing.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        involves: { guardian: 'optional' },
        discloses: { since: 'date', months: 'integer', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            if (parameters.withGuardian && !persons.guardian) return fault('person_missing');
            const resident = records.find(persons.subject);
            const guardian = parameters.withGuardian && persons.guardian ? records.find(persons.guardian) : undefined;
            if (!resident || (parameters.withGuardian && !guardian)) return notFound;
            return { asOf, ...ruleOnRegistration(resident.household, parameters, asOf, guardian?.household) };
          }),
      },
      'registered-since-birth': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe(
            'Region, or the beginning of an address code, where the subject must be registered ever since.',
          ),
          withinMonths: z.int().min(1).max(240).optional().describe('First registered at most so many months after birth.'),
          unmoved: z.boolean().default(false).describe('Whether it must be one book; else moves inside the region are no breaks.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const resident = records.find(persons.subject);
            return resident ? { asOf, ...ruleOnSinceBirth(resident.household, resident.birthDate, parameters, asOf) } : notFound;
          }),
      },
      'same-book': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode()
            .optional()
            .describe('Region of the book, or the beginning of its address code; anywhere when left out.'),
          at: day().optional().describe("Day on which both must be on one family's book; the records' last when left out, or when later."),
          continuousMonths: fullMonths().describe('Least number of full months for which they were, moves made together included.'),
          sinceBirth: z.boolean().default(false).describe('Whether they must have been ever since the subject was first registered.'),
        }),
        routing: { combine: 'any' },
        involves: { relative: 'required' },
        discloses: { since: 'date', months: 'integer', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const [resident, relative] = [records.find(persons.subject), records.find(persons.relative)];
            if (!resident || !relative) return notFound;
            const at = parameters.at !== undefined && parameters.at < asOf ? parameters.at : asOf;
            return { asOf, ...ruleOnSharing(resident.household, relative.household, { ...parameters, at }, asOf) };
          }),
      },
      'kin-of': {
        version: 1,
        parameters: z.strictObject({
          as: z
            .enum(KINSHIPS)
            .describe('What the subject must be to the relative, by birth; `through` names the parent who links a grandchild.'),
        }),
        routing: { combine: 'any' },
        involves: { relative: 'required', through: 'optional' },
        discloses: {},
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const [resident, relative] = [records.find(persons.subject), records.find(persons.relative)];
            if (!resident || !relative || (persons.through && !records.find(persons.through))) return notFound;
            return { asOf, ...ruleOnKinship(resident, relative, parameters.as, resident.parentsOnRecord(), persons.through?.idNumber) };
          }),
      },
      'born-together': {
        version: 1,
        parameters: z.strictObject({}).describe('Whether subject and relative are twins, triplets and so on.'),
        routing: { combine: 'any' },
        involves: { relative: 'required' },
        discloses: {},
        check: (batch) =>
          batch.map(({ persons }) => {
            const [resident, relative] = [records.find(persons.subject), records.find(persons.relative)];
            return resident && relative ? { asOf, ...ruleOnBirthTogether(resident, relative) } : notFound;
          }),
      },
      'only-child': {
        version: 1,
        parameters: z.strictObject({
          among: z.enum(AMONG).default('children').describe("Among which of the parents' children the subject must be the only one."),
        }),
        routing: { combine: 'any' },
        discloses: {},
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const resident = records.find(persons.subject);
            return resident ? { asOf, ...ruleOnOnlyChild(resident, parameters.among) } : notFound;
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
          region: regionOrAddressCode().describe('Region that issued the permit, or the beginning of the address code on it.'),
          validAt: day().describe('Day on which it must be valid.'),
          continuousMonths: fullMonths().describe('Least number of full months, up to validAt.'),
          consecutive: z.boolean().default(true).describe('Whether only months without a break count; else periods add up.'),
          fromApplication: z.boolean().default(false).describe('Whether the time from the application to the issue counts, too.'),
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
