import { z } from 'zod';
import { toldShape } from './explanation-schemas.js';

const text = () => z.object({ 'zh-CN': z.string(), en: z.string() });
const day = () => z.string().meta({ format: 'date' });

const summary = z.object({
  id: z
    .string()
    .meta({ description: '`<region>/<stage>/<year of entry>`: the end of its address, written as it is', example: '370102/primary/2026' }),
  title: text(),
  region: z.string(),
  stage: z.string(),
  purpose: z.string(),
  entryYears: z.array(z.int()).meta({ description: 'Years of entry that it binds' }),
  validity: z
    .object({ from: day().optional(), until: day().optional() })
    .optional()
    .meta({ description: 'Days of application, inclusive' }),
  announcedOn: day().optional(),
  predecessor: z.string().optional().meta({ description: 'Id of the set that it follows' }),
  whatIfOnly: z.boolean().meta({ description: 'No provider serves its region: it can be tried on stated facts only' }),
});
const catalogueVersion = z.string().meta({ description: 'Version of the catalogue that says so: 32 hex digits, a hash of what it says' });
const requirementSetSummarySchema = summary.meta({ id: 'RequirementSetSummary', description: 'A requirement set, in short' });

/** Which requirement sets there are. */
export const requirementSetsSchema = z
  .object({ catalogueVersion, requirementSets: z.array(requirementSetSummarySchema) })
  .meta({ id: 'RequirementSets', description: 'Requirement sets, in short' });

/** Which of them. */
export const requirementSetsQuerySchema = z.strictObject({
  region: z
    .string()
    .regex(/^\d{2}(?:\d{2}(?:\d{2})?)?$/)
    .optional()
    .meta({ description: 'Those of this region and of regions within it, GB/T 2260', example: '3701' }),
  purpose: z.string().min(1).max(100).optional(),
  entryYear: z.coerce.number().int().min(2000).max(2100).optional().meta({ description: 'Those that bind this year of entry' }),
});

/** Two sets to compare. */
export const differenceQuerySchema = z.strictObject({
  from: z.string().min(1).max(200).meta({ description: 'Id of the one set', example: '440307/primary/2017' }),
  to: z.string().min(1).max(200).meta({ description: 'Id of the other', example: '440307/primary/2021' }),
  fromCatalogue: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .meta({
      description: 'Version of the catalogue that `from` is taken out of, one that was in effect here; the one in effect unless said',
    }),
});

/** The parts of a set's id. */
export const setParamsSchema = z.object({
  region: z.string().meta({ example: '370102' }),
  stage: z.string().meta({ example: 'primary' }),
  year: z.string().meta({ example: '2026' }),
});

/** A set, whole. */
export const requirementSetSchema = summary
  .extend({
    catalogueVersion,
    sources: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          publisher: z.string(),
          date: z.string(),
          grade: z.enum(['primary', 'reprint', 'third-party']),
        }),
      )
      .meta({ description: 'Where it was read; all but `primary` are second-hand' }),
    requires: z.array(z.string()).meta({ description: 'What every category requires, in words' }),
    categories: z
      .array(z.object({ id: z.string(), title: text(), whenFull: z.string().optional(), text: z.string() }))
      .meta({ description: 'In order of priority; `text` in words' }),
    facts: z
      .array(z.object({ id: z.string(), title: text(), office: text() }))
      .meta({ description: 'What no agency certifies: a person looks' }),
    rules: z
      .record(z.string(), z.unknown())
      .meta({ description: 'The rules as data, with what they inherit, as in the catalogue’s files' }),
  })
  .meta({ id: 'RequirementSet', description: 'A county’s rules' });

/** How one set differs from another. */
export const differenceSchema = z
  .object({
    catalogueVersion,
    fromCatalogue: z.string().optional(),
    from: z.string(),
    to: z.string(),
    differences: z.array(
      z.object({
        code: z.string(),
        at: z.string().meta({ description: 'Id of the category, or of what else it is about' }),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'RequirementSetDifference', description: 'How one set differs from another, in words' });

/** What a set makes of stated facts. */
export const whatIfSchema = z
  .object({
    requirementSet: z.string(),
    catalogueVersion,
    entryYear: z.int(),
    applicationDate: day(),
    notInForce: z
      .enum(['other_entry_year', 'not_yet', 'no_longer'])
      .optional()
      .meta({ description: 'Why the set would not hold for such an application; absent when it does' }),
    ...toldShape,
    claims: z
      .array(
        z.object({
          type: z.string(),
          version: z.int(),
          subject: z.string(),
          with: z.record(z.string(), z.string()),
          parameters: z.record(z.string(), z.unknown()),
          title: z.string(),
          outcome: z.enum(['confirmed', 'refuted', 'not_found', 'ambiguous', 'unavailable', 'not_asked']),
          disclosures: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
        }),
      )
      .meta({ description: 'All that the set would ask; `not_asked`: not stated' }),
  })
  .meta({ id: 'WhatIf', description: 'What a requirement set makes of stated facts' });
