import { type Adapter, day, defineAdapter, type Finding, type Person, regionCode, regionOrAddressCode } from '@vouch/adapter-sdk';
import { z } from 'zod';
import { ruleOnHandOver } from './domain/hand-over.js';
import { LEASE_KINDS, ruleOnLease } from './domain/lease.js';
import { ruleOnNoHome } from './domain/no-home.js';
import { ruleOnOwnership } from './domain/ownership.js';
import { ruleOnPresale } from './domain/presale.js';
import { ruleOnResettlement } from './domain/resettlement.js';
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
            .describe(
              'Least share in one home, percent, of the subject and the co-owners together. More than half is not 51: see moreThanShare.',
            ),
          moreThanShare: z.int().min(0).max(99).optional().describe('Share in one home, percent, that they must hold more than.'),
          firstOwnerDecides: z
            .boolean()
            .default(false)
            .describe("Whether a title without percentages counts as its first owner's; else nobody can tell the share."),
          restWithOthers: z
            .boolean()
            .default(false)
            .describe('Whether nobody may hold the rest but those named otherOwner, otherOwner2 and so on.'),
          registeredBefore: day().optional().describe('Title registered on or before this day.'),
          at: day().optional().describe("Day on which it must be owned; the records' last when left out, or when later."),
          ownedMonths: z.int().min(1).max(600).optional().describe('Least number of full months since the registration, up to that day.'),
          residentialOnly: z.boolean().default(true).describe('Whether garages, shops and commercial flats count for nothing.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        involves: {
          coOwner: 'optional',
          coOwner2: 'optional',
          coOwner3: 'optional',
          coOwner4: 'optional',
          otherOwner: 'optional',
          otherOwner2: 'optional',
          otherOwner3: 'optional',
          otherOwner4: 'optional',
        },
        discloses: { since: 'date', months: 'integer', earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const named = (...people: (Person | undefined)[]) => people.filter((person) => person !== undefined);
            const coOwners = named(persons.coOwner, persons.coOwner2, persons.coOwner3, persons.coOwner4);
            const others = named(persons.otherOwner, persons.otherOwner2, persons.otherOwner3, persons.otherOwner4);
            const file = records.find(persons.subject);
            if (!file || [...coOwners, ...others].some((person) => !records.find(person))) return notFound;
            const numbers = (people: readonly Person[]) => people.map(({ idNumber }) => idNumber);
            const holders = { subject: persons.subject.idNumber, coOwners: numbers(coOwners), others: numbers(others) };
            return { asOf, ...ruleOnOwnership(file, holders, parameters, asOf) };
          }),
      },
      'presale-contract': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the home that is being built, or the beginning of its address code.'),
          filedBefore: day().describe('Contract net-signed and on file on or before this day.'),
          preNoticeBefore: day().optional().describe('Pre-notice registered on or before this day, too.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const file = records.find(persons.subject);
            return file ? { asOf, ...ruleOnPresale(file.presales, parameters) } : notFound;
          }),
      },
      'handed-over': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of a home that is owned or bought, or the beginning of its address code.'),
          handedOverBefore: day().describe('Handed over on or before this day.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const file = records.find(persons.subject);
            return file ? { asOf, ...ruleOnHandOver(file, parameters, asOf) } : notFound;
          }),
      },
      'resettlement-agreement': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the home, or the beginning of its address code.'),
          home: z.enum(['old', 'new']).default('old').describe('Whether the home that is pulled down lies there, or the promised one.'),
          signedBefore: day().optional().describe('Signed on or before this day.'),
        }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { since: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const file = records.find(persons.subject);
            return file ? { asOf, ...ruleOnResettlement(file.resettlements, parameters) } : notFound;
          }),
      },
      'registered-lease': {
        version: 1,
        parameters: z.strictObject({
          region: regionOrAddressCode().describe('Region of the rented home, or the beginning of its address code; public rentals count.'),
          registeredBefore: day().optional().describe('Only leases on file on or before this day count.'),
          coversDate: day().describe('Day on which a lease must run.'),
          minimumMonths: z.int().min(1).max(240).optional().describe('Least number of full months, without a break, up to coversDate.'),
          kind: z.enum(LEASE_KINDS).default('any').describe('Which leases count: those on file, public rentals, or both.'),
          fromRegistration: z
            .boolean()
            .default(false)
            .describe('Whether a lease counts from its registration rather than from the first day of its term.'),
          sameAddress: z.boolean().default(false).describe('Whether the months must be at one address.'),
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
          noneTransferredMonths: z
            .int()
            .min(1)
            .max(240)
            .optional()
            .describe('Full months up to `at` in which none was sold or given away, either.'),
          at: day().optional().describe("Day on which it must be so; the records' last when left out, or when later."),
        }),
        routing: { regionParameter: 'region', combine: 'all' },
        discloses: { earliestIfUnchanged: 'date' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            const file = records.find(persons.subject);
            return file ? { asOf, ...ruleOnNoHome(file, { ...parameters, regions: [parameters.region].flat() }, asOf) } : notFound;
          }),
      },
    },
  });
}
