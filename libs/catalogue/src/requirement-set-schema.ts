import type { RequirementSet } from '@vouch/rules';
import { z } from 'zod';
import { claimCondition, condition, date, day, notes, title } from './condition-schema.js';
import { id, region, setId } from './schema-parts.js';

const fact = z
  .strictObject({
    id,
    title,
    office: title.meta({ description: 'Whom a family must see' }),
    wanted: z.string().optional().meta({ description: 'Name that a claim type would have that gave it' }),
  })
  .meta({ description: 'A fact that no claim type gives: a person looks, or the platform states it' });

const source = z.strictObject({
  id,
  title: z.string().min(1).meta({ description: 'As published' }),
  publisher: z.string().min(1),
  date: z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'must be YYYY, YYYY-MM or YYYY-MM-DD'),
  grade: z.enum(['primary', 'reprint', 'third-party']).meta({ description: 'primary: the bureau’s own page; all others are second-hand' }),
});

const measure = z.strictObject({
  claim: claimCondition,
  disclosure: z.string().meta({ description: 'Disclosure of the claim type: a number, or a day from which full months are counted' }),
  until: date.optional().meta({ description: 'Day up to which months are counted, when a day is disclosed' }),
});

const months = z.number().nonnegative();
const pointsItem = z.strictObject({
  ...notes,
  id,
  title,
  fixed: z.strictObject({ when: condition, points: z.number() }).optional().meta({ description: 'So many points when something holds' }),
  measured: z
    .strictObject({
      measure,
      perMonth: z.number().positive().optional(),
      after: months.optional().meta({ description: 'Months that earn nothing' }),
      mostMonths: months.optional().meta({ description: 'Months that count at most, of each person' }),
      steps: z
        .array(z.strictObject({ from: months, points: z.number() }))
        .min(1)
        .optional(),
      over: z.enum(['sum', 'most']).optional().meta({ description: 'Of several guardians: added, or the one who has most' }),
    })
    .optional(),
  mostPoints: z.number().positive().optional(),
});

const category = z.strictObject({
  ...notes,
  id,
  title,
  when: condition,
  basePoints: z.number().optional(),
  whenFull: z
    .enum(['ranked', 'ties', 'lottery', 'pool', 'next-batch'])
    .optional()
    .meta({ description: 'What becomes of those for whom there is no seat' }),
});

const exception = z.strictObject({
  ...notes,
  id,
  title,
  when: condition,
  admits: id.optional().meta({ description: 'Category that it lets in' }),
  waives: z.array(id).min(1).optional().meta({ description: 'Ids of conditions that it waives' }),
  places: z.enum(['one-draw', 'with-sibling']).optional(),
});

const lock = z.strictObject({
  ...notes,
  id,
  title,
  per: z.enum(['dwelling', 'family']),
  years: z.int().min(1).max(12),
  when: condition.meta({ description: 'What bars: that a seat was given in that time' }),
  exempt: condition.optional(),
  bars: z.array(id).min(1).optional().meta({ description: 'Categories that it bars; all unless said' }),
});

const tie = z.strictObject({ ...notes, id, title, measure, first: z.enum(['earliest', 'latest', 'most', 'least']) });

/** One file of `requirement-sets/`; what it means is said in `@vouch/rules`. */
export const requirementSetSchema: z.ZodType<RequirementSet> = z
  .strictObject({
    ...notes,
    id: setId,
    title,
    region,
    purpose: id,
    extends: setId.optional().meta({ description: 'Set of a region around this one whose rules hold where this one says nothing' }),
    abstract: z.boolean().optional().meta({ description: 'Only for others to extend' }),
    whatIfOnly: z.boolean().optional().meta({ description: 'No provider serves its region' }),
    entryYears: z.array(z.int().min(2000).max(2100)).min(1).optional(),
    validity: z.strictObject({ from: day.optional(), until: day.optional() }).optional(),
    announcedOn: day.optional(),
    predecessor: setId.optional(),
    sources: z.array(source).optional(),
    asking: z.enum(['fastest', 'least']).optional(),
    decides: z.enum(['category', 'verdict']).optional(),
    dates: z.record(id, date).optional(),
    regions: z.record(id, z.array(region).min(1)).optional(),
    conditions: z.record(id, condition).optional(),
    facts: z.array(fact).optional(),
    age: z.strictObject({ ...notes, years: z.int().min(0).max(30), on: date }).optional(),
    requires: z.array(condition).optional(),
    categories: z.array(category).max(30).optional(),
    points: z
      .strictObject({
        ...notes,
        items: z.array(pointsItem),
        vetoes: z.array(condition).optional(),
        mostPoints: z.number().positive().optional(),
      })
      .optional(),
    ties: z.array(tie).optional(),
    exceptions: z.array(exception).optional(),
    locks: z.array(lock).optional(),
  })
  .meta({ title: 'Requirement set', description: 'A county’s enrolment rules as data' });

/** The JSON Schema (draft 2020-12) of a requirement set's file, for editors. */
export const requirementSetJsonSchema = (): Record<string, unknown> =>
  z.toJSONSchema(requirementSetSchema, { io: 'input', unrepresentable: 'any', reused: 'ref' });
