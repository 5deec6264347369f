import { isSubjectKey } from '@vouch/catalogue';
import { isDay } from '@vouch/identity';
import { z } from 'zod';

/** Most claims that may be stated at once. */
export const MOST_STATED = 200;

const day = () => z.string().refine(isDay).meta({ format: 'date' });
const subjectKey = () =>
  z
    .string()
    .refine(isSubjectKey)
    .meta({ description: 'Key of a subject: `child`, `guardian`, `guardian2`, `grandparent1`, `sibling1`, …' });

const statedClaimSchema = z
  .strictObject({
    type: z.string().min(1).max(100).meta({ description: "Claim type's name", example: 'social-security.insured-months' }),
    version: z.int().min(1).max(65535).optional().meta({ description: 'The newest unless said' }),
    subject: subjectKey(),
    with: z.record(z.string().min(1).max(64), subjectKey()).optional().meta({ description: 'Further persons by role; any unless said' }),
    parameters: z
      .record(z.string().min(1).max(64), z.unknown())
      .optional()
      .meta({ description: 'Only claims of the set with these values are meant; any unless said' }),
    outcome: z
      .enum(['confirmed', 'refuted', 'not_found', 'ambiguous', 'unavailable'])
      .optional()
      .meta({ description: 'Told by `disclosures.months` where the set asks for a number of months, unless said' }),
    disclosures: z
      .record(z.string().min(1).max(64), z.union([z.string().max(64), z.number(), z.boolean()]))
      .optional()
      .meta({ description: 'As the claim type declares them: `months`, `earliestIfUnchanged`' }),
  })
  .meta({ id: 'StatedClaim', description: 'What is taken to have come of a claim; it stands for every claim of the set that it fits' });

/** What somebody states of a family, invented or not, to see what a requirement set makes of it. Names and ID numbers have no place in it. */
export const statedFactsSchema = z
  .strictObject({
    entryYear: z.int().min(2000).max(2100).optional().meta({ description: "Year of entry; the set's first unless said" }),
    applicationDate: day()
      .optional()
      .meta({ description: 'Day of the application; today (Asia/Shanghai) unless said', example: '2026-08-31' }),
    addressCode: z
      .string()
      .regex(/^\d{6,18}$/)
      .optional()
      .meta({ description: 'Address code that the application is for, or the beginning of one' }),
    childBirthDate: day().optional(),
    people: z
      .array(subjectKey())
      .min(1)
      .max(20)
      .optional()
      .meta({ description: 'Whom the application would name; `child` and `guardian` unless said' }),
    facts: z
      .record(z.string().min(1).max(64), z.boolean())
      .optional()
      .meta({ description: "The set's facts that a person has seen, by id" }),
    claims: z.array(statedClaimSchema).max(MOST_STATED).optional(),
  })
  .meta({ id: 'StatedFacts', description: 'What is taken to be so; what is not stated is open' });

/** Stated facts, read. */
export type StatedFacts = z.infer<typeof statedFactsSchema>;
