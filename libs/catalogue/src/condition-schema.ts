import { isDay } from '@vouch/identity';
import type { Condition, DateValue } from '@vouch/rules';
import { z } from 'zod';
import { claimTypeName, id, region, role } from './schema-parts.js';
import { isPerson, isSubject } from './subjects.js';

/** A text in both languages. */
export const title = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
/** A calendar day. */
export const day = z.string().refine(isDay, 'must be a day, YYYY-MM-DD').meta({ format: 'date' });

/** What may stand beside any rule. */
export const notes = {
  id: id.optional(),
  title: title.optional(),
  source: id.optional().meta({ description: 'Id of the source that it was read from; the first one unless said' }),
  legalBasis: title.optional().meta({ description: 'Why it may be asked' }),
  reading: title.optional().meta({ description: 'How an open text was read' }),
};

const expression = z.strictObject({
  monthDay: z
    .string()
    .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be MM-DD')
    .optional()
    .meta({ description: 'In the year of entry' }),
  input: z.enum(['applicationDate', 'childBirthDate']).optional(),
  of: id.optional().meta({ description: 'One of the set’s dates' }),
  byEntryYear: z.record(z.string().regex(/^\d{4}$/, 'must be a year'), day).optional(),
  years: z.int().min(-30).max(30).optional(),
  months: z.int().min(-600).max(600).optional(),
  days: z.int().min(-3660).max(3660).optional(),
  endOfMonth: z.boolean().optional(),
});

/** A day `YYYY-MM-DD`, the name of one of the set's dates, or how it is worked out. */
export const date: z.ZodType<DateValue> = z
  .union([z.string().refine((text) => !/^\d{4}-/.test(text) || isDay(text), 'must be a day, YYYY-MM-DD, or a name'), expression])
  .meta({ description: 'A day, the name of one of the set’s dates, or how it is worked out' });

/** Region codes, or the name of one of the set's regions. */
export const regionsValue = z.union([id, z.array(region).min(1)]);

const parameter = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])),
  z.strictObject({ input: z.literal('addressCode') }),
  z.strictObject({ date }),
  z.strictObject({ month: date }),
  z.strictObject({ regions: id }),
  z.strictObject({ atLeast: z.number() }).meta({ description: '≥' }),
  z.strictObject({ moreThan: z.number() }).meta({ description: '>' }),
]);

const subject = z
  .string()
  .refine(
    isSubject,
    'must be a subject key: child, guardian, guardian2, grandparent1…4, sibling1…9; or anyGuardian, bothGuardians, anyGrandparent, family, them',
  );
const person = z.string().refine(isPerson, 'must be a subject key, with ? when it may be left out; or them');
const people = z.union([z.enum(['guardians', 'grandparents', 'siblings', 'family']), z.array(person).min(1)]);

/** One question to an agency. */
export const claimCondition = z
  .strictObject({
    ...notes,
    type: claimTypeName,
    version: z.int().min(1),
    subject,
    with: z.record(role, person).optional(),
    parameters: z.record(z.string(), parameter).default({}),
    asking: z.enum(['fastest', 'least']).optional(),
  })
  .meta({ description: 'One question to an agency' });

const nested: z.ZodType<Condition> = z.lazy(() => condition);
const several = z.array(nested).min(1).max(30);

/** What a county may require. */
export const condition: z.ZodType<Condition> = z
  .union([
    claimCondition,
    z.strictObject({ ...notes, allOf: several }),
    z.strictObject({ ...notes, anyOf: several }),
    z.strictObject({ ...notes, ladder: several }).meta({ description: 'Proofs of one fact, the best first' }),
    z.strictObject({ ...notes, atLeast: z.strictObject({ count: z.int().min(1), of: several }) }),
    z.strictObject({ ...notes, not: nested }),
    z.strictObject({ ...notes, some: z.strictObject({ of: people, holds: nested }) }),
    z.strictObject({ ...notes, every: z.strictObject({ of: people, holds: nested }) }),
    z.strictObject({ ...notes, use: id }).meta({ description: 'One of the set’s conditions' }),
    z.strictObject({ ...notes, stated: id }).meta({ description: 'One of the set’s facts' }),
    z.strictObject({ ...notes, addressWithin: regionsValue }),
    z.strictObject({ ...notes, dayBetween: z.strictObject({ day: date, from: date.optional(), to: date.optional() }) }),
    z.strictObject({ ...notes, forEntryYears: z.strictObject({ years: z.array(z.int()).min(1), holds: nested }) }),
    z.strictObject({
      ...notes,
      enoughPoints: z.strictObject({ of: z.array(id).min(1).optional(), atLeast: z.number().optional(), moreThan: z.number().optional() }),
    }),
  ])
  .meta({ description: 'What a county may require' });
