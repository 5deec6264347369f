import { z } from 'zod';

const causeSchema = z.object({
  set: z.enum(['before', 'after']),
  category: z.string(),
  only: z.literal(true).optional(),
  type: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  changed: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).optional(),
  fact: z.string().optional(),
});

/** What the comparing process says. */
export const messageSchema = z.union([
  z.object({ done: z.int() }),
  z.object({ failure: z.string() }),
  z.object({
    compared: z.object({
      families: z.int(),
      applicationDate: z.string(),
      places: z.array(z.object({ place: z.string(), before: z.int(), after: z.int() })),
      moves: z.array(z.object({ from: z.string(), to: z.string(), because: causeSchema.optional(), families: z.int() })),
    }),
  }),
]);

/** What came of a comparison: families by category (or `not_met`, `undetermined`) of either set, and those that moved, with the rule that did it. */
export type Compared = Extract<z.infer<typeof messageSchema>, { compared: unknown }>['compared'];

/** One kind of move. */
export type Move = Compared['moves'][number];
