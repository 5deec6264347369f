import { z } from 'zod';
import { claimTypeName, id, setId } from '../schema-parts.js';

const proofOrClaim = z.union([id, claimTypeName]);
const text = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'must be YYYY, YYYY-MM or YYYY-MM-DD');

/** `proofs.yaml`. */
export const proofsSchema = z.array(
  z.strictObject({
    id,
    title: text,
    issuer: text,
    proves: z.array(proofOrClaim),
    legalBasis: text.optional(),
    issuedOn: z.array(proofOrClaim).optional(),
    licence: id.optional(),
    coveredBy: z.array(id).optional(),
    promiseWouldDo: z.boolean().optional(),
    cannotInvestigate: z.boolean().optional(),
    withdrawn: z.strictObject({ by: text, on: date }).optional(),
    mayFollow: text.optional(),
  }),
);

/** `claim-relations.yaml`. */
export const relationsSchema = z.array(
  z.strictObject({
    claim: claimTypeName,
    stronger: z.record(z.string(), z.enum(['more', 'less', 'earlier', 'later', 'inside', 'around', 'set', 'unset', 'same'])).default({}),
    excludes: z.array(claimTypeName).optional(),
    oneRegion: z.boolean().optional(),
    issuedOn: z.array(proofOrClaim).optional(),
  }),
);

/** One file of `evidence/`. */
export const noticeSchema = z.strictObject({
  set: setId,
  before: z
    .strictObject({
      sources: z
        .array(
          z.strictObject({
            title: z.string().min(1),
            publisher: z.string().min(1),
            date,
            grade: z.enum(['primary', 'reprint', 'third-party']),
          }),
        )
        .min(1),
      proofs: z.array(z.strictObject({ proof: id, categories: z.array(id).min(1).optional() })).min(1),
    })
    .optional(),
  now: z
    .array(
      z.strictObject({
        proof: id,
        fact: id.optional(),
        categories: z.array(id).min(1).optional(),
        legalBasis: text.optional(),
        fallback: z.boolean().optional(),
        known: text.optional(),
        due: z.enum(['application', 'after-entry']).optional(),
      }),
    )
    .optional(),
});
