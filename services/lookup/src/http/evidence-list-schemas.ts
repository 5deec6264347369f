import { z } from 'zod';

const text = z.object({ 'zh-CN': z.string(), en: z.string() });
const source = z.object({
  title: z.string().meta({ description: 'As published' }),
  publisher: z.string(),
  date: z.string().meta({ description: 'YYYY, YYYY-MM or YYYY-MM-DD' }),
  grade: z.enum(['primary', 'reprint', 'third-party']).meta({ description: 'primary: the bureau’s own text; all others are second-hand' }),
});

const supplier = z.discriminatedUnion('by', [
  z.object({ by: z.literal('data'), claim: z.string().meta({ description: 'Claim type' }), office: text }),
  z.object({ by: z.literal('family'), paper: text, issuer: text }),
  z.object({ by: z.literal('person'), office: text.meta({ description: 'Who looks' }) }),
]);

const need = z
  .object({
    text,
    why: text.optional().meta({ description: 'Legal basis; absent: nothing says why' }),
    suppliers: z.array(supplier),
    get oneOf() {
      return z.array(need).meta({ description: 'Any of these is enough; empty when there is no choice' });
    },
  })
  .meta({ id: 'EvidenceNeed' });

const list = z.object({
  set: z.string().meta({ description: 'Id of the requirement set' }),
  title: text,
  region: z.string(),
  entryYears: z.array(z.int()),
  legalBasis: text.optional(),
  sources: z.array(source.extend({ id: z.string() })),
  counts: z.object({
    before: z.int().optional().meta({ description: 'Papers that families brought before; absent: no list from before is known' }),
    now: z.int().meta({ description: 'Papers that they bring still' }),
    data: z.int().meta({ description: 'Claim types that the data answers' }),
    looked: z.int().meta({ description: 'Facts that somebody looks at, and nobody brings a paper for' }),
  }),
  categories: z.array(z.object({ id: z.string(), title: text, needs: z.array(need) })).meta({ description: 'In order of priority' }),
  before: z
    .object({
      sources: z.array(source),
      papers: z.array(
        z.object({
          title: text,
          issuer: text,
          fate: z
            .enum(['data', 'asked', 'fallback', 'dropped'])
            .meta({ description: 'Supplied by data; asked still; only where the data says nothing; asked of nobody any more' }),
          suppliedBy: z.array(text),
        }),
      ),
    })
    .optional(),
  now: z.array(
    z.object({
      title: text,
      issuer: text,
      why: text.optional(),
      fallback: z.boolean().meta({ description: 'Only of families of whom the data says nothing' }),
      due: z.enum(['application', 'after-entry']),
    }),
  ),
});

/** A region's evidence lists. */
export const evidenceListsSchema = z.object({ region: z.string(), lists: z.array(list) }).meta({ id: 'EvidenceLists' });
