import { z } from 'zod';

const result = () => z.enum(['met', 'not_met', 'undetermined']);
const range = () => ({ least: z.number(), most: z.number().optional().meta({ description: 'Absent: any number' }) });

const lineSchema = z
  .object({
    code: z.enum([
      'as_wanted',
      'short',
      'refuted',
      'must_not_hold',
      'not_found',
      'ambiguous',
      'unavailable',
      'not_asked',
      'person_needed',
      'person_missing',
      'input_missing',
      'settled',
      'points',
      'one_of',
      'all_of',
      'some_of',
    ]),
    claim: z.int().optional().meta({ description: 'Index into `claims`' }),
    type: z.string().optional(),
    subject: z.string().optional(),
    fact: z.string().optional(),
    have: z.number().optional(),
    need: z.number().optional(),
    shortBy: z.number().optional(),
    from: z.string().optional().meta({ description: 'Day from which it would hold, if things go on as they are' }),
    by: z.string().optional().meta({ description: 'Day up to which the rule counts, when it is fixed' }),
    tooLate: z.boolean().optional().meta({ description: 'Whether `by` will have passed before it can hold' }),
    office: z.string().optional().meta({ description: 'Whom the family must see' }),
    holds: z.boolean().optional().meta({ description: 'Of what is settled without asking: whether it is as wanted' }),
    get parts() {
      return z.array(lineSchema).optional();
    },
    text: z.string(),
  })
  .meta({ id: 'ExplanationLine', description: 'One reason, for programs and for people' });

/** Why a category has its value. */
export const categoryReasonSchema = z.enum([
  'all_confirmed',
  'claim_refuted',
  'claim_unknown',
  'person_needed',
  'input_missing',
  'not_applicable',
]);

/** What a set makes of what was found, or stated: the members of an explanation. */
export const toldShape = {
  verdict: result(),
  reached: z.string().optional().meta({ description: 'Id of the first category that is met' }),
  possible: z.array(z.string()).meta({ description: 'Ids of the categories that may still be reached' }),
  needsPerson: z.boolean().meta({ description: 'Whether something is open that only a person can clear up: `open.look`, `open.facts`' }),
  points: z
    .object({ ...range(), items: z.array(z.object({ id: z.string(), title: z.string(), ...range() })) })
    .optional()
    .meta({ description: 'Of sets that count points: what they are known to lie in, together and of each item' }),
  ties: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        first: z.enum(['earliest', 'latest', 'most', 'least']).meta({ description: 'Who comes first' }),
        key: z.union([z.string(), z.number()]).optional().meta({ description: 'Absent while it is not known' }),
      }),
    )
    .optional()
    .meta({ description: 'Of sets with tie-breakers: the keys that order equals, in their order' }),
  text: z.string(),
  assumption: z.string().optional().meta({ description: 'What every `from` takes for granted' }),
  categories: z
    .array(
      z.object({
        id: z.string(),
        title: z.string().optional(),
        result: result(),
        reason: categoryReasonSchema,
        from: z.string().optional().meta({ description: 'Day from which it would be met, if things go on as they are' }),
        claims: z.array(z.int()).meta({ description: 'Indexes into `claims` that decided it, or leave it open' }),
        lines: z.array(lineSchema),
        text: z.string(),
      }),
    )
    .meta({ description: 'In order of priority' }),
  open: z
    .object({
      ask: z.array(z.int()).meta({ description: 'Claims that nobody has asked' }),
      wait: z.array(z.int()).meta({ description: 'Claims that are `unavailable`' }),
      look: z.array(z.int()).meta({ description: 'Claims that only a person can clear up: not found, or ambiguous' }),
      facts: z.array(z.object({ id: z.string(), title: z.string().optional(), office: z.string().optional() })),
      missing: z.array(z.string()).meta({ description: 'Inputs and people that are not stated' }),
    })
    .meta({ description: 'What is open and can still change the outcome; indexes into `claims`' }),
  notNeeded: z.array(z.int()).meta({ description: 'Indexes of claims that were not asked and can change nothing any more' }),
};

/** The explanation of a verification. */
export const explanationSchema = z
  .object({
    language: z.enum(['zh-CN', 'en']),
    entryYear: z.int(),
    applicationDate: z.string().meta({ format: 'date' }),
    ...toldShape,
  })
  .meta({
    id: 'Explanation',
    description:
      'What the requirement set makes of the outcomes, category by category, in words of `accept-language` (`zh-CN` unless said, or `en`) and for programs; by the version of the catalogue that decided. Worked out at each reading: no part of the answer’s digest',
  });
